// The multilayer perceptron in plain float64 arrays: the reference, written to be read. Shapes are in the comments; forward and backward
// stand beside each other. Indices come from the loops' own bounds, hence the `as number`.

import type { Random } from './random';

export const hiddenActivations = ['relu', 'tanh', 'sigmoid', 'linear'] as const;
export const activations = [...hiddenActivations, 'softmax'] as const;
export type HiddenActivation = (typeof hiddenActivations)[number];
/** softmax only as the last one. */
export type Activation = (typeof activations)[number];

export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: Activation;
  /** [outputs × inputs], one neuron's weights after another's. */
  readonly weights: Float64Array;
  /** [outputs] */
  readonly bias: Float64Array;
}

export interface Network {
  readonly layers: readonly Layer[];
}

/** Room for one batch: of each layer its activations and what the loss says about its sums. */
export interface Workspace {
  readonly maxRows: number;
  /** Of each layer [maxRows × outputs]. */
  readonly activations: readonly Float64Array[];
  /** Of each layer [maxRows × outputs]: ∂loss/∂z. */
  readonly deltas: readonly Float64Array[];
}

/** Of each layer the derivatives of the loss, shaped like its weights and bias. */
export interface Gradients {
  readonly layers: readonly { readonly weights: Float64Array; readonly bias: Float64Array }[];
}

/**
 * Random weights, biases 0. `widths`: inputs, hidden…, outputs.
 * Before relu normal with variance 2 / inputs (He et al. 2015), else uniform within ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010).
 */
export function createNetwork(
  widths: readonly number[],
  hidden: HiddenActivation,
  output: Activation,
  random: Random,
): Network {
  const layers: Layer[] = [];
  for (let l = 1; l < widths.length; l++) {
    const inputs = widths[l - 1] as number;
    const outputs = widths[l] as number;
    const activation = l === widths.length - 1 ? output : hidden;
    const he = Math.sqrt(2 / inputs);
    const glorot = Math.sqrt(6 / (inputs + outputs));
    const weights = new Float64Array(inputs * outputs);
    for (let i = 0; i < weights.length; i++) {
      weights[i] = activation === 'relu' ? he * random.normal() : glorot * (2 * random.uniform() - 1);
    }
    layers.push({ inputs, outputs, activation, weights, bias: new Float64Array(outputs) });
  }
  return { layers };
}

export function createWorkspace(network: Network, maxRows: number): Workspace {
  const room = (): Float64Array[] => network.layers.map((layer) => new Float64Array(maxRows * layer.outputs));
  return { maxRows, activations: room(), deltas: room() };
}

export function createGradients(network: Network): Gradients {
  return {
    layers: network.layers.map((layer) => ({
      weights: new Float64Array(layer.weights.length),
      bias: new Float64Array(layer.bias.length),
    })),
  };
}

/** x: [rows × inputs]. Fills the workspace; the last layer's activations [maxRows × outputs] are returned, the first `rows` of them valid. */
export function forward(network: Network, x: Float64Array, rows: number, workspace: Workspace): Float64Array {
  let a = x;
  network.layers.forEach((layer, l) => {
    const z = workspace.activations[l] as Float64Array;
    sumsOf(layer, a, rows, z);
    activate(layer.activation, z, rows, layer.outputs);
    a = z;
  });
  return a;
}

/** z[r,o] = bias[o] + Σ_i weights[o,i] · a[r,i] */
function sumsOf(layer: Layer, a: Float64Array, rows: number, z: Float64Array): void {
  const { inputs, outputs, weights, bias } = layer;
  for (let r = 0; r < rows; r++) {
    const row = r * inputs;
    for (let o = 0; o < outputs; o++) {
      const neuron = o * inputs;
      let sum = bias[o] as number;
      for (let i = 0; i < inputs; i++) sum += (weights[neuron + i] as number) * (a[row + i] as number);
      z[r * outputs + o] = sum;
    }
  }
}

/**
 * Expects ∂loss/∂z of the last layer in its deltas (loss.ts puts them there) and the activations of `forward` on the same rows.
 * weightSlopes[o,i] = Σ_r δ[r,o] · a[r,i];  biasSlopes[o] = Σ_r δ[r,o];
 * of the layer before: δ[r,i] = (Σ_o δ[r,o] · weights[o,i]) · f′(z[r,i])
 */
