import { describe, expect, test } from 'vitest';
import { fitScaling, scaledRows, spreadOf } from '../../../model/preprocess';
import { references } from './references';

const everyRow = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);

describe('scaling', () => {
  const columns = references.scaling.columns.map((c) => Float64Array.from(c));
  const train = Int32Array.from(references.scaling.train);
  const spreads = columns.map((c) => spreadOf(c, train));

  test.each(['standardise', 'minmax'] as const)('%s is what scikit-learn fits on the training rows', (kind) => {
    const x = scaledRows(fitScaling(kind, spreads), columns, everyRow(30));
    references.scaling[kind].flat().forEach((value, i) => expect(x[i]).toBeCloseTo(value, 10));
  });

  test('none leaves values as they are', () => {
    const x = scaledRows(fitScaling('none', spreads), columns, Int32Array.of(3, 1));
    expect([...x]).toEqual([3, 1].flatMap((row) => columns.map((c) => c[row])));
  });

  test('knows nothing of rows that do not train', () => {
    const changed = columns.map((c) => c.map((v, row) => (train.includes(row) ? v : 1e9)));
    expect(changed.map((c) => spreadOf(c, train))).toEqual(spreads);
  });

  test.each(['standardise', 'minmax'] as const)(
    '%s moves a constant column to 0, whatever rounding makes of its mean',
    (kind) => {
      const column = new Float64Array(49).fill(0.1);
      const x = scaledRows(fitScaling(kind, [spreadOf(column, everyRow(49))]), [column], everyRow(49));
      expect(x.every((v) => v === 0)).toBe(true);
    },
  );
});
