// The one call that makes a model: a table and settings in, progress on the way, a model and its report out. Same input, same bytes.

import { InputFault } from './fault';
import { goalOf, targetOf, targetRows, usableRows, type Goal } from './goal';
import { confusionOf, indexOfGreatest } from './metrics';
import { createNetwork, type Activation, type Network } from './mlp';
import type { Feature, InferenceModel, Model } from './model';
import { fitScaling, isConstant, scaledRows, spreadOf, type Spread } from './preprocess';
import { quantise } from './quantise';
import { Random } from './random';
import { judgeFit } from './report';
import { checkSettings, resolveSettings, type FitSettings, type ResolvedSettings } from './settings';
import { splitRows, type Split } from './split';
import { checkTable, selectFeatures, type Table } from './table';
import { trainSteps, type EpochReport, type Samples, type TrainOutcome } from './train';
import type { TrainingRecord } from './training-record';

export interface FitContext {
  /** Seconds on any clock that only goes forward. */
  nowS(): number;
  /** SHA-256 of tableBytes(table), hexadecimal. */
  readonly dataHash: string;
}

export interface FitProgress {
  readonly epoch: number;
  /** At most so many. */
  readonly epochs: number;
  readonly loss: number;
  readonly validationLoss?: number;
  /** On the validation rows; only for classification. */
  readonly accuracy?: number;
  readonly confusion?: number[][];
}

/** As `train --json` prints it, but for the file and its hash. */
export interface FitReport {
  readonly engine: 'kernel';
  readonly seed: number;
  readonly epochs: number;
  readonly seconds: number;
  readonly features: readonly string[];
  readonly classes?: readonly string[];
  readonly targets?: readonly string[];
  readonly split: TrainingRecord['split'];
  readonly metrics: TrainingRecord['metrics'];
  readonly int8: TrainingRecord['int8'];
  readonly baseline: TrainingRecord['baseline'];
  readonly warnings: readonly string[];
}

export interface FitResult {
  readonly model: Model;
  readonly report: FitReport;
}

/**
 * `next('stop')` ends training after the epoch just reported; the model is made all the same.
 * Throws InputFault: a setting, a column, no label, no usable rows, one class only, text where a number must be learnt.
 */
export function* fit(
  wholeTable: Table,
  wanted: Partial<FitSettings>,
  context: FitContext,
): Generator<FitProgress, FitResult, 'stop' | undefined> {
  const startS = context.nowS();
  const asked = checkSettings(wanted);
  checkTable(wholeTable);
  const table = selectFeatures(wholeTable, asked.features, asked.drop);
  const { label } = table;
  if (label === undefined)
    throw new InputFault('noLabel', 'There is no label to learn: name the column that holds it.');

  const warnings: string[] = [];
  const random = new Random(asked.seed);
  const rows = usableRows(table, label, warnings);
  const goal = goalOf(label, rows, asked.task);
  const settings = resolveSettings(asked, goal.task);
  const classOf = goal.truth instanceof Int32Array ? goal.truth : undefined;
  const split = splitRows({ rows, classOf, group: table.group, timeSeries: table.timeSeries }, random);

  const features = table.columns.map((c, i) => ({ ...c, ...spreadOf(table.values[i] as Float64Array, split.train) }));
  refuseHuge(features);
  const scaling = fitScaling(settings.scaling, features);
  const targets = targetOf(goal, label, split.train);
  const samples = (at: Int32Array): Samples => ({
    rows: at.length,
    x: scaledRows(scaling, table.values, at),
    targets: targetRows(goal, targets, at),
  });
  const training = samples(split.train);
  const validation = split.validation.length > 0 ? samples(split.validation) : undefined;

  const widths = [features.length, ...settings.hidden, targets.length || goal.classes.length];
  const network = createNetwork(widths, settings.activation, outputFor(settings), random);
  ignoreConstants(network, features, warnings);
  const steps = trainSteps(network, training, validation, settings, random);
  const outcome = yield* asProgress(steps, goal, split, settings.epochs);
  roundToFloat32(network);

  const model: InferenceModel = {
    task: goal.task,
    label: { name: label.name, unit: label.unit },
    features,
    scaling,
    network,
    classes: goal.classes,
    targets,
    int8: quantised(network, training, warnings),
  };
  const judged = judgeFit(model, table, goal, split, warnings);
  warnOfOutcome(outcome, settings, judged.metrics, warnings);
  const record: TrainingRecord = {
    engine: 'kernel',
    settings,
    dataHash: context.dataHash,
    rows: table.rows,
    usableRows: rows.length,
    split: { ...split, train: split.train.length, validation: split.validation.length, test: split.test.length },
    ...outcome,
    ...judged,
    warnings,
  };
  return { model: { ...model, training: record }, report: reportOf(model, record, context.nowS() - startS) };
}

