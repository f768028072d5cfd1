// The data sets that tests of the model layer use, read straight from ../shared with the least CSV that they need.

import { existsSync, readFileSync } from 'node:fs';
import type { Table } from '../../../model/table';

const folder = new URL('../../../../shared/data/', import.meta.url);

/** For `describe.skipIf`: the sentence says what is missing. */
export const sharedDataMissing = !existsSync(folder);
export const whyMissing = sharedDataMissing ? ' (skipped: ../shared is not there)' : '';

const occupancyColumns = ['Temperature', 'Humidity', 'Light', 'CO2', 'HumidityRatio'];

/** Its header is one name short: the row number has none. */
export function occupancy(file: 'datatraining.txt' | 'datatest.txt'): Table {
  const lines = linesOf(`occupancy_detection/raw/${file}`).slice(1);
  const cells = lines.map((line) => line.split(','));
  return { ...tableOf(occupancyColumns, cells, 2, 7, 'Occupancy'), timeSeries: true };
}

export function digits(): Table {
  const cells = linesOf('digits_8x8/raw/digits.csv').map((line) => line.split(','));
  return tableOf(
    Array.from({ length: 64 }, (_, i) => `pixel${i}`),
    cells,
    0,
    64,
    'digit',
  );
}

export function breastCancer(): Table {
  const cells = linesOf('breast_cancer_wdbc/raw/breast_cancer.csv')
    .slice(1)
    .map((line) => line.split(','));
  return tableOf(
    Array.from({ length: 30 }, (_, i) => `feature${i}`),
    cells,
    0,
    30,
    'diagnosis',
  );
}

const linesOf = (path: string): string[] => readFileSync(new URL(path, folder), 'utf8').trim().split(/\r?\n/);

function tableOf(
  names: readonly string[],
  cells: readonly string[][],
  first: number,
  label: number,
  name: string,
): Table {
  return {
    columns: names.map((n) => ({ name: n })),
    rows: cells.length,
    values: names.map((_, c) => Float64Array.from(cells, (row) => Number(row[first + c]))),
    label: { name, values: cells.map((row) => row[label] ?? '') },
  };
}
