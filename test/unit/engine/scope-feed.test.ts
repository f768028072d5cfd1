// What the scope is sent: in units, with its gaps, and within limits however slow it is.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Readings } from '../../../device/readings';
import { ScopeFeed } from '../../../main/engine/scope-feed';
import type { BoardChannel } from '../../../model/input-map';
import { Scope } from './app';

const channels: BoardChannel[] = [
  { name: 'a', unit: 'V', unitPerCount: 0.5, offset: 1, maxCount: 1023 },
  { name: 'b', unit: '', unitPerCount: 1, offset: 0, maxCount: 1023 },
];

let next = 0;
function batch(rows: number, missing = 0): Readings {
  const first = (next += missing);
  next += rows;
  const sequence = Float64Array.from({ length: rows }, (_, i) => first + i);
  return {
    rows,
    channels: 2,
    sequence,
    timeS: sequence.map((s) => s / 100),
    deviceTimeS: sequence.map((s) => s / 100),
    raw: Int16Array.from({ length: rows * 2 }, (_, i) => ((first + (i >> 1)) % 1000) * (1 + (i % 2))),
    missing: new Float64Array(rows).fill(missing, 0, 1),
    generation: new Uint8Array(rows),
    classes: new Uint8Array(rows),
    scores: new Uint8Array(0),
    outputs: 0,
    arrivalS: 0,
  };
}

function feedTo(scope: Scope): ScopeFeed {
  const feed = new ScopeFeed('d');
  feed.describe(channels, ['x', 'y']);
  feed.attach(scope);
  return feed;
}

beforeEach(() => {
  next = 0;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('a scope that takes what it is sent', () => {
  test('is told the channels first, then values in their units, channel by channel', () => {
    const scope = new Scope();
    const feed = feedTo(scope);
    feed.add(batch(3), { classes: Int8Array.of(0, 1, -1), agree: Uint8Array.of(1, 0, 2) });
    feed.add(batch(2, 4), null);
    vi.advanceTimersByTime(16);
    expect(scope.announced).toEqual([
      {
        type: 'channels',
        device: 'd',
        channels: channels.map(({ name, unit }) => ({ name, unit })),
        classes: ['x', 'y'],
      },
    ]);
    expect(scope.columns).toEqual([
      {
        type: 'columns',
        device: 'd',
        timeS: Float64Array.of(0, 0.01, 0.02, 0.07, 0.08),
        gapBefore: Uint8Array.of(0, 0, 0, 1, 0),
        values: Float32Array.of(1, 1.5, 2, 4.5, 5, 0, 2, 4, 14, 16),
        classes: Int8Array.of(0, 1, -1, -1, -1),
        agree: Uint8Array.of(1, 0, 2, 2, 2),
        skippedRows: 0,
      },
    ]);
  });

  test('gets batches, not single readings', () => {
    const scope = new Scope();
    const feed = feedTo(scope);
    for (let i = 0; i < 100; i++) {
      feed.add(batch(1), null);
      vi.advanceTimersByTime(4);
    }
    vi.advanceTimersByTime(50);
    expect(scope.rows('d')).toBe(100);
    expect(scope.columns.length).toBeLessThanOrEqual(26);
  });
});

describe('a scope that takes nothing', () => {
  test('has two messages and no more; the newest rows wait for it, the others are counted and leave a gap', () => {
    const scope = new Scope(true);
    const feed = feedTo(scope);
    let sent = 0;
    for (let i = 0; i < 500; i++) {
      feed.add(batch(100), null);
      sent += 100;
      vi.advanceTimersByTime(16);
    }
    expect(scope.columns).toHaveLength(2);
    scope.resume();
    vi.advanceTimersByTime(100);
    const third = scope.columns[2];
    expect(third?.skippedRows).toBeGreaterThan(0);
    expect(third?.gapBefore[0]).toBe(1);
    expect(third?.timeS.length).toBeLessThanOrEqual(20_000);
    expect(third?.timeS.at(-1)).toBeCloseTo((sent - 1) / 100, 9);
    expect(scope.rows('d') + scope.columns.reduce((sum, c) => sum + c.skippedRows, 0)).toBe(sent);
  });

  test('and is replaced: the new one begins with the channels and a gap, and the old one’s word counts no more', () => {
    const old = new Scope(true);
    const feed = feedTo(old);
    for (let i = 0; i < 4; i++) {
      feed.add(batch(5), null);
      vi.advanceTimersByTime(16);
    }
    const fresh = new Scope(true);
    feed.attach(fresh);
    for (let i = 0; i < 10; i++) {
      feed.add(batch(5), null);
      vi.advanceTimersByTime(16);
      old.resume();
    }
    expect(old.columns).toHaveLength(2);
    expect(fresh.announced).toHaveLength(1);
    expect(fresh.columns).toHaveLength(2);
    expect(fresh.columns[0]?.gapBefore[0]).toBe(1);
  });
});

test('after close nothing is sent', () => {
  const scope = new Scope();
  const feed = feedTo(scope);
  feed.add(batch(5), null);
  feed.close();
  feed.add(batch(5), null);
  vi.advanceTimersByTime(100);
  expect(scope.columns).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
});
