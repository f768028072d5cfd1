import { describe, expect, it } from 'vitest';
import { Columns } from '../../../renderer/scope/columns';
import { gapsBetween } from '../../../renderer/scope/gaps';
import { roundRange, roundUp, SteadyRange } from '../../../renderer/scope/range';
import { emptyColumns } from '../../../renderer/scope/recording';
import { Ring, type Batch } from '../../../renderer/scope/ring';
import { runs } from '../../../renderer/scope/runs';
import { ticks } from '../../../renderer/scope/ticks';

interface Row {
  timeS: number;
  value?: number;
  gap?: boolean;
  class?: number;
}

function batchOf(rows: Row[]): Batch {
  return {
    timeS: Float64Array.from(rows, (row) => row.timeS),
    gapBefore: Uint8Array.from(rows, (row) => (row.gap ? 1 : 0)),
    values: Float32Array.from(rows, (row) => row.value ?? 0),
    classes: Int8Array.from(rows, (row) => row.class ?? -1),
    agree: new Uint8Array(rows.length),
  };
}

function ringOf(rows: Row[], capacity = 1024): Ring {
  const ring = new Ring(1, capacity);
  ring.push(batchOf(rows));
  return ring;
}

describe('Thinning to pixel columns', () => {
  /** A plain search over all rows. */
  function expectColumns(columns: Columns, rows: Required<Row>[], stepS: number, first: number, end: number): void {
    for (let k = first; k < end; k++) {
      const inside = rows.filter((row) => Math.floor(row.timeS / stepS) === k);
      const values = inside.map((row) => Math.fround(row.value));
      const { min, max } = columns.extremes[0] ?? { min: [], max: [] };
      expect(min[k & columns.mask]).toBe(values.length > 0 ? Math.min(...values) : Number.NaN);
      expect(max[k & columns.mask]).toBe(values.length > 0 ? Math.max(...values) : Number.NaN);
      expect(columns.breaks[k & columns.mask]).toBe(inside.some((row) => row.gap) ? 1 : 0);
    }
  }
  function randomRows(count: number, seed: number): Required<Row>[] {
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    let timeS = 0;
    return Array.from({ length: count }, () => ({
      timeS: (timeS += random() * 0.02),
      value: random() * 10 - 5,
      gap: random() < 0.05,
      class: -1,
    }));
  }

  it('gives each column the least and greatest of its rows, as a plain search does, however the rows arrive', () => {
    const rows = randomRows(700, 7);
    for (const batch of [1, 13, 700]) {
      const ring = new Ring(1, 1024);
      const columns = new Columns();
      for (let from = 0; from < rows.length; from += batch) {
        ring.push(batchOf(rows.slice(from, from + batch)));
        columns.update(ring, 0.031, 0);
      }
      expectColumns(columns, rows, 0.031, 0, Math.floor(ring.newestS / 0.031) + 1);
    }
  });

  it('begins anew for another grid, for another ring and when the ring began anew', () => {
    const rows = randomRows(300, 3);
    const later = rows.map((row) => ({ ...row, timeS: row.timeS + 100 }));
    const ring = ringOf(later);
    const columns = new Columns();
    columns.update(ring, 0.05, 100);
    columns.update(ring, 0.02, 100);
    expectColumns(columns, later, 0.02, 5000, 5100);
    ring.push(batchOf(rows));
    columns.update(ring, 0.02, 0);
    expectColumns(columns, rows, 0.02, 0, 100);
    columns.update(ringOf(later), 0.02, 100);
    expectColumns(columns, later, 0.02, 5000, 5100);
  });

  it('shows nothing of what a column held before the grid came round to it again', () => {
    const ring = ringOf([{ timeS: 0.5, value: 9, gap: true }]);
    const columns = new Columns();
    columns.update(ring, 1, 0);
    ring.push(batchOf([{ timeS: columns.mask + 1.5, value: 2 }]));
    columns.update(ring, 1, 0);
    expect(columns.bounds(0, columns.mask + 1, columns.mask + 2)).toEqual([2, 2]);
    expect(columns.breaks[0]).toBe(0);
  });

  it('shows a gap from the last row before it to the first after it, and joins gaps that touch on the screen', () => {
    const ring = ringOf([
      { timeS: 0 },
      { timeS: 1, gap: true },
      { timeS: 1.01 },
      { timeS: 1.5, gap: true },
      { timeS: 4, gap: true },
    ]);
    expect(gapsBetween(ring, 0, 5, 0, 10)).toEqual([
      { fromS: 0, toS: 1 },
      { fromS: 1.01, toS: 4 },
    ]);
    expect(gapsBetween(ring, 0, 5, 0.1, 10)).toEqual([{ fromS: 0, toS: 4 }]);
  });

  it('does not draw a gap before the oldest row it holds: what was there is unknown', () => {
    expect(gapsBetween(ringOf([{ timeS: 5, gap: true }, { timeS: 6 }]), 0, 2, 0, 10)).toEqual([]);
  });
});

