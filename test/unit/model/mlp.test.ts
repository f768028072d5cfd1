import { describe, expect, test } from 'vitest';
import { lossDelta, lossOf, losses, type Loss } from '../../../model/loss';
import {
  backward,
  createGradients,
  createNetwork,
  createWorkspace,
  forward,
  hiddenActivations,
  outputsOf,
  softmax,
  type Activation,
  type Network,
} from '../../../model/mlp';
import { createOptimiser } from '../../../model/optimiser';
import { Random } from '../../../model/random';

function lossAndGradients(network: Network, loss: Loss, x: Float64Array, targets: Float64Array, rows: number) {
  const workspace = createWorkspace(network, rows);
  const gradients = createGradients(network);
  const last = network.layers.at(-1);
  const delta = workspace.deltas.at(-1);
  if (last === undefined || delta === undefined) throw new Error('no layers');
  const outputs = forward(network, x, rows, workspace);
  lossDelta(loss, last.activation, outputs, targets, delta, rows, last.outputs);
  backward(network, x, rows, workspace, gradients);
  return { loss: lossOf(loss, outputs, targets, rows, last.outputs), workspace, gradients };
}

describe('the textbook example (two inputs, one hidden neuron, sigmoid twice, no bias)', () => {
  const network: Network = {
    layers: [
      { inputs: 2, outputs: 1, activation: 'sigmoid', weights: Float64Array.of(1, 1), bias: Float64Array.of(0) },
      { inputs: 1, outputs: 1, activation: 'sigmoid', weights: Float64Array.of(1), bias: Float64Array.of(0) },
    ],
  };
  const x = Float64Array.of(0.5, 0.6);
  const y = Float64Array.of(1);
  const first = lossAndGradients(network, 'mse', x, y, 1);

  test('forward: activations and loss', () => {
    expect(first.workspace.activations[0]?.[0]).toBeCloseTo(0.7502601056, 9);
    expect(first.workspace.activations[1]?.[0]).toBeCloseTo(0.6792353722, 9);
    expect(first.loss).toBeCloseTo(0.0514449732, 9);
  });

  test('backward: deltas and gradients', () => {
    expect(first.workspace.deltas[1]?.[0]).toBeCloseTo(-0.0698864911, 9);
    expect(first.workspace.deltas[0]?.[0]).toBeCloseTo(-0.0130946234, 9);
    expect(first.gradients.layers[0]?.weights[0]).toBeCloseTo(-0.0065473117, 9);
    expect(first.gradients.layers[0]?.weights[1]).toBeCloseTo(-0.007856774, 9);
    expect(first.gradients.layers[1]?.weights[0]).toBeCloseTo(-0.0524330462, 9);
  });

  test('one step of 0.1 raises the weights and lowers the loss', () => {
    const weights = network.layers.map((l) => l.weights);
    const slopes = first.gradients.layers.map((l) => l.weights);
    createOptimiser('sgd', 0.1).step(weights, slopes);
    expect(weights[0]?.[0]).toBeCloseTo(1.0006547312, 9);
    expect(weights[0]?.[1]).toBeCloseTo(1.0007856774, 9);
    expect(weights[1]?.[0]).toBeCloseTo(1.0052433046, 9);
    expect(lossAndGradients(network, 'mse', x, y, 1).loss).toBeCloseTo(0.051160143, 9);
  });
});

describe('back-propagation against finite differences', () => {
  const outputs: Record<Loss, readonly Activation[]> = {
    mse: ['linear', 'sigmoid', 'tanh', 'relu'],
    crossEntropy: ['softmax'],
  };
  const cases = hiddenActivations.flatMap((hidden) =>
    losses.flatMap((loss) => outputs[loss].map((output) => ({ hidden, loss, output }))),
  );

  test.each(cases)('hidden $hidden, output $output, loss $loss', ({ hidden, loss, output }) => {
    const random = new Random(11);
    const rows = 7;
    const network = createNetwork([3, 5, 4, 3], hidden, output, random);
    for (const { bias } of network.layers) bias.forEach((_, i) => (bias[i] = 0.3 * random.normal()));
    const x = Float64Array.from({ length: rows * 3 }, () => random.normal());
    const targets = new Float64Array(rows * 3);
    for (let r = 0; r < rows; r++) {
      if (loss === 'crossEntropy') targets[r * 3 + random.below(3)] = 1;
      else for (let o = 0; o < 3; o++) targets[r * 3 + o] = random.normal();
    }
    const { gradients } = lossAndGradients(network, loss, x, targets, rows);
    const step = 1e-6;
    let greatest = 0;
    network.layers.forEach((layer, l) => {
      for (const part of ['weights', 'bias'] as const) {
        const parameters = layer[part];
        parameters.forEach((kept, i) => {
          const lossAt = (value: number): number => {
            parameters[i] = value;
            const answer = lossOf(loss, outputsOf(network, x, rows), targets, rows, 3);
            parameters[i] = kept;
            return answer;
          };
          const slope = (lossAt(kept + step) - lossAt(kept - step)) / (2 * step);
          greatest = Math.max(greatest, Math.abs(slope));
          expect(gradients.layers[l]?.[part][i]).toBeCloseTo(slope, 7);
        });
      }
    });
    expect(greatest).toBeGreaterThan(0.01);
  });
});

describe('the network', () => {
  test('softmax adds up to 1 and does not overflow', () => {
    const z = Float64Array.of(1000, 999, -1000);
    softmax(z);
    expect([...z]).toEqual([expect.closeTo(Math.E / (1 + Math.E), 12), expect.closeTo(1 / (1 + Math.E), 12), 0]);
  });

  test('answers any number of rows as it answers one', () => {
    const random = new Random(5);
    const network = createNetwork([2, 6, 3], 'tanh', 'softmax', random);
    const rows = 600;
    const x = Float64Array.from({ length: rows * 2 }, () => random.normal());
    const all = outputsOf(network, x, rows);
    for (const row of [0, 255, 256, 599]) {
      expect(outputsOf(network, x.subarray(row * 2, row * 2 + 2), 1)).toEqual(all.slice(row * 3, row * 3 + 3));
    }
  });

  test('starts with the variance of He before relu and of Glorot before the others', () => {
    const variance = (values: Float64Array): number => values.reduce((sum, v) => sum + v * v, 0) / values.length;
    const relu = createNetwork([100, 200, 50], 'relu', 'softmax', new Random(1)).layers;
    expect(variance(relu[0]?.weights ?? new Float64Array(1)) * 50).toBeCloseTo(1, 1); // 2 / 100
    expect(variance(relu[1]?.weights ?? new Float64Array(1)) * 125).toBeCloseTo(1, 1); // 2 / (200 + 50)
    const tanh = createNetwork([100, 200, 50], 'tanh', 'linear', new Random(1)).layers;
    expect(variance(tanh[0]?.weights ?? new Float64Array(1)) * 150).toBeCloseTo(1, 1); // 2 / (100 + 200)
    expect(tanh.every((l) => l.bias.every((b) => b === 0))).toBe(true);
  });
});
