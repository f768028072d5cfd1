// A table of numbers with a label and a group for each row: what is trained on and what is predicted for.

import { InputFault } from './fault';

export interface Column {
  readonly name: string;
  readonly unit?: string | undefined;
}

/** A text for each row, such as its label or the recording it comes from. '' is none. */
export interface Factor extends Column {
  readonly values: readonly string[];
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: number;
  /** For each column its rows; NaN is missing, and so are infinities. */
  readonly values: readonly Float64Array[];
  /** What is to be learnt: class names, or numbers as text. */
  readonly label?: Factor | undefined;
  /** The recording or file of each row, in the order of time: what leaks between rows leaks within one of these. */
  readonly group?: Factor | undefined;
  /** Rows follow each other in time, so that neighbours resemble each other. */
  readonly timeSeries?: boolean | undefined;
}

const maxColumns = 4096;

/** Throws InputFault when column names repeat or are too many; a plain error when lengths disagree. */
export function checkTable(table: Table): void {
  if (table.columns.length > maxColumns) {
    throw new InputFault(
      'tooManyColumns',
      `There are ${table.columns.length} columns; at most ${maxColumns} can be used.`,
    );
  }
  const seen = new Set<string>();
  for (const { name } of table.columns) {
    if (seen.has(name)) {
      throw new InputFault('duplicateColumn', `Two columns are called "${name}"; give each its own name.`, {
        path: name,
      });
    }
    seen.add(name);
  }
  const lengths = [...table.values.map((v) => v.length), table.label?.values.length, table.group?.values.length];
  if (table.values.length !== table.columns.length || lengths.some((n) => n !== undefined && n !== table.rows)) {
    throw new Error('a table whose columns differ in length');
  }
}

/** The columns with these names, in this order, whatever else the table has. A unit that is known on both sides must agree. */
export function columnsByName(table: Table, wanted: readonly Column[]): Float64Array[] {
  return wanted.map(({ name, unit }) => {
    const index = table.columns.findIndex((c) => c.name === name);
    const values = table.values[index];
    if (values === undefined) {
      throw new InputFault('noColumn', `There is no column "${name}"; there are ${listed(table.columns)}.`, {
        path: name,
      });
    }
    const there = table.columns[index]?.unit;
    if (unit !== undefined && there !== undefined && unit !== there) {
      const message = `Column "${name}" is in ${there}; the model was trained on ${unit}.`;
      throw new InputFault('unitMismatch', message, { path: name });
    }
    return values;
  });
}

/** The table with only these columns (all, when not given) but without the dropped ones. Rows, label and group stay. */
export function selectFeatures(table: Table, features?: readonly string[], drop: readonly string[] = []): Table {
  const all = table.columns.map((c) => c.name);
  columnsByName(
    table,
    [...(features ?? []), ...drop].map((name) => ({ name })),
  ); // refuses names that are not there
  const names = (features ?? all).filter((name) => !drop.includes(name));
  if (names.length === 0) {
    const found = all.length === 0 ? 'the table has no column of numbers' : 'every column is left out';
    throw new InputFault('noFeatures', `There is nothing to learn from: ${found}.`);
  }
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) {
    throw new InputFault('duplicateColumn', `The feature "${repeated}" is named twice.`, { path: repeated });
  }
  const columns = names.flatMap((name) => table.columns.filter((c) => c.name === name));
  return { ...table, columns, values: columnsByName(table, columns) };
}

/** The rows in which every column has a finite number. */
export function completeRows(rows: number, columns: readonly Float64Array[]): Int32Array {
  const complete: number[] = [];
  for (let r = 0; r < rows; r++) if (columns.every((c) => Number.isFinite(c[r]))) complete.push(r);
  return Int32Array.from(complete);
}

/** `"a", "b" and "c"`, at most 20 of them. */
export function listed(columns: readonly Column[]): string {
  const names = columns.slice(0, 20).map((c) => `"${c.name}"`);
  if (columns.length > 20) names.push(`${columns.length - 20} more`);
  const last = names.pop();
  if (last === undefined) return 'none';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}
