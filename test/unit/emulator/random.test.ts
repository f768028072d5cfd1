import { expect, test } from 'vitest';
import { Random, Wander } from '../../../device/emulator/random';

const moments = (values: readonly number[]): { mean: number; deviation: number } => {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length) };
};

test('the same seed gives the same sequence, another seed another', () => {
  const draw = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 100 }, () => random.uint32());
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1).filter((x, i) => x === draw(2)[i])).toEqual([]);
});

test('uniform numbers fill [0, 1) evenly', () => {
  const random = new Random(3);
  const bins = new Array<number>(16).fill(0);
  for (let i = 0; i < 160_000; i++) {
    const bin = Math.floor(random.uniform() * 16);
    bins[bin] = (bins[bin] ?? NaN) + 1;
  }
  // Chi-squared with 15 degrees of freedom: below 37.7 in 99.9 %.
  expect(bins.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0)).toBeLessThan(37.7);
});

test('Gaussians have mean 0, deviation 1 and the right tails', () => {
  const random = new Random(4);
  const values = Array.from({ length: 200_000 }, () => random.gaussian());
  const { mean, deviation } = moments(values);
  expect(Math.abs(mean)).toBeLessThan(0.01);
  expect(Math.abs(deviation - 1)).toBeLessThan(0.01);
  expect(values.filter((x) => Math.abs(x) > 2).length / values.length).toBeCloseTo(0.0455, 2);
});

test('a wander keeps its spread and forgets with its time constant, whatever the step', () => {
  for (const step of [0.1, 1]) {
    const wander = new Wander(new Random(6), 10, 2, 4);
    const lag = Math.round(4 / step);
    const values = Array.from({ length: 200_000 }, () => wander.step(step));
    const { mean, deviation } = moments(values);
    const together = moments(values.slice(lag).map((x, i) => (x - mean) * ((values[i] ?? NaN) - mean))).mean;
    expect(mean).toBeCloseTo(10, 0);
    expect(deviation).toBeCloseTo(2, 0);
    expect(together / deviation ** 2).toBeCloseTo(Math.exp(-1), 1);
  }
});
