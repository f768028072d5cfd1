// Figures of a model as lines for people: what was reached, beside what a naive answer reaches.
import type { Metrics } from '../../model/metrics';
import { percent } from './output';

export function metricsLines(metrics: Metrics, classes: readonly string[], baseline?: Metrics): string[] {
  if ('mae' in metrics) {
    const than =
      baseline !== undefined && 'mae' in baseline ? ` (the mean alone: MAE ${baseline.mae.toPrecision(4)})` : '';
    return [
      `MAE ${metrics.mae.toPrecision(4)}, RMSE ${metrics.rmse.toPrecision(4)}, R² ${metrics.r2.toFixed(3)}${than}`,
    ];
  }
  const than =
    baseline !== undefined && 'accuracy' in baseline
      ? ` (most frequent class alone: ${percent(baseline.accuracy)})`
      : '';
  return [
    `Accuracy ${percent(metrics.accuracy)}${than}, macro-F1 ${metrics.macroF1.toFixed(3)}, log loss ${metrics.logLoss.toFixed(3)}`,
    ...confusionLines(metrics.confusion, classes),
  ];
}

/** Rows are what was, columns what was answered. */
function confusionLines(confusion: readonly (readonly number[])[], classes: readonly string[]): string[] {
  const width = Math.max(6, ...classes.map((name) => name.length)) + 2;
  const cell = (value: string | number): string => String(value).padStart(width);
  return [
    `${cell('')}${classes.map(cell).join('')}   ← answered`,
    ...confusion.map((row, c) => `${cell(classes[c] ?? c)}${row.map(cell).join('')}`),
  ];
}
