// How good a model is on labelled rows: the same measures for float and int8, and how often the two answer alike.

import { InputFault } from './fault';
import type { Goal } from './goal';
import { classIndices, className, hasLabel, labelValues } from './labels';
import { classBaseline, classMetrics, valueBaseline, valueMetrics, type Metrics } from './metrics';
import type { InferenceModel } from './model';
import { predictScaled, type Answers, type Arithmetic } from './predict';
import { scaledRows } from './preprocess';
import type { Split } from './split';
import { columnsByName, completeRows, type Table } from './table';
import type { TrainingRecord } from './training-record';

export interface Int8Evaluation {
  readonly metrics: Metrics;
  /** Share of rows on which float and int8 answer the same class. */
  readonly sameClass?: number;
}

export interface Evaluation {
  /** Rows that were judged. */
  readonly rows: number;
  readonly metrics: Metrics;
  readonly int8?: Int8Evaluation;
  /** Labels that the model does not know; their rows are left out of the metrics. */
  readonly unknownLabels: readonly { readonly label: string; readonly rows: number }[];
  readonly warnings: readonly string[];
}

/** `rows`: which of the table's; all when not given. Throws InputFault `noLabel`, `noRows`, `noKnownLabel`, or as columnsByName does. */
export function evaluate(
  model: InferenceModel,
  table: Table,
  options: { readonly int8?: boolean } = {},
  rows?: Int32Array,
): Evaluation {
  const { label } = table;
  if (label === undefined) {
    throw new InputFault('noLabel', `There is no label to compare with: the model answers "${model.label.name}".`, {
      path: model.label.name,
    });
  }
  const columns = columnsByName(table, model.features);
  const complete = completeRows(table.rows, columns);
  const asked = rows === undefined ? undefined : new Set(rows);
  const candidates = complete.filter((r) => hasLabel(label.values[r]) && (asked?.has(r) ?? true));
  const warnings: string[] = [];
  const leftOut = (rows?.length ?? table.rows) - candidates.length;
  if (leftOut > 0) warnings.push(`${leftOut} rows are left out: they have no label or a value is missing.`);
  if (candidates.length === 0)
    throw new InputFault('noRows', 'No row has both a label and all the values that the model needs.');

  const judged =
    model.task === 'classification'
      ? knownRows(model, label.values, candidates, warnings)
      : { rows: candidates, unknown: [] };
  const x = scaledRows(model.scaling, columns, judged.rows);
  const answers = (arithmetic: Arithmetic): Answers => predictScaled(model, x, judged.rows.length, arithmetic);
  const judge = judgeOf(model, label.values, judged.rows);
  const float = answers('float');
  const evaluation = { rows: judged.rows.length, metrics: judge(float), unknownLabels: judged.unknown, warnings };
  if (options.int8 !== true) return evaluation;
  const int8 = answers('int8');
  const same = float.classes.filter((c, r) => c === int8.classes[r]).length / judged.rows.length;
  return { ...evaluation, int8: { metrics: judge(int8), ...(model.task === 'classification' && { sameClass: same }) } };
}

/** For a model that was just trained: its figures on the rows held back, beside what no model at all would reach. */
export function judgeFit(
  model: InferenceModel,
  table: Table,
  goal: Goal,
  split: Split,
  warnings: string[],
): Pick<TrainingRecord, 'metrics' | 'int8' | 'baseline'> {
  const rows = split.test.length > 0 ? split.test : split.train;
  if (rows === split.train)
    warnings.push('There are too few rows to hold any back: the figures are those of the training rows.');
  const { metrics, int8 } = evaluate(model, table, { int8: model.int8 !== null }, rows);
  if (goal.truth instanceof Float64Array) {
    const baseline = valueBaseline(goal.truth, split.train, rows);
    if ('rmse' in metrics && metrics.rmse >= baseline.rmse)
      warnings.push('The model is no better than always answering the mean.');
    return { metrics, int8: int8 ?? null, baseline };
  }
  const truth = goal.truth;
  const { answer, ...baseline } = classBaseline(truth, split.train, rows, goal.classes.length);
  const name = goal.classes[answer] ?? '';
  if ('accuracy' in metrics && metrics.accuracy <= baseline.accuracy) {
    warnings.push(`The model is no better than always answering "${name}".`);
  }
  const unseen = goal.classes.filter((_, c) => !rows.some((r) => truth[r] === c));
  if (unseen.length > 0) warnings.push(`No row held back has the label ${unseen.map((c) => `"${c}"`).join(', ')}.`);
  return { metrics, int8: int8 ?? null, baseline: { ...baseline, answer: name } };
}

function judgeOf(model: InferenceModel, labels: readonly string[], rows: Int32Array): (answers: Answers) => Metrics {
  if (model.task === 'regression') {
    const values = labelValues(labels, model.label.name);
    const truth = Float64Array.from(rows, (row) => values[row] as number);
    return (answers) => valueMetrics(truth, answers.outputs);
  }
  const classes = classIndices(labels, model.classes);
  const truth = rows.map((row) => classes[row] as number);
  return (answers) => classMetrics(truth, answers.classes, answers.outputs, model.classes.length);
}

function knownRows(
  model: InferenceModel,
  labels: readonly string[],
  candidates: Int32Array,
  warnings: string[],
): { rows: Int32Array; unknown: { label: string; rows: number }[] } {
  const classes = classIndices(labels, model.classes);
  const counts = new Map<string, number>();
  const rows = candidates.filter((r) => {
    if ((classes[r] ?? -1) >= 0) return true;
    const name = className(labels[r] ?? '');
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return false;
  });
  const unknown = [...counts].map(([label, n]) => ({ label, rows: n }));
  const known = model.classes.map((c) => `"${c}"`).join(', ');
  if (rows.length === 0) {
    const message = `No row has a label that the model knows (${known}); the first is "${unknown[0]?.label ?? ''}".`;
    throw new InputFault('noKnownLabel', message, { path: model.label.name });
  }
  for (const { label, rows: n } of unknown) {
    warnings.push(`${n} rows are left out: the model was not trained on the label "${label}" (it knows ${known}).`);
  }
  return { rows, unknown };
}
