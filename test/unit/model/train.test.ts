import { describe, expect, test } from 'vitest';
import { createNetwork, outputsOf, type Network } from '../../../model/mlp';
import { lossOf } from '../../../model/loss';
import { Random } from '../../../model/random';
import {
  trainSteps,
  type EpochReport,
  type Samples,
  type TrainOutcome,
  type TrainSettings,
} from '../../../model/train';
import { references } from './references';

const usual: TrainSettings = {
  loss: 'crossEntropy',
  optimiser: 'adam',
  learningRate: 0.02,
  weightDecay: 0,
  batch: 16,
  epochs: 40,
  patience: 5,
};

/** Points in a plane, class by the sign of their product, a share of the labels wrong. */
function quadrants(rows: number, seed: number, wrong = 0): Samples {
  const random = new Random(seed);
  const x = Float64Array.from({ length: rows * 2 }, () => random.normal());
  const targets = new Float64Array(rows * 2);
  for (let r = 0; r < rows; r++) {
    const same = (x[r * 2] ?? 0) * (x[r * 2 + 1] ?? 0) > 0;
    targets[r * 2 + Number(same !== random.uniform() < wrong)] = 1;
  }
  return { rows, x, targets };
}

function run(
  network: Network,
  training: Samples,
  validation: Samples | undefined,
  settings: TrainSettings,
  stopAt = Infinity,
) {
  const steps = trainSteps(network, training, validation, settings, new Random(4));
  const reports: EpochReport[] = [];
  let step = steps.next();
  while (step.done !== true) {
    reports.push(step.value);
    step = steps.next(step.value.epoch >= stopAt ? 'stop' : undefined);
  }
  const outcome: TrainOutcome = step.value;
  return { reports, outcome };
}

const fresh = (): Network => createNetwork([2, 8, 2], 'relu', 'softmax', new Random(2));
const bytesOf = (network: Network): string => network.layers.map((l) => `${l.weights.join()};${l.bias.join()}`).join();

describe('training', () => {
  test.each(references.training)(
    '$activation, $optimiser, $loss: losses and weights are those of numpy',
    (reference) => {
      const { activation, optimiser, loss, learningRate, weightDecay, widths, x, targets, start, losses, end } =
        reference;
      const output = loss === 'crossEntropy' ? 'softmax' : 'linear';
      const network = createNetwork(widths, activation, output, new Random(1));
      network.layers.forEach((layer, l) => {
        layer.weights.set(start.weights[l] ?? []);
        layer.bias.set(start.bias[l] ?? []);
      });
      const samples = { rows: 40, x: Float64Array.from(x), targets: Float64Array.from(targets) };
      const settings = { loss, optimiser, learningRate, weightDecay, batch: 40, epochs: losses.length, patience: 1000 };
      const { reports } = run(network, samples, undefined, settings);
      reports.forEach(({ loss: found }, e) => expect(found).toBeCloseTo(losses[e] ?? NaN, 10));
      network.layers.forEach((layer, l) => {
        layer.weights.forEach((w, i) => expect(w).toBeCloseTo(end.weights[l]?.[i] ?? NaN, 9));
        layer.bias.forEach((b, i) => expect(b).toBeCloseTo(end.bias[l]?.[i] ?? NaN, 9));
      });
    },
  );

  test('learns what no straight line can separate', () => {
    const network = fresh();
    run(network, quadrants(400, 1), quadrants(100, 2), usual);
    const test = quadrants(300, 3);
    const answers = outputsOf(network, test.x, test.rows);
    let right = 0;
    for (let r = 0; r < test.rows; r++) {
      if ((answers[r * 2] ?? 0) > (answers[r * 2 + 1] ?? 0) === (test.targets[r * 2] === 1)) right++;
    }
    expect(right / test.rows).toBeGreaterThan(0.95);
  });

  test('stops when the validation loss finds no new least, and keeps the weights of the least', () => {
    const network = fresh();
    const validation = quadrants(100, 2, 0.3);
    const { reports, outcome } = run(network, quadrants(60, 1, 0.3), validation, {
      ...usual,
      epochs: 400,
      patience: 8,
    });
    const validationLosses = reports.map((r) => r.validationLoss ?? NaN);
    const least = Math.min(...validationLosses);
    expect(outcome).toEqual({
      epochs: reports.length,
      bestEpoch: validationLosses.indexOf(least) + 1,
      ended: 'patience',
    });
    expect(outcome.epochs).toBe(outcome.bestEpoch + 8);
    const kept = outputsOf(network, validation.x, validation.rows);
    expect(lossOf('crossEntropy', kept, validation.targets, validation.rows, 2)).toBe(least);
  });

  test('ends after the epoch in which it is told to', () => {
    const { reports, outcome } = run(fresh(), quadrants(100, 1), undefined, usual, 3);
    expect(reports).toHaveLength(3);
    expect(outcome).toEqual({ epochs: 3, bestEpoch: 3, ended: 'stopped' });
  });

  test('that runs away ends and keeps finite weights', () => {
    const network = createNetwork([2, 8, 2], 'linear', 'linear', new Random(2));
    const settings = { ...usual, loss: 'mse', optimiser: 'sgd', learningRate: 10, epochs: 200 } as const;
    const { outcome } = run(network, quadrants(200, 1), quadrants(50, 2), settings);
    expect(outcome.ended).toBe('diverged');
    expect(network.layers.every((l) => l.weights.every(Number.isFinite))).toBe(true);
  });

  test('gives the same weights for the same seed, others for another', () => {
    const [one, two, other] = [fresh(), fresh(), createNetwork([2, 8, 2], 'relu', 'softmax', new Random(3))];
    for (const network of [one, two, other]) run(network, quadrants(150, 1), quadrants(50, 2), usual);
    expect(bytesOf(one)).toBe(bytesOf(two));
    expect(bytesOf(one)).not.toBe(bytesOf(other));
  });

  test('meets every row once an epoch, also when the last batch is short', () => {
    // With a rate that changes nothing, the epoch's loss is the mean over all rows.
    const samples = quadrants(37, 8, 0.2);
    const network = fresh();
    const { reports } = run(network, samples, samples, {
      ...usual,
      learningRate: 1e-300,
      batch: 16,
      epochs: 3,
      patience: 9,
    });
    for (const { loss, validationLoss } of reports) expect(loss).toBeCloseTo(validationLoss ?? NaN, 12);
  });
});
