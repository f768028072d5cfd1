// `predict` and `evaluate`: a model on rows of CSV files or of a project; columns are matched by name.
import { predictTable } from '../../model/predict';
import { evaluate as judge } from '../../model/report';
import { loadModel } from '../engine/models';
import { metricsLines } from './metrics';
import { type Output, percent } from './output';
import { readSource } from './train';

export interface PredictOptions {
  int8: boolean;
}

export async function predict(
  file: string,
  source: readonly string[],
  options: PredictOptions,
  output: Output,
): Promise<void> {
  const { model } = loadModel(file);
  const { table, assumed } = await readSource(source, { features: model.features.map((f) => f.name) });
  for (const text of assumed) output.note(text);
  const { outputs, classes } = predictTable(model, table, options.int8 ? 'int8' : 'float');
  const width = outputs.length / Math.max(1, table.rows);
  const predictions = Array.from(classes, (c, row) => {
    const scores = [...outputs.subarray(row * width, (row + 1) * width)].map((score) =>
      Number.isNaN(score) ? null : score,
    );
    return model.task === 'regression' ? { value: scores[0] ?? null } : { class: model.classes[c] ?? null, scores };
  });
  if (!output.json) {
    for (const p of predictions) output.say('value' in p ? String(p.value) : (p.class ?? 'a value is missing'));
  }
  output.result({ rows: table.rows, classes: model.classes, predictions, assumed });
}

export async function evaluate(
  file: string,
  source: readonly string[],
  options: PredictOptions,
  output: Output,
): Promise<void> {
  const { model } = loadModel(file);
  const { table, assumed } = await readSource(source, {
    features: model.features.map((f) => f.name),
    label: model.label.name,
  });
  for (const text of assumed) output.note(text);
  const result = judge(model, table, { int8: options.int8 });
  output.say(`${result.rows} rows`);
  for (const line of metricsLines(result.metrics, model.classes)) output.say(line);
  if (result.int8 !== undefined) {
    output.say(
      `int8${result.int8.sameClass === undefined ? '' : `: the same class on ${percent(result.int8.sameClass)} of the rows`}`,
    );
    for (const line of metricsLines(result.int8.metrics, model.classes)) output.say(line);
  }
  for (const warning of result.warnings) output.note(warning);
  output.result({ ...result, classes: model.classes, assumed });
}
