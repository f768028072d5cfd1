// A model's answers, in float64 or in int8: for one reading, or for the rows of a table.

import { InputFault } from './fault';
import { dequantise, runScaled, type Int8Network } from './int8';
import { indexOfGreatest } from './metrics';
import { createWorkspace, forward, outputsOf, softmax } from './mlp';
import type { InferenceModel } from './model';
import { scaledRows } from './preprocess';
import { columnsByName, completeRows, type Table } from './table';

export type Arithmetic = 'float' | 'int8';

export interface Answers {
  readonly rows: number;
  /** [rows × classes]: scores that add up to 1; or [rows × targets]: values in their units. NaN where a feature is missing. */
  readonly outputs: Float64Array;
  /** Of each row the class index, −1 where a feature is missing; all −1 for regression. */
  readonly classes: Int32Array;
}

/** One reading after another, without allocating in float. `values`: one per feature, in the model's order and units. */
export function predictor(
  model: InferenceModel,
  arithmetic: Arithmetic = 'float',
): (values: ArrayLike<number>) => Float64Array {
  const { scaling, network } = model;
  const x = new Float64Array(model.features.length);
  const workspace = createWorkspace(network, 1);
  const answer = new Float64Array(network.layers.at(-1)?.outputs ?? 0);
  const int8 = int8Of(model, arithmetic);
  return (values) => {
    for (let i = 0; i < x.length; i++)
      x[i] = ((values[i] as number) - (scaling.offset[i] as number)) / (scaling.scale[i] as number);
    if (int8 === undefined) answer.set(forward(network, x, 1, workspace));
    else answer.set(outputsOfScores(model, dequantise(int8, runScaled(int8, x).scores)));
    readable(model, answer);
    return answer;
  };
}

/** Columns are matched by name; what else the table has does not matter. */
export function predictTable(model: InferenceModel, table: Table, arithmetic: Arithmetic = 'float'): Answers {
  const columns = columnsByName(table, model.features);
  const rows = completeRows(table.rows, columns);
  const width = model.network.layers.at(-1)?.outputs ?? 0;
  const found = predictScaled(model, scaledRows(model.scaling, columns, rows), rows.length, arithmetic);
  const outputs = new Float64Array(table.rows * width).fill(NaN);
  const classes = new Int32Array(table.rows).fill(-1);
  rows.forEach((row, r) => {
    outputs.set(found.outputs.subarray(r * width, (r + 1) * width), row * width);
    classes[row] = found.classes[r] as number;
  });
  return { rows: table.rows, outputs, classes };
}

/** x: [rows × features], scaled. */
export function predictScaled(model: InferenceModel, x: Float64Array, rows: number, arithmetic: Arithmetic): Answers {
  const features = model.features.length;
  const width = model.network.layers.at(-1)?.outputs ?? 0;
  const int8 = int8Of(model, arithmetic);
  const outputs = int8 === undefined ? outputsOf(model.network, x, rows) : new Float64Array(rows * width);
  const classes = new Int32Array(rows);
  for (let r = 0; r < rows; r++) {
    const row = outputs.subarray(r * width, (r + 1) * width);
    if (int8 !== undefined) {
      const result = runScaled(int8, x.subarray(r * features, (r + 1) * features));
      row.set(outputsOfScores(model, dequantise(int8, result.scores)));
      classes[r] = result.class;
    } else classes[r] = indexOfGreatest(row);
    readable(model, row);
  }
  if (model.task === 'regression') classes.fill(-1);
  return { rows, outputs, classes };
}

/** What a board's score bytes say, in the form of a prediction: scores that add up to 1, or values in their units. */
export function answerOfScores(model: InferenceModel, scores: Uint8Array): Float64Array {
  const int8 = int8Of(model, 'int8');
  if (int8 === undefined || scores.length !== model.network.layers.at(-1)?.outputs) {
    throw new Error(`${scores.length} scores do not belong to this model`);
  }
  return readable(model, outputsOfScores(model, dequantise(int8, scores)));
}

/** In place. The curve that int8 leaves out at the end. */
function outputsOfScores(model: InferenceModel, sums: Float64Array): Float64Array {
  if (model.network.layers.at(-1)?.activation === 'softmax') softmax(sums);
  return sums;
}

/** In place: values into their units; sigmoid outputs of classes so that they add up to 1. */
function readable(model: InferenceModel, outputs: Float64Array): Float64Array {
  if (model.task === 'regression') {
    model.targets.forEach(({ offset, scale }, t) => (outputs[t] = offset + scale * (outputs[t] as number)));
  } else if (model.network.layers.at(-1)?.activation !== 'softmax') {
    const sum = outputs.reduce((a, b) => a + b, 0);
    for (let i = 0; i < outputs.length; i++) outputs[i] = sum > 0 ? (outputs[i] as number) / sum : 1 / outputs.length;
  }
  return outputs;
}

function int8Of(model: InferenceModel, arithmetic: Arithmetic): Int8Network | undefined {
  if (arithmetic === 'float') return undefined;
  if (model.int8 === null) throw new InputFault('notQuantised', 'The model has no int8 form.');
  return model.int8;
}