function refuseHuge(features: readonly Feature[]): void {
  const huge = features.find((f) => !Number.isFinite(f.std));
  if (huge === undefined) return;
  const message = `Column "${huge.name}" goes from ${huge.min} to ${huge.max}; numbers of that size cannot be scaled.`;
  throw new InputFault('tooLarge', message, { path: huge.name });
}

function outputFor({ task, loss }: ResolvedSettings): Activation {
  if (task === 'regression') return 'linear';
  return loss === 'crossEntropy' ? 'softmax' : 'sigmoid';
}

/** A constant feature teaches its weights nothing, so they would stay random; at 0 they also ignore it where it varies later. */
function ignoreConstants(network: Network, features: readonly Feature[], warnings: string[]): void {
  const first = network.layers[0];
  features.forEach((feature: Spread & { name: string }, i) => {
    if (!isConstant(feature) || first === undefined) return;
    for (let o = 0; o < first.outputs; o++) first.weights[o * first.inputs + i] = 0;
    warnings.push(`"${feature.name}" is ${feature.min} in every training row, so the model ignores it.`);
  });
}

function* asProgress(
  steps: Generator<EpochReport, TrainOutcome, 'stop' | undefined>,
  goal: Goal,
  split: Split,
  epochs: number,
): Generator<FitProgress, TrainOutcome, 'stop' | undefined> {
  let told: 'stop' | undefined;
  for (;;) {
    const step = steps.next(told);
    if (step.done === true) return step.value;
    const { validationOutputs, ...report } = step.value;
    told = yield {
      ...report,
      epochs,
      ...(validationOutputs && classProgress(validationOutputs, goal, split.validation)),
    };
  }
}

function classProgress(
  outputs: Float64Array,
  goal: Goal,
  rows: Int32Array,
): Pick<FitProgress, 'accuracy' | 'confusion'> {
  const width = goal.classes.length;
  if (width === 0) return {};
  const truth = Int32Array.from(rows, (r) => goal.truth[r] ?? -1);
  const answered = truth.map((_, r) => indexOfGreatest(outputs.subarray(r * width, (r + 1) * width)));
  const accuracy = truth.filter((c, r) => c === answered[r]).length / truth.length;
  return { accuracy, confusion: confusionOf(truth, answered, width) };
}

/** Once, at the end: what is judged is what is written. */
function roundToFloat32(network: Network): void {
  for (const { weights, bias } of network.layers) for (const p of [weights, bias]) p.set(Float32Array.from(p));
}

function warnOfOutcome(
  { ended, epochs, bestEpoch }: TrainOutcome,
  settings: FitSettings,
  metrics: TrainingRecord['metrics'],
  warnings: string[],
): void {
  const quality = 'accuracy' in metrics ? metrics.accuracy : metrics.r2;
  if (ended === 'diverged') {
    warnings.push(
      `Training ran away in epoch ${epochs}; the weights of epoch ${bestEpoch} were kept. Try a lower learning rate.`,
    );
  } else if (ended === 'epochs' && bestEpoch === settings.epochs && quality < 0.99) {
    warnings.push(`The model was still getting better in the last of ${epochs} epochs; more may help.`);
  }
}

function quantised(network: Network, training: Samples, warnings: string[]): InferenceModel['int8'] {
  try {
    return quantise(network, training.x, training.rows);
  } catch (fault) {
    if (!(fault instanceof InputFault)) throw fault;
    warnings.push(`No board can run this model: ${fault.message}`);
    return null;
  }
}

function reportOf(model: InferenceModel, record: TrainingRecord, seconds: number): FitReport {
  const { engine, settings, epochs, split, metrics, int8, baseline, warnings } = record;
  const names =
    model.task === 'classification' ? { classes: model.classes } : { targets: model.targets.map((t) => t.name) };
  const features = model.features.map((f) => f.name);
  return { engine, seed: settings.seed, epochs, seconds, features, ...names, split, metrics, int8, baseline, warnings };
}
