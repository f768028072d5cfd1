// What a network is to learn from a table's label: classes or values, as numbers its outputs can be compared with.

import { InputFault } from './fault';
import { classesOf, classIndices, hasLabel, labelValues, taskOf } from './labels';
import type { Target } from './model';
import { isConstant, spreadOf } from './preprocess';
import type { Task } from './settings';
import { completeRows, type Factor, type Table } from './table';

export interface Goal {
  readonly task: Task;
  /** Empty for regression. */
  readonly classes: readonly string[];
  /** Of each table row its class index or its value; −1 or NaN where there is none. */
  readonly truth: Int32Array | Float64Array;
}

/** The rows that have a label and every feature. Throws InputFault `noRows` when there are none; warns of those left out. */
export function usableRows(table: Table, label: Factor, warnings: string[]): Int32Array {
  const labelled = Int32Array.from({ length: table.rows }, (_, r) => r).filter((r) => hasLabel(label.values[r]));
  if (labelled.length === 0) {
    const message =
      table.rows === 0 ? 'There are no rows to learn from.' : `No row has a value in the label column "${label.name}".`;
    throw new InputFault('noRows', message, { path: label.name });
  }
  const rows = completeRows(table.rows, table.values).filter((r) => hasLabel(label.values[r]));
  if (rows.length === 0) {
    const empty = table.columns.find((_, c) => !table.values[c]?.some(Number.isFinite));
    const message = empty
      ? `Column "${empty.name}" has no values; leave it out.`
      : 'Every row lacks a value in one column or another.';
    throw new InputFault('noRows', message, empty && { path: empty.name });
  }
  if (rows.length < table.rows) {
    warnings.push(
      `${table.rows - rows.length} of ${table.rows} rows are left out: they have no label or a value is missing.`,
    );
  }
  return rows;
}

/** `rows`: those to be used. Throws InputFault `oneClass`, `tooManyClasses`, `notANumber`. */
export function goalOf(label: Factor, rows: Int32Array, chosen: Task | undefined): Goal {
  const texts = Array.from(rows, (r) => label.values[r] ?? '');
  const task = chosen ?? taskOf(texts);
  if (task === 'regression') return { task, classes: [], truth: labelValues(label.values, label.name) };
  const classes = classesOf(texts);
  if (classes.length < 2) {
    const message = `Every row has the label "${classes[0] ?? ''}"; at least two different ones are needed to tell apart.`;
    throw new InputFault('oneClass', message, { path: label.name });
  }
  return { task, classes, truth: classIndices(label.values, classes) };
}

/** The scale in which values are learnt: standardised by the training rows. */
export function targetOf(goal: Goal, label: Factor, train: Int32Array): Target[] {
  if (!(goal.truth instanceof Float64Array)) return [];
  const spread = spreadOf(goal.truth, train);
  return [{ name: label.name, unit: label.unit, offset: spread.mean, scale: isConstant(spread) ? 1 : spread.std }];
}

/** [rows × outputs]: 1 at the class and 0 elsewhere, or the scaled value. */
export function targetRows(goal: Goal, targets: readonly Target[], rows: Int32Array): Float64Array {
  const [target] = targets;
  if (target !== undefined)
    return Float64Array.from(rows, (r) => ((goal.truth[r] ?? NaN) - target.offset) / target.scale);
  const width = goal.classes.length;
  const y = new Float64Array(rows.length * width);
  rows.forEach((row, r) => (y[r * width + (goal.truth[row] ?? 0)] = 1));
  return y;
}
