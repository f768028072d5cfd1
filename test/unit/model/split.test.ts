import { describe, expect, test } from 'vitest';
import { Random } from '../../../model/random';
import { splitRows, type Split, type SplitRequest } from '../../../model/split';

const count = (rows: number): Int32Array => Int32Array.from({ length: rows }, (_, i) => i);
const split = (request: SplitRequest, seed = 1): Split => splitRows(request, new Random(seed));

/** Groups in a row, each of `rows` rows and one class. */
function grouped(classes: readonly number[], rows: number): SplitRequest & { of: (row: number) => number } {
  const of = (row: number): number => Math.floor(row / rows);
  const all = count(classes.length * rows);
  const classOf = all.map((row) => classes[of(row)] ?? 0);
  return { rows: all, classOf, group: { name: 'recording', values: Array.from(all, (r) => `r${of(r)}`) }, of };
}

function expectWhole(request: SplitRequest, { train, validation, test }: Split): void {
  expect([...train, ...validation, ...test].sort((a, b) => a - b)).toEqual([...request.rows]);
  for (const part of [train, validation, test]) expect([...part]).toEqual([...part].sort((a, b) => a - b));
}

describe('rows are split', () => {
  test('by group where every class has two or more, the last of each class held back', () => {
    const request = grouped([0, 1, 0, 1, 0, 1, 0, 1], 10);
    const found = split(request);
    expectWhole(request, found);
    expect(found).toMatchObject({ by: 'group', column: 'recording' });
    const groups = (rows: Int32Array): number[] => [...new Set(Array.from(rows, request.of))];
    expect(groups(found.test)).toEqual([6, 7]);
    expect(groups(found.validation)).toEqual([4, 5]);
    expect(groups(found.train)).toEqual([0, 1, 2, 3]);
  });

  test('with two groups each, the end of the first validates', () => {
    const request = grouped([0, 1, 1, 0], 20);
    const found = split(request);
    expectWhole(request, found);
    expect(found.by).toBe('group');
    expect([...new Set(Array.from(found.test, request.of))]).toEqual([2, 3]);
    expect([...found.validation]).toEqual([17, 18, 19, 37, 38, 39]);
  });

  test('by group with several classes in each, as long as every class trains', () => {
    const rows = count(60);
    const group = { name: 'day', values: Array.from(rows, (r) => `d${Math.floor(r / 10)}`) };
    const mixed = { rows, classOf: rows.map((r) => r % 2), group };
    expect(split(mixed)).toMatchObject({ by: 'group', test: Int32Array.from({ length: 10 }, (_, i) => 50 + i) });
    const onlyInTheLast = { rows, classOf: rows.map((r) => Number(r >= 50)), group };
    expect(split(onlyInTheLast).by).toBe('stratified');
  });

  test('in stretches of time when a class has one group only and rows follow each other', () => {
    const request = { ...grouped([0, 1, 2], 200), timeSeries: true };
    const found = split(request);
    expectWhole(request, found);
    expect(found.by).toBe('time');
    expect(found.test).toHaveLength(120);
    expect(found.validation).toHaveLength(90);
    // 4 of the 20 stretches of each series: as many edges, not one for each row
    const edges = [...found.test].filter((row, i, all) => i === 0 || all[i - 1] !== row - 1).length;
    expect(edges).toBeLessThanOrEqual(12);
    expect(new Set(Array.from(found.test, request.of)).size).toBe(3);
  });

  test('in stretches of time so that every part has every class where that is possible', () => {
    const rows = count(400);
    const classOf = rows.map((r) => Number(r % 100 >= 75));
    for (let seed = 0; seed < 5; seed++) {
      const found = split({ rows, classOf, timeSeries: true }, seed);
      for (const part of [found.train, found.validation, found.test]) {
        expect(new Set(Array.from(part, (r) => classOf[r])).size).toBe(2);
      }
    }
  });

  test('row by row with the same share of each class when nothing says that they belong together', () => {
    const rows = count(1000);
    const classOf = rows.map((r) => Number(r % 10 === 0));
    const request = { rows, classOf };
    const found = split(request);
    expectWhole(request, found);
    expect(found.by).toBe('stratified');
    const rare = (part: Int32Array): number => part.filter((r) => classOf[r] === 1).length;
    expect([rare(found.train), rare(found.validation), rare(found.test)]).toEqual([65, 15, 20]);
    expect(split(request)).toEqual(found);
    expect(split(request, 2).test).not.toEqual(found.test);
  });

  test('at random when values are to be learnt', () => {
    const found = split({ rows: count(100) });
    expect(found).toMatchObject({ by: 'random' });
    expect([found.train.length, found.validation.length, found.test.length]).toEqual([65, 15, 20]);
  });

  test('and a single row of a class trains', () => {
    const rows = count(21);
    expect(split({ rows, classOf: rows.map((r) => Number(r === 20)) }).train).toContain(20);
  });

  test('only as far as they can be used', () => {
    const rows = count(100).filter((r) => r % 3 !== 0);
    const request = { rows, classOf: count(100).map((r) => r % 2), timeSeries: true };
    expectWhole(request, split(request));
  });

  test('whole, with many rows in many groups', () => {
    const request = grouped(
      Array.from({ length: 20_000 }, (_, g) => g % 2),
      10,
    );
    const found = split(request);
    expect(found.train.length + found.validation.length + found.test.length).toBe(200_000);
    expect(found.test).toHaveLength(40_000);
  });
});
