import { expect, test } from 'vitest';
import { InputFault } from '../../../model/fault';
import { findColumn, numbers, parseCsv } from '../../../main/store/csv';

const columns = (text: string): Record<string, string[]> =>
  Object.fromEntries(parseCsv(text, 'f.csv').columns.map((c) => [c.name, [...c.cells]]));
const fault = (work: () => unknown): InputFault => {
  try {
    work();
  } catch (error) {
    if (error instanceof InputFault) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};
const values = (text: string, name: string): number[] => {
  const table = parseCsv(text, 'f.csv');
  return [...numbers(table, findColumn(table, name))];
};

test.for([',', ';', '\t'])('fields may be separated by "%s"', (separator) => {
  const text = 'a,b\n1.5,2\n-3e2,4\n'.replaceAll(',', separator);
  expect(values(text, 'a')).toEqual([1.5, -300]);
  expect(values(text, 'b')).toEqual([2, 4]);
});

test('a separator inside quotes separates nothing, and doubled quotes are one', () => {
  expect(columns('a,b\n"x, y","say ""no"""\n')).toEqual({ a: ['x, y'], b: ['say "no"'] });
});

test('CRLF and a byte order mark leave no trace', () => {
  expect(columns('\uFEFFa,b\r\n1,2\r\n')).toEqual({ a: ['1'], b: ['2'] });
});

test('a header one name short makes the first column the row number, and says so', () => {
  const table = parseCsv('"t","x"\n"1","2020",5\n"2","2021",6\n', 'dir/f.csv');
  expect(table.columns.map((c) => c.name)).toEqual(['row', 't', 'x']);
  expect(table.assumed.join()).toContain('one name fewer');
});

test('a header two names short is refused', () => {
  expect(fault(() => parseCsv('a\n1,2,3\n', 'f.csv'))).toMatchObject({ code: 'header', place: { line: 1 } });
});

test('a file of numbers alone has no header', () => {
  const table = parseCsv('1,2\n3,4\n', 'f.csv');
  expect(table.rows).toBe(2);
  expect(table.columns.map((c) => c.name)).toEqual(['column1', 'column2']);
  expect(table.assumed.join()).toContain('no header');
});

test('names that come twice, or not at all, are told apart', () => {
  expect(Object.keys(columns('a,a,,a\n1,2,3,4\n'))).toEqual(['a', 'a_2', 'column3', 'a_3']);
});

test('no made-up name is one that the file already has', () => {
  const names = parseCsv('a,a_2,a\n1,2,3\n', 'f.csv').columns.map((c) => c.name);
  expect(new Set(names).size).toBe(3);
  expect(new Set(parseCsv('x [V],x [A]\n1,2\n', 'f.csv').columns.map((c) => c.name)).size).toBe(2);
});

test('a unit in brackets is the unit, not part of the name', () => {
  const [t, h] = parseCsv('Temperature [°C],Humidity (%)\n1,2\n', 'f.csv').columns;
  expect(t).toMatchObject({ name: 'Temperature', unit: '°C' });
  expect(h).toMatchObject({ name: 'Humidity', unit: '%' });
});

test('missing values are NaN, however they are written', () => {
  expect(values('a,b\n1,x\n,x\nNA,x\nnull,x\n?,x\n2,x\n', 'a')).toEqual([1, NaN, NaN, NaN, NaN, 2]);
});

test('a row of another length is named by its line', () => {
  expect(fault(() => parseCsv('a,b\n1,2\n\n3\n', 'f.csv'))).toMatchObject({
    code: 'rowLength',
    message: expect.stringContaining('line 4') as string,
    place: { file: 'f.csv', line: 4 },
  });
});

test('a line break inside quotes does not shift the lines that are named after it', () => {
  const table = parseCsv('a,b\n1,"two\nlines"\n2,x\noops,y\n', 'f.csv');
  expect(fault(() => numbers(table, findColumn(table, 'a')))).toMatchObject({
    place: { line: 5, column: 1, path: 'a' },
  });
});

test.for(['0x10', 'Infinity', '1e999', '1 2'])('"%s" is not taken for a number', (cell) => {
  expect(fault(() => values(`a,b\n1,x\n2,x\n${cell},x\n`, 'a')).code).toBe('notANumber');
});

test('a quote that does not end is refused with its place', () => {
  expect(fault(() => parseCsv('a,b\n1,"x\n2,y\n', 'f.csv'))).toMatchObject({
    code: 'badCsv',
    place: { file: 'f.csv' },
  });
});

test('a comma beside decimal points is not taken for one of them', () => {
  expect(fault(() => values('a;b\n1.5;x\n2.5;x\n1,000;y\n', 'a')).code).toBe('notANumber');
});

test('a decimal comma is a number where fields are separated by semicolons', () => {
  expect(values('a;b\n1,5;x\n-2,25;y\n', 'a')).toEqual([1.5, -2.25]);
});
