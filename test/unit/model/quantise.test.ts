import { describe, expect, test } from 'vitest';
import { dequantise, runScaled, type Int8Network } from '../../../model/int8';
import {
  createNetwork,
  createWorkspace,
  forward,
  outputsOf,
  type Activation,
  type HiddenActivation,
  type Network,
} from '../../../model/mlp';
import { quantile, quantise } from '../../../model/quantise';
import { Random } from '../../../model/random';

const normals = (count: number, seed: number): Float64Array => {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => random.normal());
};

function example(widths: number[], hidden: HiddenActivation, output: Activation, seed = 1) {
  const network = createNetwork(widths, hidden, output, new Random(seed));
  network.layers.forEach(({ bias }, l) => bias.set(normals(bias.length, seed + l).map((v) => 0.2 * v)));
  const rows = 500;
  const x = normals(rows * (widths[0] ?? 1), 77);
  return { network, rows, x, int8: quantise(network, x, rows) };
}

/** The image format's ranges, which the maker has to keep. */
function expectWithinFormat({ layers }: Int8Network): void {
  for (const { inputs, outputs, preShift, postShift, bias, multiplier, weights } of layers) {
    expect(preShift).toBeGreaterThanOrEqual(0);
    expect(preShift).toBeLessThanOrEqual(15);
    expect(postShift).toBeGreaterThanOrEqual(1);
    expect(postShift).toBeLessThanOrEqual(23);
    for (let j = 0; j < outputs; j++) {
      const w = [...weights.subarray(j * inputs, (j + 1) * inputs)].map((stored) => stored - 128);
      expect(Math.min(...w)).toBeGreaterThanOrEqual(-127);
      expect(multiplier[j]).toBeGreaterThanOrEqual(16);
      expect(Math.abs(bias[j] ?? NaN)).toBeLessThanOrEqual(2 ** 22);
      const least = (bias[j] ?? NaN) + 255 * w.reduce((a, b) => a + Math.min(0, b), 0);
      const most = (bias[j] ?? NaN) + 255 * w.reduce((a, b) => a + Math.max(0, b), 0);
      expect(Math.floor(least / 2 ** preShift)).toBeGreaterThanOrEqual(-32768);
      expect(Math.floor(most / 2 ** preShift)).toBeLessThanOrEqual(32767);
    }
  }
}

describe('quantisation', () => {
  test.each<[HiddenActivation, Activation]>([
    ['relu', 'softmax'],
    ['tanh', 'softmax'],
    ['sigmoid', 'sigmoid'],
    ['linear', 'linear'],
    ['relu', 'tanh'],
  ])('hidden %s, output %s: keeps the format and answers as the float network does', (hidden, output) => {
    const { network, rows, x, int8 } = example([6, 12, 8, 4], hidden, output);
    expectWithinFormat(int8);
    // before softmax, which int8 leaves out
    const sums: Network = {
      layers: network.layers.map((l) => (l.activation === 'softmax' ? { ...l, activation: 'linear' } : l)),
    };
    const wanted = outputsOf(sums, x, rows);
    const spread = Math.max(...wanted) - Math.min(...wanted);
    let squares = 0;
    for (let r = 0; r < rows; r++) {
      const found = dequantise(int8, runScaled(int8, x.subarray(r * 6, (r + 1) * 6)).scores);
      found.forEach((v, o) => (squares += (v - (wanted[r * 4 + o] ?? NaN)) ** 2));
    }
    expect(Math.sqrt(squares / (rows * 4)) / spread).toBeLessThan(0.015);
  });

  test("a neuron's multiplier and shifts stand exactly for the ratio of its scales", () => {
    // One neuron of relu: what its byte says times its scale must follow the weights the bytes stand for, to half a step.
    const { network, x, rows, int8 } = example([3, 1, 2], 'relu', 'linear', 4);
    const layer = int8.layers[0];
    const float = network.layers[0];
    if (layer === undefined || float === undefined) throw new Error('no layer');
    const workspace = createWorkspace(network, rows);
    forward(network, x, rows, workspace);
    const outputScale = quantile(workspace.activations[0] ?? new Float64Array(0), 0.9995) / 255;
    const ratio = (layer.multiplier[0] ?? 0) / 2 ** (layer.preShift + layer.postShift);
    const weightScale = (ratio * outputScale) / int8.inputScale;
    float.weights.forEach((w, i) => {
      const stands = ((layer.weights[i] ?? 0) - 128) * weightScale;
      expect(Math.abs(stands - w)).toBeLessThanOrEqual(weightScale / 2 + 1e-12);
    });
    // the scale is at most one multiplier step above the finest
    const finest = Math.max(...float.weights.map(Math.abs)) / 127;
    expect(weightScale / finest).toBeGreaterThanOrEqual(1);
    expect(weightScale / finest).toBeLessThan(1 + 1 / ((layer.multiplier[0] ?? 0) - 1) + 1e-9);
  });

  test('uses the multiplier up to its byte', () => {
    for (const { multiplier } of example([6, 16, 4], 'relu', 'softmax').int8.layers) {
      expect(Math.max(...multiplier)).toBeGreaterThan(127);
    }
  });

  test('keeps the format with dead neurons, dead layers, tiny weights and large biases', () => {
    const { network, rows, x } = example([4, 6, 3], 'relu', 'softmax');
    const [first, second] = network.layers;
    if (first === undefined || second === undefined) throw new Error('no layers');
    first.weights.fill(0, 0, 4); // a neuron without weights
    first.bias[0] = 3;
    first.weights.fill(1e-9, 4, 8); // and one with next to none
    first.bias[1] = 40;
    expectWithinFormat(quantise(network, x, rows));
    first.weights.fill(0);
    first.bias.fill(-1); // nothing ever fires
    const dead = quantise(network, x, rows);
    expectWithinFormat(dead);
    const answer = dequantise(dead, runScaled(dead, x.subarray(0, 4)).scores);
    second.bias.forEach((b, o) => expect(answer[o]).toBeCloseTo(b, 1));
  });

  test('refuses weights of sizes that no scales can hold', () => {
    const { network, rows, x } = example([2, 2], 'relu', 'sigmoid');
    network.layers[0]?.weights.fill(1e9);
    expect(() => quantise(network, x, rows)).toThrow(
      expect.objectContaining({ code: 'notQuantisable', place: { path: 'layers[0]' } }),
    );
  });

  test('takes networks wider than a board does', () => {
    const { network, rows, x, int8 } = example([200, 64, 5], 'relu', 'softmax');
    const wanted = outputsOf(network, x, rows);
    let same = 0;
    for (let r = 0; r < rows; r++) {
      const row = wanted.subarray(r * 5, (r + 1) * 5);
      same += Number(runScaled(int8, x.subarray(r * 200, (r + 1) * 200)).class === row.indexOf(Math.max(...row)));
    }
    expect(same / rows).toBeGreaterThan(0.95);
  });

  test('a quantile is the least value that the share does not exceed', () => {
    const values = Float64Array.of(5, 1, 4, 2, 3);
    expect([0, 0.2, 0.21, 0.5, 0.9995, 1].map((share) => quantile(values, share))).toEqual([1, 1, 2, 3, 5, 5]);
  });
});
