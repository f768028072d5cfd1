// Makes an int8 network from a float one: "How the maker chooses scales" of QUANTISATION.md.

import { InputFault } from './fault';
import type { Int8Activation, Int8Layer, Int8Network } from './int8';
import { createWorkspace, forward, type Layer, type Network } from './mlp';

const mostCalibrationRows = 20_000;
const leastMultiplier = 16;
const mostPreShift = 15;
const mostPostShift = 23;
const reachLimit = 32_767;

/** What a byte stands for: scale · (byte − zero). */
interface Coding {
  readonly scale: number;
  readonly zero: number;
}

/**
 * x: [rows × inputs], scaled training rows. Any width; a board's limits are packImage's affair.
 * Throws InputFault `notQuantisable` when no scales within the format's limits exist.
 */
export function quantise(network: Network, x: Float64Array, rows: number): Int8Network {
  const width = network.layers[0]?.inputs ?? 0;
  const sample = evenly(x, rows, width, mostCalibrationRows);
  const count = sample.length / width;
  const inputScale = stepOf(quantile(sample.map(Math.abs), 0.9995) / 127);

  const linearised = network.layers.map((l) => ({
    ...l,
    activation: l.activation === 'softmax' ? ('linear' as const) : l.activation,
  }));
  const workspace = createWorkspace({ layers: linearised }, count);
  forward({ layers: linearised }, sample, count, workspace);

  let input: Coding = { scale: inputScale, zero: 128 };
  const layers = linearised.map((layer, l) => {
    const { sum, output } = codingsOf(layer.activation, workspace.activations[l] as Float64Array);
    const made = quantiseLayer(layer, layer.activation, input, sum, l);
    input = output;
    return made;
  });
  return { inputScale, layers, outputScale: input.scale, outputZero: input.zero };
}

/** How the byte u before the curve and the byte after it are read. */
function codingsOf(activation: Int8Activation, values: Float64Array): { sum: Coding; output: Coding } {
  switch (activation) {
    case 'sigmoid':
      return { sum: { scale: 1 / 16, zero: 128 }, output: { scale: 1 / 256, zero: 0 } };
    case 'tanh':
      return { sum: { scale: 1 / 32, zero: 128 }, output: { scale: 1 / 127, zero: 128 } };
    case 'relu': {
      const fitted = { scale: stepOf(quantile(values, 0.9995) / 255), zero: 0 };
      return { sum: fitted, output: fitted };
    }
    case 'linear': {
      const low = Math.min(0, quantile(values, 0.0005));
      const high = Math.max(0, quantile(values, 0.9995));
      const scale = stepOf((high - low) / 255);
      const fitted = { scale, zero: Math.round(-low / scale) };
      return { sum: fitted, output: fitted };
    }
  }
}

function quantiseLayer(layer: Layer, activation: Int8Activation, input: Coding, sum: Coding, index: number): Int8Layer {
  // The sum of both shifts, from the finest requantisation down to the first that keeps every limit.
  for (let shift = mostPreShift + mostPostShift; shift >= 1; shift--) {
    const made = layerAt(layer, activation, input, sum, shift);
    if (made !== undefined) return made;
  }
  const message = `Layer ${index + 1} cannot be written in int8: its weights or biases are too far apart in size.`;
  throw new InputFault('notQuantisable', message, { path: `layers[${index}]` });
}

function layerAt(
  layer: Layer,
  activation: Int8Activation,
  input: Coding,
  sum: Coding,
  shift: number,
): Int8Layer | undefined {
  const { inputs, outputs } = layer;
  const bias = new Int32Array(outputs);
  const multiplier = new Uint8Array(outputs);
  const weights = new Uint8Array(inputs * outputs);
  let reach = 0;
  for (let j = 0; j < outputs; j++) {
    const row = layer.weights.subarray(j * inputs, (j + 1) * inputs);
    const neuron = neuronAt(row, layer.bias[j] as number, input, sum, shift);
    if (neuron === undefined) return undefined;
    bias[j] = neuron.bias;
    multiplier[j] = neuron.multiplier;
    neuron.weights.forEach((w, i) => (weights[j * inputs + i] = w + 128));
    reach = Math.max(reach, neuron.reach);
  }
  let preShift = 0;
  while (reach >> preShift > reachLimit) preShift++;
  const postShift = shift - preShift;
  if (preShift > mostPreShift || postShift < 1 || postShift > mostPostShift) return undefined;
  return { inputs, outputs, activation, preShift, postShift, zero: sum.zero, bias, multiplier, weights };
}

interface Int8Neuron {
  readonly bias: number;
  readonly multiplier: number;
  readonly weights: number[];
  /** The greatest that its sum, or the complement of it (~sum) when negative, can be. */
  readonly reach: number;
}

/** The weights' scale follows from the multiplier, so that multiplier / 2^shift is exact. */
function neuronAt(
  weights: Float64Array,
  bias: number,
  input: Coding,
  sum: Coding,
  shift: number,
): Int8Neuron | undefined {
  const greatest = weights.reduce((m, w) => Math.max(m, Math.abs(w)), 0);
  const biasLimit = Math.max(2 ** 22, weights.length * 2 ** 15); // the format's up to 128 inputs; wider ones stay on the laptop
  let multiplier = Math.max(leastMultiplier, Math.ceil(((input.scale * greatest) / 127 / sum.scale) * 2 ** shift));
  for (; multiplier <= 255; multiplier++) {
    const scale = (multiplier * sum.scale) / 2 ** shift / input.scale;
    const w = Array.from(weights, (v) => Math.max(-127, Math.min(127, Math.round(v / scale))));
    const total = w.reduce((a, b) => a + b, 0);
    const folded = Math.round(bias / (input.scale * scale)) - input.zero * total;
    if (Math.abs(folded) > biasLimit) continue; // a large bias over small weights: coarser weights make it smaller
    const low = folded + 255 * w.reduce((a, b) => a + Math.min(b, 0), 0);
    const high = folded + 255 * w.reduce((a, b) => a + Math.max(b, 0), 0);
    return { bias: folded, multiplier, weights: w, reach: Math.max(high, -low - 1) };
  }
  return undefined;
}

/** The least of the sorted values that at least this share of them does not exceed. */
export function quantile(values: Float64Array, share: number): number {
  const sorted = values.slice().sort();
  const index = Math.max(0, Math.ceil(share * sorted.length) - 1);
  return sorted[index] ?? 0;
}

/** A range of nothing gets steps of 1: every value in it is 0. */
const stepOf = (step: number): number => (step > 0 ? step : 1);

function evenly(x: Float64Array, rows: number, width: number, most: number): Float64Array {
  if (rows <= most) return x.subarray(0, rows * width);
  const sample = new Float64Array(most * width);
  for (let r = 0; r < most; r++) {
    const from = Math.floor((r * rows) / most) * width;
    sample.set(x.subarray(from, from + width), r * width);
  }
  return sample;
}