export function backward(
  network: Network,
  x: Float64Array,
  rows: number,
  workspace: Workspace,
  gradients: Gradients,
): void {
  for (let l = network.layers.length - 1; l >= 0; l--) {
    const { inputs, outputs, weights } = network.layers[l] as Layer;
    const before = network.layers[l - 1];
    const a = before === undefined ? x : (workspace.activations[l - 1] as Float64Array);
    const delta = workspace.deltas[l] as Float64Array;
    const deltaBefore = before === undefined ? undefined : workspace.deltas[l - 1];
    const { weights: weightSlopes, bias: biasSlopes } = gradients.layers[l] as Gradients['layers'][number];
    weightSlopes.fill(0);
    biasSlopes.fill(0);
    deltaBefore?.fill(0, 0, rows * inputs);
    for (let r = 0; r < rows; r++) {
      const row = r * inputs;
      for (let o = 0; o < outputs; o++) {
        const d = delta[r * outputs + o] as number;
        if (d === 0) continue; // a relu that was off
        const neuron = o * inputs;
        (biasSlopes[o] as number) += d;
        for (let i = 0; i < inputs; i++) (weightSlopes[neuron + i] as number) += d * (a[row + i] as number);
        if (deltaBefore === undefined) continue;
        for (let i = 0; i < inputs; i++) (deltaBefore[row + i] as number) += d * (weights[neuron + i] as number);
      }
    }
    if (before !== undefined && deltaBefore !== undefined) timesSlope(before.activation, a, deltaBefore, rows * inputs);
  }
}

/** In place, z becomes f(z). */
function activate(activation: Activation, z: Float64Array, rows: number, width: number): void {
  const count = rows * width;
  switch (activation) {
    case 'linear':
      return;
    case 'relu':
      for (let i = 0; i < count; i++) if ((z[i] as number) < 0) z[i] = 0;
      return;
    case 'sigmoid':
      for (let i = 0; i < count; i++) z[i] = 1 / (1 + Math.exp(-(z[i] as number)));
      return;
    case 'tanh':
      for (let i = 0; i < count; i++) z[i] = Math.tanh(z[i] as number);
      return;
    case 'softmax':
      for (let r = 0; r < rows; r++) softmax(z.subarray(r * width, (r + 1) * width));
  }
}

/** delta · f′(z), with f′ told by a = f(z). */
export function timesSlope(activation: Activation, a: Float64Array, delta: Float64Array, count: number): void {
  switch (activation) {
    case 'linear':
      return;
    case 'relu':
      for (let i = 0; i < count; i++) if (!((a[i] as number) > 0)) delta[i] = 0;
      return;
    case 'sigmoid':
      for (let i = 0; i < count; i++) (delta[i] as number) *= (a[i] as number) * (1 - (a[i] as number));
      return;
    case 'tanh':
      for (let i = 0; i < count; i++) (delta[i] as number) *= 1 - (a[i] as number) ** 2;
      return;
    case 'softmax':
      throw new Error('the slope of softmax is only known together with cross-entropy');
  }
}

/** In place: e^z / Σ e^z, with the greatest taken out first so that nothing overflows. */
export function softmax(z: Float64Array): void {
  let greatest = -Infinity;
  for (const v of z) if (v > greatest) greatest = v;
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += z[i] = Math.exp((z[i] as number) - greatest);
  for (let i = 0; i < z.length; i++) (z[i] as number) /= sum;
}

const chunkRows = 256;

/** The outputs [rows × outputs] for any number of rows, in chunks so that the room needed does not grow with them. */
export function outputsOf(network: Network, x: Float64Array, rows: number): Float64Array {
  const inputs = network.layers[0]?.inputs ?? 0;
  const width = network.layers.at(-1)?.outputs ?? 0;
  const workspace = createWorkspace(network, Math.min(rows, chunkRows));
  const outputs = new Float64Array(rows * width);
  for (let start = 0; start < rows; start += chunkRows) {
    const count = Math.min(chunkRows, rows - start);
    const y = forward(network, x.subarray(start * inputs, (start + count) * inputs), count, workspace);
    outputs.set(y.subarray(0, count * width), start * width);
  }
  return outputs;
}
