// How good answers are: for classes as scikit-learn defines accuracy, balanced accuracy, macro-F1 and log loss; for values MAE, RMSE and R².

export interface ClassMetrics {
  readonly accuracy: number;
  /** Mean over the classes that occur of the share of their rows that was found. */
  readonly balancedAccuracy: number;
  /** Mean F1 over the classes that occur or were answered. */
  readonly macroF1: number;
  readonly logLoss: number;
  /** [true class][answered class], rows counted. */
  readonly confusion: number[][];
}

export interface ValueMetrics {
  readonly mae: number;
  readonly rmse: number;
  readonly r2: number;
}

export type Metrics = ClassMetrics | ValueMetrics;

/** truth, answered: class indices; scores: [rows × classes], each row adding up to 1. At least one row. */
export function classMetrics(
  truth: Int32Array,
  answered: Int32Array,
  scores: Float64Array,
  classes: number,
): ClassMetrics {
  const confusion = confusionOf(truth, answered, classes);
  const rowSums = confusion.map((row) => row.reduce((a, b) => a + b, 0));
  const columnSums = confusion.map((_, c) => confusion.reduce((sum, row) => sum + (row[c] ?? 0), 0));
  const right = confusion.map((row, c) => row[c] ?? 0);
  const recalls: number[] = [];
  const f1s: number[] = [];
  right.forEach((hits, c) => {
    const there = rowSums[c] ?? 0;
    const said = columnSums[c] ?? 0;
    if (there > 0) recalls.push(hits / there);
    if (there + said > 0) f1s.push((2 * hits) / (there + said));
  });
  let logLoss = 0;
  truth.forEach((c, r) => (logLoss -= Math.log(Math.min(Math.max(scores[r * classes + c] ?? 0, 1e-15), 1))));
  return {
    accuracy: right.reduce((a, b) => a + b, 0) / truth.length,
    balancedAccuracy: mean(recalls),
    macroF1: mean(f1s),
    logLoss: logLoss / truth.length,
    confusion,
  };
}

export function confusionOf(truth: Int32Array, answered: Int32Array, classes: number): number[][] {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  truth.forEach((c, r) => {
    const row = confusion[c];
    const said = answered[r];
    if (row !== undefined && said !== undefined) row[said] = (row[said] ?? 0) + 1;
  });
  return confusion;
}

/** R² of values that are all equal is 1 when every answer is exact, else 0. At least one row. */
export function valueMetrics(truth: Float64Array, answered: Float64Array): ValueMetrics {
  const centre = mean(truth);
  let absolute = 0;
  let squares = 0;
  let spread = 0;
  truth.forEach((y, r) => {
    const error = (answered[r] ?? NaN) - y;
    absolute += Math.abs(error);
    squares += error * error;
    spread += (y - centre) ** 2;
  });
  const r2 = spread > 0 ? 1 - squares / spread : squares === 0 ? 1 : 0;
  return { mae: absolute / truth.length, rmse: Math.sqrt(squares / truth.length), r2 };
}

/** What always answering the training rows' most frequent class gives, with their shares as scores. `classOf`: of each table row. */
export function classBaseline(
  classOf: Int32Array,
  train: Int32Array,
  judged: Int32Array,
  classes: number,
): ClassMetrics & { readonly answer: number } {
  const shares = new Float64Array(classes);
  for (const row of train) (shares[classOf[row] as number] as number) += 1 / train.length;
  const answer = indexOfGreatest(shares);
  const truth = judged.map((row) => classOf[row] as number);
  const scores = new Float64Array(truth.length * classes);
  for (let r = 0; r < truth.length; r++) scores.set(shares, r * classes);
  return { answer, ...classMetrics(truth, new Int32Array(truth.length).fill(answer), scores, classes) };
}

/** What always answering the training rows' mean gives. `values`: of each table row. */
export function valueBaseline(
  values: Float64Array,
  train: Int32Array,
  judged: Int32Array,
): ValueMetrics & { readonly answer: number } {
  const answer = mean(Array.from(train, (row) => values[row] as number));
  const truth = Float64Array.from(judged, (row) => values[row] as number);
  return { answer, ...valueMetrics(truth, new Float64Array(truth.length).fill(answer)) };
}

/** The first of equals. */
export function indexOfGreatest(values: ArrayLike<number>): number {
  let greatest = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[greatest] as number)) greatest = i;
  return greatest;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
