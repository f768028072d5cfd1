// CSV files as people have them, into columns: separator and header are found, each bad cell is named by line and column.
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { InputFault } from '../../model/fault';

export interface CsvColumn {
  name: string;
  unit: string;
  /** 1-based, as in the file. */
  position: number;
  kind: 'number' | 'text';
  cells: readonly string[];
}

export interface CsvTable {
  file: string;
  rows: number;
  columns: CsvColumn[];
  /** By row, 1-based. */
  lines: Int32Array;
  /** What was taken for granted, for the person to check. */
  assumed: string[];
}

interface ParsedRecord {
  record: string[];
  info: { lines: number };
}

const MAX_BYTES = 512 * 1024 * 1024;
const SEPARATORS = [',', ';', '\t'] as const;
const DECIMAL_COMMA = /^[+-]?\d+,\d+(e[+-]?\d+)?$/i;
const MISSING = new Set(['', 'na', 'nan', 'n/a', 'null', '?']);

export function readCsv(path: string): CsvTable {
  return parseCsv(readText(path), path);
}

/** Reads a file, or says in an InputFault why it cannot be read. */
export function readText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) {
      throw new InputFault('tooLarge', `${path} has ${size} bytes; files up to ${MAX_BYTES} bytes can be read.`, {
        file: path,
      });
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof InputFault) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why =
      code === 'ENOENT'
        ? 'There is no file'
        : code === 'EISDIR'
          ? 'A file is needed, this is a folder:'
          : 'Cannot read';
    throw new InputFault('noFile', `${why} ${path}.`, { file: path });
  }
}

export function parseCsv(text: string, file: string): CsvTable {
  if (text.trim() === '') throw new InputFault('emptyFile', `${file} is empty.`, { file });
  const separator = findSeparator(text);
  const records = parseRecords(text, separator, file);
  const first = records[0]?.record ?? [];
  const comma = separator !== ',';
  const hasHeader = !first.every((cell) => isNumber(cell) || (comma && DECIMAL_COMMA.test(cell)));
  const data = hasHeader ? records.slice(1) : records;
  if (data.length === 0) throw new InputFault('noRows', `${file} has a header but no rows.`, { file, line: 1 });
  const width = data[0]?.record.length ?? 0;
  const assumed: string[] = [];
  const names = hasHeader
    ? headerNames(first, width, file, assumed)
    : Array.from({ length: width }, (_, i) => `column${i + 1}`);
  if (!hasHeader) assumed.push(`${basename(file)} has no header: the columns are called column1 to column${width}.`);
  for (const { record, info } of data) {
    if (record.length !== width) {
      throw new InputFault(
        'rowLength',
        `${file}, line ${info.lines}: ${record.length} fields, the rows before it have ${width}.`,
        {
          file,
          line: info.lines,
        },
      );
    }
  }
  const titles = distinct(names.map(titleOf));
  const cells = names.map((_, i) => data.map(({ record }) => record[i] ?? ''));
  const commas = cells.map((texts) => comma && hasDecimalCommas(texts));
  if (commas.includes(true)) assumed.push(`${basename(file)}: a comma inside a number is taken as its decimal point.`);
  return {
    file,
    rows: data.length,
    columns: titles.map((title, i) => column(title, i, pointed(cells[i] ?? [], commas[i] === true))),
    lines: Int32Array.from(data, ({ info }) => info.lines),
    assumed,
  };
}

/** A column's numbers, NaN where a value is missing. Throws InputFault for text in it, by file, line, column and value. */
export function numbers(table: CsvTable, column: CsvColumn): Float64Array {
  return Float64Array.from(column.cells, (cell, row) => {
    if (MISSING.has(cell.toLowerCase())) return NaN;
    if (isNumber(cell)) return Number(cell);
    const line = table.lines[row];
    throw new InputFault(
      'notANumber',
      `${table.file}, line ${line}, column ${column.position} (${column.name}): "${cell.slice(0, 40)}" is not a number.`,
      { file: table.file, line, column: column.position, path: column.name },
    );
  });
}

