// The peer must do the same work, or its time says nothing.
import { expect, test } from 'vitest';
import { trainSettings } from '../../../main/bench/mlp';
import { networkOf, plainOf, rowsOf, samplesOf } from '../../../main/bench/networks';
import { outputsOf } from '../../../model/mlp';
import { Random } from '../../../model/random';
import { trainSteps } from '../../../model/train';

const WIDTHS = [6, 16, 5, 4];

test('plain JavaScript answers as the model does', () => {
  const network = networkOf(WIDTHS);
  const plain = plainOf(network);
  const { x, rows } = samplesOf(WIDTHS, 20);
  const answers = rowsOf(x, 6).flatMap((row) => [...plain.predict(row)]);
  const expected = outputsOf(network, x, rows);
  answers.forEach((score, i) => expect(score).toBeCloseTo(expected[i] ?? NaN, 12));
  expect(answers).toHaveLength(expected.length);
});

test('plain JavaScript learns the same in the same steps', () => {
  const network = networkOf(WIDTHS);
  const plain = plainOf(network);
  const samples = samplesOf(WIDTHS, 32);
  const steps = trainSteps(network, samples, undefined, trainSettings, new Random(1));
  const before = network.layers.map(({ weights }) => weights.slice());
  for (let step = 0; step < 5; step++) {
    steps.next();
    plain.step(rowsOf(samples.x, 6), rowsOf(samples.targets, 4), trainSettings.learningRate);
  }
  network.layers.forEach(({ weights, bias }, l) => {
    expect(weights).not.toEqual(before[l]);
    const learnt = [...(plain.layers[l]?.weights.flat() ?? []), ...(plain.layers[l]?.bias ?? [])];
    [...weights, ...bias].forEach((value, i) => expect(learnt[i]).toBeCloseTo(value, 9));
  });
});
