// Readings in columns: a batch of any size, with and without results, is what was added, row by row.
import { describe, expect, test } from 'vitest';
import { Random } from '../../../device/emulator/random';
import { type Readings, ReadingsBuilder } from '../../../device/readings';

const CHANNELS = 3;
const RESULT_AT = 8 + 2 * CHANNELS;

interface Row {
  sequence: number;
  missing: number;
  generation: number;
  values: number[];
  class: number;
  scores: number[];
}

function add(builder: ReadingsBuilder, row: Row): void {
  const withResult = row.generation > 0;
  const body = new DataView(new ArrayBuffer(RESULT_AT + (withResult ? 1 + row.scores.length : 0)));
  row.values.forEach((value, c) => body.setInt16(8 + 2 * c, value, true));
  if (withResult) [row.class, ...row.scores].forEach((byte, i) => body.setUint8(RESULT_AT + i, byte));
  const { sequence, missing, generation } = row;
  builder.add(sequence, missing, sequence / 100, 5 + sequence / 100, generation, body, withResult ? RESULT_AT : -1);
}

/** As the batch says, by row; scores filled up with 0 to its width. */
function rowsOf(batch: Readings): Row[] {
  return Array.from({ length: batch.rows }, (_, r) => ({
    sequence: batch.sequence[r] ?? NaN,
    missing: batch.missing[r] ?? NaN,
    generation: batch.generation[r] ?? NaN,
    values: [...batch.raw.subarray(r * CHANNELS, (r + 1) * CHANNELS)],
    class: batch.classes[r] ?? NaN,
    scores: [...batch.scores.subarray(r * batch.outputs, (r + 1) * batch.outputs)],
  }));
}

function randomRow(random: Random, sequence: number, outputs: number): Row {
  const byte = (): number => random.uint32() & 0xff;
  return {
    sequence,
    missing: byte() % 3,
    generation: outputs === 0 ? 0 : 1 + (byte() % 255),
    values: Array.from({ length: CHANNELS }, () => (random.uint32() & 0xffff) - 0x8000),
    class: outputs === 0 ? 0 : byte(),
    scores: Array.from({ length: outputs }, byte),
  };
}

function check(builder: ReadingsBuilder, rows: readonly Row[]): Readings {
  for (const row of rows) add(builder, row);
  const batch = builder.take(9);
  const width = Math.max(0, ...rows.map(({ scores }) => scores.length));
  const padded = rows.map((row) => ({
    ...row,
    scores: [...row.scores, ...new Array<number>(width - row.scores.length).fill(0)],
  }));
  expect(batch.outputs).toBe(width);
  expect(batch.arrivalS).toBe(9);
  expect(rowsOf(batch)).toEqual(padded);
  expect([...batch.timeS]).toEqual(rows.map(({ sequence }) => 5 + sequence / 100));
  expect([...batch.deviceTimeS]).toEqual(rows.map(({ sequence }) => sequence / 100));
  expect(builder.empty).toBe(true);
  return batch;
}

describe('a batch', () => {
  test.each([1, 63, 64, 65, 128, 129, 1000])('of %i rows without results', (rows) => {
    const random = new Random(rows);
    check(
      new ReadingsBuilder(CHANNELS),
      Array.from({ length: rows }, (_, i) => randomRow(random, i, 0)),
    );
  });

  test('whose results begin, grow and end in the midst of it, over the growth of the columns', () => {
    const random = new Random(4);
    const outputs = (i: number): number => (i < 50 ? 0 : i < 80 ? 4 : i < 200 ? 7 : i < 260 ? 0 : 2);
    check(
      new ReadingsBuilder(CHANNELS),
      Array.from({ length: 300 }, (_, i) => randomRow(random, i, outputs(i))),
    );
  });

  test('is its own: the next one, of another shape, leaves it as it was', () => {
    const random = new Random(8);
    const builder = new ReadingsBuilder(CHANNELS);
    const first = check(
      builder,
      [0, 1, 2].map((i) => randomRow(random, i, 5)),
    );
    const before = structuredClone(first);
    for (const outputs of [0, 3, 5, 0, 6])
      check(
        builder,
        Array.from({ length: 100 }, (_, i) => randomRow(random, i, outputs)),
      );
    expect(first).toEqual(before);
  });
});
