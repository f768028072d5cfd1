// Scaling of features, fitted on training rows only and declared as numbers: scaled = (value − offset) / scale.

export const scalingKinds = ['standardise', 'minmax', 'none'] as const;
export type ScalingKind = (typeof scalingKinds)[number];

export interface Scaling {
  readonly kind: ScalingKind;
  /** For each feature, in its unit. */
  readonly offset: readonly number[];
  readonly scale: readonly number[];
}

/** What a feature was like on the training rows; in its unit, the deviation of the population. */
export interface Spread {
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: Float64Array, rows: Int32Array): Spread {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  for (const row of rows) {
    const v = values[row] as number;
    if (v < min) min = v;
    if (v > max) max = v;
    sum += v;
  }
  const mean = sum / rows.length;
  let squares = 0;
  for (const row of rows) squares += ((values[row] as number) - mean) ** 2;
  return { mean, std: Math.sqrt(squares / rows.length), min, max };
}

/** Whether the training rows all had one value; then there is nothing to divide by and nothing to learn. */
export const isConstant = (spread: Spread): boolean => spread.min === spread.max;

/** A constant feature is only moved, to 0. */
export function fitScaling(kind: ScalingKind, spreads: readonly Spread[]): Scaling {
  switch (kind) {
    case 'none':
      return { kind, offset: spreads.map(() => 0), scale: spreads.map(() => 1) };
    case 'standardise':
      return {
        kind,
        offset: spreads.map((s) => (isConstant(s) ? s.min : s.mean)),
        scale: spreads.map((s) => (isConstant(s) ? 1 : s.std)),
      };
    case 'minmax':
      return {
        kind,
        offset: spreads.map((s) => s.min),
        scale: spreads.map((s) => (isConstant(s) ? 1 : s.max - s.min)),
      };
  }
}

/** The chosen rows of the columns, scaled: [rows × columns], row after row. */
export function scaledRows(scaling: Scaling, columns: readonly Float64Array[], rows: Int32Array): Float64Array {
  const width = columns.length;
  const x = new Float64Array(rows.length * width);
  columns.forEach((column, c) => {
    const offset = scaling.offset[c] as number;
    const scale = scaling.scale[c] as number;
    for (let r = 0; r < rows.length; r++) x[r * width + c] = ((column[rows[r] as number] as number) - offset) / scale;
  });
  return x;
}