describe('The class band', () => {
  it('is made of runs that last until the next row of another class', () => {
    const ring = ringOf([
      { timeS: 0, class: 1 },
      { timeS: 1, class: 1 },
      { timeS: 2, class: 0 },
      { timeS: 3, class: 0 },
    ]);
    expect(runs(ring, ring.classes, 0, 4, 100)).toEqual([
      { value: 1, fromS: 0, toS: 2 },
      { value: 0, fromS: 2, toS: 3 },
    ]);
  });

  it('is broken by a gap, even between rows of one class', () => {
    const ring = ringOf([
      { timeS: 0, class: 1 },
      { timeS: 1, class: 1 },
      { timeS: 5, class: 1, gap: true },
      { timeS: 6, class: 1 },
    ]);
    expect(runs(ring, ring.classes, 0, 4, 100)).toEqual([
      { value: 1, fromS: 0, toS: 1 },
      { value: 1, fromS: 5, toS: 6 },
    ]);
  });

  it('never has more runs than asked for', () => {
    const ring = ringOf(Array.from({ length: 50 }, (_, i) => ({ timeS: i, class: i % 2 })));
    expect(runs(ring, ring.classes, 0, 50, 7)).toHaveLength(7);
  });
});

describe("A lane's range", () => {
  it('ends at round numbers around the signal', () => {
    expect(roundRange(-0.93, 0.95)).toEqual({ low: -1.5, high: 1.5 });
    expect(roundRange(0, 9)).toEqual({ low: -2, high: 10 });
    for (const [least, greatest] of [
      [1e-6, 3e-6],
      [-1e5, 12],
      [1480, 1481],
    ] as const) {
      const { low, high } = roundRange(least, greatest);
      expect(low).toBeLessThan(least);
      expect(high).toBeGreaterThan(greatest);
      expect(high - low).toBeLessThan((greatest - least) * 2.2);
    }
  });

  it('is never empty, also for a signal that stands still', () => {
    for (const value of [0, 5, -1e-3, 1e6]) {
      const { low, high } = roundRange(value, value);
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
  });

  it('grows at once and shrinks only after two quiet seconds', () => {
    const range = new SteadyRange();
    const wide = range.update(-10, 10, 0);
    expect(range.update(-1, 1, 100)).toEqual(wide);
    expect(range.update(-1, 1, 2000)).toEqual(wide);
    const narrow = range.update(-1, 1, 2100);
    expect(narrow.high).toBeLessThan(5);
    expect(range.update(-1, 40, 2116).high).toBeGreaterThanOrEqual(40);
  });

  it('starts its patience anew when the signal fills the lane again', () => {
    const range = new SteadyRange();
    const wide = range.update(-10, 10, 0);
    range.update(-1, 1, 100);
    range.update(-9, 9, 1900);
    range.update(-1, 1, 2000);
    expect(range.update(-1, 1, 3900)).toEqual(wide);
  });

  it('keeps what it was while nothing is in sight', () => {
    const range = new SteadyRange();
    const before = range.update(2, 3, 0);
    expect(range.update(Infinity, -Infinity, 10_000)).toEqual(before);
  });
});

describe('An axis', () => {
  it('carries marks at 1, 2, 5 times a power of ten', () => {
    expect(ticks(-10, 0, 5)).toEqual([-10, -8, -6, -4, -2, 0]);
    expect(ticks(0, 0.008, 5)).toEqual([0, 0.002, 0.004, 0.006, 0.008]);
    expect([0.3, 1, 1.1, 2.4, 7, 10].map(roundUp)).toEqual([0.5, 1, 2, 5, 10, 10]);
  });

  it('has none where there is no length or no room', () => {
    expect(ticks(3, 3, 5)).toEqual([]);
    expect(ticks(0, Number.NaN, 5)).toEqual([]);
    expect(ticks(0, 1, 0)).toEqual([]);
  });
});

describe('A recorded signal', () => {
  it('is hatched over each stretch of empty columns', () => {
    expect(emptyColumns(Float32Array.of(Number.NaN, 1, Number.NaN, Number.NaN, 2))).toEqual([
      { first: 0, end: 1 },
      { first: 2, end: 4 },
    ]);
  });
});
