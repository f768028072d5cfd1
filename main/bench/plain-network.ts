// A network as most people would first write it: arrays of arrays, plain loops, one row at a time. A peer to measure against, nothing else.
// The same mathematics as model/: relu, softmax with cross-entropy, Adam (Kingma and Ba 2015).

/** Of one layer: one row of weights for each neuron, and the biases. */
interface Rows {
  weights: number[][];
  bias: number[];
}

export interface PlainLayer extends Rows {
  relu: boolean;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

export class PlainNetwork {
  private steps = 0;
  private readonly slopes: Rows[];
  /** Of every row and bias, in the order of `flat`. */
  private readonly means: number[][];
  private readonly squares: number[][];

  constructor(readonly layers: readonly PlainLayer[]) {
    this.slopes = layers.map(({ weights, bias }) => ({ weights: weights.map(zeros), bias: zeros(bias) }));
    this.means = flat(layers).map(zeros);
    this.squares = flat(layers).map(zeros);
  }

  /** Scores by class. */
  predict(x: readonly number[]): readonly number[] {
    return this.activations(x).at(-1) ?? [];
  }

  /** One step of Adam on a batch. `y`: 1 at the class, 0 elsewhere. */
  step(x: readonly (readonly number[])[], y: readonly (readonly number[])[], learningRate: number): void {
    const parameters = flat(this.layers);
    const slopes = flat(this.slopes);
    for (const row of slopes) row.fill(0);
    for (let r = 0; r < x.length; r++) this.addSlopes(x[r] ?? [], y[r] ?? [], x.length);
    this.steps++;
    const shrink = Math.sqrt(1 - BETA2 ** this.steps);
    const rate = (learningRate * shrink) / (1 - BETA1 ** this.steps);
    parameters.forEach((row, k) =>
      adam(row, slopes[k] ?? [], this.means[k] ?? [], this.squares[k] ?? [], rate, EPSILON * shrink),
    );
  }

  /** Of the input and of each layer. */
  private activations(x: readonly number[]): (readonly number[])[] {
    const all = [x];
    for (const { weights, bias, relu } of this.layers) {
      const before = all.at(-1) ?? [];
      const z: number[] = [];
      for (let o = 0; o < weights.length; o++) {
        const row = weights[o] as number[];
        let sum = bias[o] as number;
        for (let i = 0; i < row.length; i++) sum += (row[i] as number) * (before[i] as number);
        z.push(relu && sum < 0 ? 0 : sum);
      }
      all.push(relu ? z : softmax(z));
    }
    return all;
  }

  private addSlopes(x: readonly number[], y: readonly number[], rows: number): void {
    const all = this.activations(x);
    let delta = (all.at(-1) ?? []).map((score, c) => (score - (y[c] as number)) / rows);
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const { weights } = this.layers[l] as PlainLayer;
      const slope = this.slopes[l] as Rows;
      const before = all[l] ?? [];
      for (let o = 0; o < delta.length; o++) {
        const row = slope.weights[o] as number[];
        for (let i = 0; i < before.length; i++) (row[i] as number) += (delta[o] as number) * (before[i] as number);
        (slope.bias[o] as number) += delta[o] as number;
      }
      if (l === 0) return;
      const deltaBefore: number[] = [];
      for (let i = 0; i < before.length; i++) {
        let sum = 0;
        for (let o = 0; o < delta.length; o++) sum += (delta[o] as number) * (weights[o]?.[i] as number);
        deltaBefore.push((before[i] as number) > 0 ? sum : 0);
      }
      delta = deltaBefore;
    }
  }
}

const flat = (layers: readonly Rows[]): number[][] => layers.flatMap(({ weights, bias }) => [...weights, bias]);

const zeros = (row: readonly number[]): number[] => row.map(() => 0);

function adam(p: number[], g: number[], m: number[], v: number[], rate: number, epsilon: number): void {
  for (let i = 0; i < p.length; i++) {
    const slope = g[i] as number;
    const mean = BETA1 * (m[i] as number) + (1 - BETA1) * slope;
    const square = BETA2 * (v[i] as number) + (1 - BETA2) * slope * slope;
    m[i] = mean;
    v[i] = square;
    (p[i] as number) -= (rate * mean) / (Math.sqrt(square) + epsilon);
  }
}

function softmax(z: readonly number[]): number[] {
  const greatest = Math.max(...z);
  const powers = z.map((v) => Math.exp(v - greatest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}
