import { describe, expect, test } from 'vitest';
import { Random } from '../../../model/random';
import { references } from './references';

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('random numbers', () => {
  test.each(references.sfc32)('from seed $seed are those of sfc32', ({ seed, values }) => {
    const random = new Random(seed);
    expect(values.map(() => random.uint32())).toEqual(values);
  });

  test('refuse a seed that is not an integer from 0 to 2^53 - 1', () => {
    for (const seed of [-1, 0.5, NaN, 2 ** 53]) expect(() => new Random(seed)).toThrow(RangeError);
  });

  test('that are normal have the moments of the normal distribution', () => {
    const random = new Random(3);
    const values = Array.from({ length: 20_000 }, () => random.normal());
    const moment = (n: number): number => mean(values.map((v) => v ** n));
    expect(Math.abs(moment(1))).toBeLessThan(0.03);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.04);
    expect(Math.abs(moment(3))).toBeLessThan(0.1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.3);
  });

  test('shuffle into every order about equally often', () => {
    const random = new Random(9);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.shuffle(Int32Array.of(0, 1, 2)).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210']);
    // χ² with 5 degrees of freedom exceeds 20.5 once in a thousand
    expect([...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(20.5);
  });
});
