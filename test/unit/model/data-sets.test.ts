import { describe, expect, test } from 'vitest';
import type { ClassMetrics } from '../../../model/metrics';
import { writeModel } from '../../../model/model-file';
import { evaluate } from '../../../model/report';
import type { FitSettings } from '../../../model/settings';
import type { Table } from '../../../model/table';
import { breastCancer, digits, occupancy, sharedDataMissing, whyMissing } from './shared-data';
import { fitted } from './tables';

const points = (share: number): number => 100 * share;

/** Accuracy on the rows held back, and how int8 does on the whole table (one row of few held back says little). */
function figures(table: Table, settings: Partial<FitSettings>) {
  const { model, report } = fitted(table, settings);
  const { metrics, int8 } = evaluate(model, table, { int8: true });
  return {
    accuracy: (report.metrics as ClassMetrics).accuracy,
    sameClass: int8?.sameClass ?? NaN,
    drop: points((metrics as ClassMetrics).accuracy - (int8?.metrics as ClassMetrics).accuracy),
  };
}

describe.skipIf(sharedDataMissing)(`recorded data${whyMissing}`, () => {
  test.each([1, 2])('digits with 32 hidden, seed %i: at least 0.95 held back, int8 alike', (seed) => {
    const { accuracy, sameClass, drop } = figures(digits(), { hidden: [32], seed });
    expect(accuracy).toBeGreaterThanOrEqual(0.95);
    expect(sameClass).toBeGreaterThanOrEqual(0.99);
    expect(drop).toBeLessThanOrEqual(0.5);
  });

  test.each([1, 2, 3])('breast cancer with 16 hidden, seed %i: at least 0.95 held back, int8 alike', (seed) => {
    const { accuracy, sameClass, drop } = figures(breastCancer(), { hidden: [16], seed });
    expect(accuracy).toBeGreaterThanOrEqual(0.95);
    expect(sameClass).toBeGreaterThanOrEqual(0.99);
    expect(drop).toBeLessThanOrEqual(0.5);
  });

  test.each([1, 2, 3])(
    'occupancy with 16 hidden, seed %i: at least 0.94 on the days of the other file, int8 alike',
    (seed) => {
      const { model, report } = fitted(occupancy('datatraining.txt'), { hidden: [16], seed });
      const { rows, metrics, int8 } = evaluate(model, occupancy('datatest.txt'), { int8: true });
      const { accuracy } = metrics as ClassMetrics;
      expect(report.split.by).toBe('time');
      expect(rows).toBe(2665);
      expect(accuracy).toBeGreaterThanOrEqual(0.94);
      expect(int8?.sameClass).toBeGreaterThanOrEqual(0.99);
      expect(points(accuracy - (int8?.metrics as ClassMetrics).accuracy)).toBeLessThanOrEqual(0.5);
    },
  );

  test('the same data and seed give the same bytes', () => {
    const bytes = (): string => writeModel(fitted(breastCancer(), { seed: 7 }).model);
    expect(bytes()).toBe(bytes());
  });
});
