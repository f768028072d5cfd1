// Steps down the gradient: plain (SGD) and Adam (Kingma and Ba 2015, with its bias correction and default decay rates).

export const optimisers = ['adam', 'sgd'] as const;
export type OptimiserKind = (typeof optimisers)[number];

export interface Optimiser {
  /** Changes the parameters in place. The same arrays, in the same order, at every step. */
  step(parameters: readonly Float64Array[], gradients: readonly Float64Array[]): void;
}

export function createOptimiser(kind: OptimiserKind, learningRate: number): Optimiser {
  switch (kind) {
    case 'sgd':
      return new Sgd(learningRate);
    case 'adam':
      return new Adam(learningRate);
  }
}

class Sgd implements Optimiser {
  constructor(private readonly learningRate: number) {}

  step(parameters: readonly Float64Array[], gradients: readonly Float64Array[]): void {
    parameters.forEach((p, k) => {
      const g = gradients[k] as Float64Array;
      for (let i = 0; i < p.length; i++) (p[i] as number) -= this.learningRate * (g[i] as number);
    });
  }
}

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

class Adam implements Optimiser {
  #steps = 0;
  #means: Float64Array[] = [];
  #squares: Float64Array[] = [];

  constructor(private readonly learningRate: number) {}

  step(parameters: readonly Float64Array[], gradients: readonly Float64Array[]): void {
    if (this.#steps === 0) {
      this.#means = parameters.map((p) => new Float64Array(p.length));
      this.#squares = parameters.map((p) => new Float64Array(p.length));
    }
    this.#steps++;
    const meanScale = 1 / (1 - beta1 ** this.#steps);
    const squareScale = 1 / (1 - beta2 ** this.#steps);
    parameters.forEach((p, k) => {
      const g = gradients[k] as Float64Array;
      const m = this.#means[k] as Float64Array;
      const v = this.#squares[k] as Float64Array;
      for (let i = 0; i < p.length; i++) {
        const slope = g[i] as number;
        const mean = (m[i] = beta1 * (m[i] as number) + (1 - beta1) * slope);
        const square = (v[i] = beta2 * (v[i] as number) + (1 - beta2) * slope * slope);
        (p[i] as number) -= (this.learningRate * mean * meanScale) / (Math.sqrt(square * squareScale) + epsilon);
      }
    });
  }
}