/** The column of this name, or of this position where there is no such name. Lists those there are when it is absent. */
export function findColumn(table: CsvTable, name: string): CsvColumn {
  const found = table.columns.find((c) => c.name === name) ?? table.columns.find((c) => String(c.position) === name);
  if (found !== undefined) return found;
  const names = table.columns.map((c) => c.name).join(', ');
  throw new InputFault('noColumn', `${table.file} has no column "${name}". It has: ${names}.`, {
    file: table.file,
    path: name,
  });
}

function parseRecords(text: string, separator: string, file: string): ParsedRecord[] {
  try {
    return parse(text, {
      delimiter: separator,
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as ParsedRecord[];
  } catch (error) {
    const line = error instanceof Error && 'lines' in error ? Number(error.lines) : undefined;
    const message = error instanceof Error ? error.message : String(error);
    throw new InputFault('badCsv', `${file}${line === undefined ? '' : `, line ${line}`}: ${message}.`, { file, line });
  }
}

/** The separator that cuts the first lines into the most fields of the same number. */
function findSeparator(text: string): string {
  const lines = text
    .slice(0, 20_000)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, 10);
  const fields = (separator: string): number =>
    Math.min(...lines.slice(-5).map((line) => line.split(separator).length));
  return SEPARATORS.reduce<string>((best, separator) => (fields(separator) > fields(best) ? separator : best), ',');
}

function headerNames(header: string[], width: number, file: string, assumed: string[]): string[] {
  let names = header;
  if (header.length === width - 1) {
    assumed.push(
      `${basename(file)}: the header has one name fewer than the rows, so the first column is taken as the row's number.`,
    );
    names = ['row', ...header];
  }
  if (names.length !== width) {
    throw new InputFault(
      'header',
      `${file}, line 1: the header has ${header.length} names, the rows have ${width} fields.`,
      {
        file,
        line: 1,
      },
    );
  }
  return names.map((name, i) => (name === '' ? `column${i + 1}` : name));
}

interface Title {
  name: string;
  unit: string;
}

/** A unit stands in brackets behind the name: `Temperature [°C]`. */
function titleOf(text: string): Title {
  const found = /^(.*\S)\s*[[(]([^\])]+)[\])]$/.exec(text);
  return { name: found?.[1] ?? text, unit: found?.[2] ?? '' };
}

/** The second column of a name is called `name_2`, unless the file has that one too. */
function distinct(titles: readonly Title[]): Title[] {
  const given = new Set(titles.map(({ name }) => name));
  const used = new Set<string>();
  return titles.map(({ name, unit }) => {
    let free = name;
    for (let n = 2; used.has(free) || (free !== name && given.has(free)); n++) free = `${name}_${n}`;
    used.add(free);
    return { name: free, unit };
  });
}

/** Commas stand for points only in a column without any point: `1,000` beside `1.5` is something else. */
function hasDecimalCommas(cells: readonly string[]): boolean {
  return cells.some((cell) => DECIMAL_COMMA.test(cell)) && !cells.some((cell) => cell.includes('.'));
}

function pointed(cells: readonly string[], commas: boolean): readonly string[] {
  return commas ? cells.map((cell) => (DECIMAL_COMMA.test(cell) ? cell.replace(',', '.') : cell)) : cells;
}

/** A column is of numbers when most of its values are. */
function column({ name, unit }: Title, index: number, cells: readonly string[]): CsvColumn {
  const present = cells.filter((cell) => !MISSING.has(cell.toLowerCase()));
  const numeric = present.reduce((count, cell) => count + (isNumber(cell) ? 1 : 0), 0);
  return {
    name,
    unit,
    position: index + 1,
    kind: present.length > 0 && numeric >= present.length / 2 ? 'number' : 'text',
    cells,
  };
}

function isNumber(cell: string): boolean {
  return cell !== '' && Number.isFinite(Number(cell)) && !/^0[xob]/i.test(cell);
}
