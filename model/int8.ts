// int8 networks on the laptop, equal to a board's in every bit: the evaluator of QUANTISATION.md.

import { indexOfGreatest } from './metrics';

/** In the order of their codes. A softmax layer is `linear` here. */
export const int8Activations = ['linear', 'relu', 'sigmoid', 'tanh'] as const;
export type Int8Activation = (typeof int8Activations)[number];

export interface Int8Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: Int8Activation;
  readonly preShift: number;
  readonly postShift: number;
  readonly zero: number;
  /** [outputs] */
  readonly bias: Int32Array;
  /** [outputs], 1…255 */
  readonly multiplier: Uint8Array;
  /** [outputs × inputs], w + 128. */
  readonly weights: Uint8Array;
}

export interface Int8Network {
  /** A scaled input x enters as 128 + x / inputScale. */
  readonly inputScale: number;
  readonly layers: readonly Int8Layer[];
  /** A score u stands for outputScale · (u − outputZero). */
  readonly outputScale: number;
  readonly outputZero: number;
}

export interface Int8Result {
  readonly class: number;
  readonly scores: Uint8Array;
}

export const clampToByte = (y: number): number => (y < 0 ? 0 : y > 255 ? 255 : y);

export const sigmoidTable = Uint8Array.from({ length: 256 }, (_, u) =>
  Math.min(255, Math.floor(256 / (1 + Math.exp(-(u - 128) / 16)) + 0.5)),
);
export const tanhTable = Uint8Array.from(
  { length: 256 },
  (_, u) => 128 + Math.floor(127 * Math.tanh((u - 128) / 32) + 0.5),
);

const noTable = Uint8Array.from({ length: 256 }, (_, u) => u);
const tables: Record<Int8Activation, Uint8Array> = {
  linear: noTable,
  relu: noTable,
  sigmoid: sigmoidTable,
  tanh: tanhTable,
};

/** From activations to the result. */
export function runLayers(layers: readonly Int8Layer[], activations: Uint8Array): Int8Result {
  let a = activations;
  for (const layer of layers) a = runLayer(layer, a);
  return { class: a.length === 1 ? Number((a[0] as number) >= 128) : indexOfGreatest(a), scores: a };
}

function runLayer(layer: Int8Layer, a: Uint8Array): Uint8Array {
  const { inputs, outputs, preShift, postShift, zero, bias, multiplier, weights } = layer;
  const table = tables[layer.activation];
  const half = 1 << (postShift - 1);
  const y = new Uint8Array(outputs);
  for (let j = 0; j < outputs; j++) {
    let acc = bias[j] as number;
    for (let i = 0; i < inputs; i++) acc += ((weights[j * inputs + i] as number) - 128) * (a[i] as number);
    const t = acc >> preShift;
    const u = clampToByte(zero + ((t * (multiplier[j] as number) + half) >> postShift));
    y[j] = table[u] as number;
  }
  return y;
}

/** Without a board: x is one row of scaled inputs. */
export function runScaled(network: Int8Network, x: ArrayLike<number>): Int8Result {
  const a = new Uint8Array(x.length);
  for (let i = 0; i < a.length; i++) a[i] = clampToByte(128 + Math.floor((x[i] as number) / network.inputScale + 0.5));
  return runLayers(network.layers, a);
}

/** What score bytes stand for: the last layer's outputs (before softmax, where there is one). */
export const dequantise = (network: Int8Network, scores: Uint8Array): Float64Array =>
  Float64Array.from(scores, (u) => network.outputScale * (u - network.outputZero));
