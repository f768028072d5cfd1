import { describe, expect, test } from 'vitest';
import { classBaseline, classMetrics, indexOfGreatest, valueBaseline, valueMetrics } from '../../../model/metrics';
import { references } from './references';

describe('metrics', () => {
  test.each(references.classMetrics)('of $classes classes are those of scikit-learn', (reference) => {
    const { classes, truth, answered, scores, ...expected } = reference;
    const found = classMetrics(Int32Array.from(truth), Int32Array.from(answered), Float64Array.from(scores), classes);
    expect(found.confusion).toEqual(expected.confusion);
    for (const name of ['accuracy', 'balancedAccuracy', 'macroF1', 'logLoss'] as const) {
      expect(found[name]).toBeCloseTo(expected[name], 12);
    }
  });

  test.each(references.valueMetrics)('of values are those of scikit-learn', ({ truth, answered, ...expected }) => {
    const found = valueMetrics(Float64Array.from(truth), Float64Array.from(answered));
    for (const name of ['mae', 'rmse', 'r2'] as const) expect(found[name]).toBeCloseTo(expected[name], 12);
  });

  test('R² of equal values is 1 when every answer is exact, else 0', () => {
    expect(valueMetrics(Float64Array.of(5, 5), Float64Array.of(5, 5)).r2).toBe(1);
    expect(valueMetrics(Float64Array.of(5, 5), Float64Array.of(5, 6)).r2).toBe(0);
  });

  test('a certain and wrong answer has a finite log loss', () => {
    expect(classMetrics(Int32Array.of(0), Int32Array.of(1), Float64Array.of(0, 1), 2).logLoss).toBeCloseTo(
      -Math.log(1e-15),
      9,
    );
  });

  test('the baseline answers the most frequent class of the training rows, with their shares as scores', () => {
    const classOf = Int32Array.of(1, 1, 1, 0, 0, 1, -1);
    const found = classBaseline(classOf, Int32Array.of(0, 1, 2, 3), Int32Array.of(4, 5), 2);
    expect(found.answer).toBe(1);
    expect(found.confusion).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(found.logLoss).toBeCloseTo(-(Math.log(0.25) + Math.log(0.75)) / 2, 12);
  });

  test('the baseline for values answers the mean of the training rows', () => {
    const found = valueBaseline(Float64Array.of(1, 3, 4, 6), Int32Array.of(0, 1), Int32Array.of(2, 3));
    expect(found).toMatchObject({ answer: 2, mae: 3 });
  });

  test('of equals the first is the greatest', () => {
    expect(indexOfGreatest([1, 3, 3, 2])).toBe(1);
  });
});
