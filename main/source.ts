// Where training and evaluation take their rows from: CSV files or a project's recordings, as the model layer's table.
import { basename } from 'node:path';
import { InputFault } from '../model/fault';
import type { Factor, Table } from '../model/table';
import { type CsvColumn, type CsvTable, findColumn, numbers } from './store/csv';
import type { Project } from './store/project';
import type { Recording } from './store/recordings';

export interface TableOptions {
  /** Column with the label; for a project the recordings' labels unless a channel has this name. */
  label?: string | undefined;
  /** Only these columns are read; default: all columns of numbers but the label. */
  features?: readonly string[] | undefined;
  drop?: readonly string[] | undefined;
  /** Column whose values name the group (recording, person, day) of a row. Several files are grouped by file without it. */
  group?: string | undefined;
}

/** In a project, the recordings' own label. */
export const RECORDING_LABEL = 'label';

/** Several files become one table, columns matched by name. Throws InputFault for a bad cell in a column that is used. */
export function tableFromCsv(files: readonly CsvTable[], options: TableOptions): Table {
  const first = files[0];
  if (first === undefined) throw new InputFault('noFile', 'Name at least one file.');
  const label = options.label === undefined ? undefined : findColumn(first, options.label);
  const group = options.group === undefined ? undefined : findColumn(first, options.group);
  const features = chooseFeatures(first, options, label, group);
  const inAll = (name: string): string[] => files.flatMap((file) => [...findColumn(file, name).cells]);
  const factor = (column: CsvColumn): Factor => ({ name: column.name, values: inAll(column.name) });
  return {
    columns: features.map(({ name, unit }) => ({ name, unit: unit === '' ? undefined : unit })),
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    values: features.map(({ name }) => concatenate(files.map((file) => numbers(file, findColumn(file, name))))),
    label: label === undefined ? undefined : factor(label),
    group: group !== undefined ? factor(group) : files.length > 1 ? byFile(files) : undefined,
    timeSeries: first.columns.some((column) => /^(date|time|timestamp|datetime)\b/i.test(column.name)),
  };
}

function chooseFeatures(table: CsvTable, options: TableOptions, label?: CsvColumn, group?: CsvColumn): CsvColumn[] {
  for (const name of options.drop ?? []) findColumn(table, name);
  const columns =
    options.features === undefined || options.features.length === 0
      ? table.columns.filter((column) => column.kind === 'number' && column.name !== 'row')
      : options.features.map((name) => findColumn(table, name));
  return columns.filter(
    (c) => c !== label && c !== group && !(options.drop ?? []).some((name) => findColumn(table, name) === c),
  );
}

function byFile(files: readonly CsvTable[]): Factor {
  return { name: 'file', values: files.flatMap((file) => new Array<string>(file.rows).fill(basename(file.file))) };
}

/** Recordings become one table, grouped by recording, in their order in time. Without `ids`: all that are not deleted. */
export async function tableFromProject(
  project: Project,
  options: TableOptions,
  ids: readonly number[] = [],
): Promise<Table> {
  const all = (await project.recordings.list()).filter((recording) => !recording.deleted && recording.rows > 0);
  const chosen = ids.length === 0 ? all : all.filter((recording) => ids.includes(recording.id));
  const first = chosen[0];
  if (first === undefined)
    throw new InputFault('noRecordings', `${project.path} has no recordings to use.`, { file: project.path });
  const names = chooseChannels(first, options, project.path);
  const parts = await Promise.all(chosen.map((recording) => readRecording(project, recording, names, options)));
  return {
    columns: names.map((name) => ({ name, unit: first.channels.find((c) => c.name === name)?.unit || undefined })),
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    values: names.map((_, i) => concatenate(parts.map((part) => part.values[i] ?? new Float64Array(part.rows)))),
    label:
      options.label === undefined ? undefined : { name: options.label, values: parts.flatMap((part) => part.labels) },
    group: { name: 'recording', values: parts.flatMap((part) => new Array<string>(part.rows).fill(part.group)) },
    timeSeries: true,
  };
}

function chooseChannels(recording: Recording, options: TableOptions, path: string): string[] {
  const there = recording.channels.filter((channel) => channel.kind === 'number').map((channel) => channel.name);
  const wanted = options.features === undefined || options.features.length === 0 ? there : [...options.features];
  for (const name of [...wanted, ...(options.drop ?? [])]) {
    if (there.includes(name)) continue;
    throw new InputFault(
      'noColumn',
      `Recording ${recording.id} has no channel "${name}". It has: ${there.join(', ')}.`,
      {
        file: path,
        path: name,
      },
    );
  }
  return wanted.filter((name) => name !== options.label && !(options.drop ?? []).includes(name));
}

async function readRecording(
  project: Project,
  recording: Recording,
  names: readonly string[],
  options: TableOptions,
): Promise<{ rows: number; values: Float64Array[]; labels: string[]; group: string }> {
  const { values } = await project.recordings.values(recording);
  const position = (name: string): number => {
    const index = recording.channels.findIndex((channel) => channel.name === name);
    if (index >= 0) return index;
    const there = recording.channels.map((channel) => channel.name).join(', ');
    throw new InputFault('noColumn', `Recording ${recording.id} has no channel "${name}". It has: ${there}.`, {
      file: project.path,
      path: name,
    });
  };
  return {
    rows: recording.rows,
    values: names.map((name) => values[position(name)] ?? new Float64Array(recording.rows)),
    labels: options.label === undefined ? [] : await labelsOf(project, recording, options.label, values, position),
    group: String(recording.id),
  };
}

async function labelsOf(
  project: Project,
  recording: Recording,
  label: string,
  values: readonly Float64Array[],
  position: (name: string) => number,
): Promise<string[]> {
  if (label === RECORDING_LABEL && !recording.channels.some((channel) => channel.name === label)) {
    return new Array<string>(recording.rows).fill(recording.label);
  }
  const index = position(label);
  if (recording.channels[index]?.kind === 'text') return project.recordings.texts(recording, index);
  return Array.from(values[index] ?? [], (value) => (Number.isNaN(value) ? '' : String(value)));
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
