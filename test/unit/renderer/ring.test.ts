import { describe, expect, it } from 'vitest';
import { Ring, type Batch } from '../../../renderer/scope/ring';

/** Rows from…to − 1 of a signal whose channel c is row + 1000 c, one row a millisecond. */
function batch(from: number, to: number, channels = 2): Batch {
  const rows = to - from;
  const index = Array.from({ length: rows }, (_, i) => from + i);
  return {
    timeS: Float64Array.from(index, (row) => row / 1000),
    gapBefore: Uint8Array.from(index, (row) => (row % 5 === 0 ? 1 : 0)),
    values: Float32Array.from(Array.from({ length: channels }, (_, c) => index.map((row) => row + 1000 * c)).flat()),
    classes: Int8Array.from(index, (row) => (row % 4) - 1),
    agree: Uint8Array.from(index, (row) => row % 3),
  };
}

/** What a ring that had taken rows 0…end − 1 must hold, computed without one. */
function expectHolds(ring: Ring, end: number): void {
  expect(ring.end).toBe(end);
  for (let row = Math.max(0, end - ring.capacity); row < end; row++) {
    const slot = row & ring.mask;
    expect(ring.timeS[slot]).toBe(row / 1000);
    expect(ring.gapBefore[slot]).toBe(row % 5 === 0 ? 1 : 0);
    expect(ring.classes[slot]).toBe((row % 4) - 1);
    expect(ring.agree[slot]).toBe(row % 3);
    ring.values.forEach((values, c) => expect(values[slot]).toBe(row + 1000 * c));
  }
}

describe('The ring of readings', () => {
  it('holds the newest rows for every way of cutting the stream into batches', () => {
    for (let first = 1; first <= 20; first++) {
      const ring = new Ring(2, 16);
      for (let from = 0; from < 45; from += first) ring.push(batch(from, Math.min(45, from + first)));
      expectHolds(ring, 45);
    }
  });

  it('keeps the end of a batch that is longer than itself', () => {
    const ring = new Ring(1, 8);
    ring.push(batch(0, 30, 1));
    expect(ring.end - ring.start).toBe(8);
    expect(ring.newestS).toBe(0.029);
    expect([...(ring.values[0] ?? [])].sort((a, b) => a - b)).toEqual([22, 23, 24, 25, 26, 27, 28, 29]);
  });

  it('finds the first row at or after a time', () => {
    const ring = new Ring(1, 16);
    ring.push(batch(0, 40, 1));
    expect(ring.rowAt(-1)).toBe(ring.start);
    expect(ring.rowAt(0.03)).toBe(30);
    expect(ring.rowAt(0.0301)).toBe(31);
    expect(ring.rowAt(9)).toBe(ring.end);
  });

  it('begins anew when the clock went far back, as after a restart of the engine', () => {
    const ring = new Ring(1, 16);
    ring.push(batch(5000, 5010, 1));
    ring.push(batch(3, 6, 1));
    expect(ring.end).toBe(3);
    expect(ring.newestS).toBe(0.005);
  });

  it('keeps what it holds when a fitted clock steps back a little, and its times in order', () => {
    const ring = new Ring(1, 16);
    ring.push(batch(100, 104, 1));
    ring.push(batch(101, 106, 1));
    expect(ring.end).toBe(9);
    expect([...ring.timeS.subarray(0, 9)]).toEqual([0.1, 0.101, 0.102, 0.103, 0.103, 0.103, 0.103, 0.104, 0.105]);
    expect(ring.rowAt(0.104)).toBe(7);
  });

  it('refuses a batch of other channels, because it would draw one as another', () => {
    expect(() => new Ring(3, 16).push(batch(0, 4, 2))).toThrow(/does not fit 3 channels/);
  });

  it('stands still as a copy', () => {
    const ring = new Ring(2, 16);
    ring.push(batch(0, 20));
    const still = ring.clone();
    ring.push(batch(20, 33));
    expectHolds(still, 20);
  });
});
