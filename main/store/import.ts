// A CSV table into a project as one recording: all of it or nothing.
import type { ColumnData } from './database';
import { type CsvTable, numbers } from './csv';
import type { Project } from './project';
import type { Recording } from './recordings';

/** Throws InputFault for text in a column of numbers, before anything is written. */
export async function importCsv(
  project: Project,
  table: CsvTable,
  label: string,
  startedMs: number,
): Promise<Recording> {
  const data: ColumnData[] = table.columns.map((column) =>
    column.kind === 'number' ? numbers(table, column) : column.cells,
  );
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
