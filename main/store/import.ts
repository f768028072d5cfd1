// A CSV table into a project as one recording: all of it or nothing.
import type { ColumnData } from './database';
import { type CsvTable, numbers } from './csv';
import type { Project } from './project';
import type { Recording } from './recordings';

/** A table's columns as they are stored. Throws InputFault for text in a column of numbers. */
export function columnData(table: CsvTable): ColumnData[] {
  return table.columns.map((column) => (column.kind === 'number' ? numbers(table, column) : column.cells));
}

/** Throws as columnData does, before anything is written. Whoever imports several tables gets the data of all of them first. */
export async function importCsv(
  project: Project,
  table: CsvTable,
  label: string,
  startedMs: number,
  data: readonly ColumnData[] = columnData(table),
): Promise<Recording> {
  // Files of this kind say no rate: rows are numbered, and time is the row's number until a time column is understood.
  const index = Float64Array.from({ length: table.rows }, (_, row) => row);
  const writer = await project.recordings.create(
    {
      label,
      source: table.file,
      device: 'file',
      firmware: '',
      simulated: false,
      rateHz: 0,
      startedMs,
      channels: table.columns.map(({ name, unit, kind }) => ({ name, unit, kind, calibration: null })),
    },
    'importing',
  );
  writer.append([index, index, index, ...data], table.rows, startedMs);
  await writer.finish('complete');
  return project.recordings.get(writer.id);
}
