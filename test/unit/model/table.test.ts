import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { classesOf, classIndices, labelValues, taskOf } from '../../../model/labels';
import { checkTable, columnsByName, completeRows, selectFeatures, type Table } from '../../../model/table';
import { tableBytes } from '../../../model/table-bytes';

const table: Table = {
  columns: [{ name: 'x', unit: 'mV' }, { name: 'y' }, { name: 'z' }],
  rows: 3,
  values: [Float64Array.of(1, 2, 3), Float64Array.of(4, NaN, 6), Float64Array.of(7, 8, Infinity)],
  label: { name: 'class', values: ['a', 'b', ''] },
};

describe('a table', () => {
  test('is narrowed to the features named, in their order, and without those dropped', () => {
    const chosen = selectFeatures(table, ['z', 'x', 'y'], ['y']);
    expect(chosen.columns.map((c) => c.name)).toEqual(['z', 'x']);
    expect(chosen.values[0]).toBe(table.values[2]);
    expect(selectFeatures(table).columns).toEqual(table.columns);
  });

  test.each([
    [['x', 'q'], [], 'noColumn', 'There is no column "q"; there are "x", "y" and "z".'],
    [undefined, ['q'], 'noColumn', 'There is no column "q"; there are "x", "y" and "z".'],
    [['x', 'x'], [], 'duplicateColumn', 'The feature "x" is named twice.'],
    [['x'], ['x'], 'noFeatures', 'There is nothing to learn from: every column is left out.'],
  ])('refuses features %j without %j: %s', (features, drop, code, message) => {
    expect(() => selectFeatures(table, features, drop)).toThrow(expect.objectContaining({ code, message }));
  });

  test('finds columns by name, whatever their order, and refuses another unit', () => {
    expect(columnsByName(table, [{ name: 'y' }, { name: 'x', unit: 'mV' }])).toEqual([
      table.values[1],
      table.values[0],
    ]);
    expect(columnsByName(table, [{ name: 'y', unit: 'V' }])).toEqual([table.values[1]]); // its own unit is not known
    expect(() => columnsByName(table, [{ name: 'x', unit: 'V' }])).toThrow(
      'Column "x" is in mV; the model was trained on V.',
    );
  });

  test('refuses two columns of one name, and lengths that disagree', () => {
    expect(() => checkTable({ ...table, columns: [{ name: 'x' }, { name: 'x' }, { name: 'z' }] })).toThrow(
      'Two columns are called "x"',
    );
    expect(() => checkTable({ ...table, rows: 4 })).toThrow('differ in length');
    expect(() => checkTable({ ...table, group: { name: 'g', values: ['1'] } })).toThrow('differ in length');
  });

  test('has complete rows where every number is there and finite', () => {
    expect([...completeRows(3, table.values)]).toEqual([0]);
  });

  test('has bytes that change with every part of it', () => {
    const hash = (t: Table): string => createHash('sha256').update(tableBytes(t)).digest('hex');
    const changes: Partial<Table>[] = [
      { columns: [{ name: 'x', unit: 'V' }, { name: 'y' }, { name: 'z' }] },
      { values: [Float64Array.of(1, 2, 3.0000001), ...table.values.slice(1)] },
      { label: { name: 'class', values: ['a', 'b', 'b'] } },
      { group: { name: 'class', values: ['a', 'b', ''] } },
      { timeSeries: true },
    ];
    const hashes = [table, ...changes.map((change) => ({ ...table, ...change }))].map(hash);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hash({ ...table, values: table.values.map((v) => v.slice()) })).toBe(hashes[0]);
  });
});

describe('labels', () => {
  test.each([
    ['classification', ['normal', 'worn']],
    ['classification', ['1', '2', 'x']],
    ['classification', Array.from({ length: 20 }, (_, i) => String(i))],
    ['classification', ['1', '1.0', ' 1 ', '2e0']],
    ['regression', Array.from({ length: 21 }, (_, i) => String(i))],
    ['regression', ['1', '2.5']],
    ['classification', ['0x10', '1']],
  ])('ask for %s: %j', (task, labels) => expect(taskOf(labels)).toBe(task));

  test('are classes in the order of numbers, then of texts', () => {
    expect(classesOf(['b', '10', '2', 'a', '2.0', ' b'])).toEqual(['2', '10', 'a', 'b']);
  });

  test('become indices; blank and unknown ones none', () => {
    expect([...classIndices(['1.0', 'x', '', '  ', '3'], ['1', 'x'])]).toEqual([0, 1, -1, -1, -1]);
  });

  test('become values, and text among them is told with its row', () => {
    expect([...labelValues(['1.5', '', '-2e1'], 'y')]).toEqual([1.5, NaN, -20]);
    expect(() => labelValues(['1.5', 'high'], 'y')).toThrow(
      'Row 2: the value to be learnt ("y") is "high", which is not a number.',
    );
  });

  test('of more than a thousand kinds are refused as classes', () => {
    expect(() => classesOf(Array.from({ length: 1001 }, (_, i) => `id${i}`))).toThrow('Is it the right column?');
  });
});
