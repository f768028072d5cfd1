// The two paces without a worker: the wall clock is an argument, timers are vitest's.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type FromEmulator, MAX_UNACKNOWLEDGED } from '../../../device/emulator/messages';
import { FreePace, RealPace } from '../../../device/emulator/pace';
import { Runner } from '../../../device/emulator/runner';
import { encodeFrame } from '../../../device/wire/framer';
import { encodeHello, encodeStart, Type } from '../../../device/wire/messages';
import { unoHex } from './rig';

type Output = Extract<FromEmulator, { type: 'output' }>;

const start = encodeFrame(Type.start, 1, encodeStart(200, 0x7fffffff));
let posted: Output[];
let runner: Runner;

beforeEach(() => {
  vi.useFakeTimers();
  posted = [];
  runner = new Runner(
    { scenario: 'industrial', seed: 1, state: 'normal', pace: 'real', imageHex: unoHex },
    Infinity,
    (message) => {
      if (message.type === 'output') posted.push(message);
    },
  );
  runner.run(0.01);
});
afterEach(() => {
  vi.useRealTimers();
});

const bytesOf = (outputs: readonly Output[]): number =>
  outputs.flatMap((output) => output.pieces).reduce((sum, piece) => sum + piece.bytes.length, 0);

describe('real pace', () => {
  let wallMs: number;
  let pace: RealPace;
  const pass = (ms: number, steps = 1): void => {
    for (let i = 0; i < steps; i++) {
      wallMs += ms;
      vi.advanceTimersByTime(4);
    }
  };

  beforeEach(() => {
    wallMs = 5000;
    pace = new RealPace(runner, () => wallMs);
    pace.start();
  });
  afterEach(() => pace.stop());

  test('follows the wall clock', () => {
    pass(4, 100);
    expect(runner.timeS).toBeCloseTo(0.41, 5);
    pass(40, 10);
    expect(runner.timeS).toBeCloseTo(0.81, 5);
    expect(runner.skippedS).toBe(0);
  });

  test('leaves out what it is more than 250 ms behind, and tells', () => {
    pass(4000);
    expect(runner.timeS).toBeCloseTo(0.01 + 0.25, 5);
    expect(posted.at(-1)?.progress.skippedS).toBeCloseTo(3.75, 5);
    pass(4);
    expect(runner.timeS).toBeCloseTo(0.01 + 0.254, 5);
  });

  test('drops and counts what is sent while nobody acknowledges', () => {
    runner.receive(start);
    pass(4, MAX_UNACKNOWLEDGED);
    const kept = posted.length;
    expect(kept).toBe(MAX_UNACKNOWLEDGED);
    pass(4, 250);
    expect(posted.length).toBe(kept);
    pace.acknowledged();
    pass(4);
    const dropped = posted.at(-1)?.progress.droppedBytes ?? 0;
    // A second of 200 readings of 26 bytes.
    expect(dropped).toBeGreaterThan(4500);
    expect(dropped).toBeLessThan(5700);
  });
});

describe('free pace', () => {
  let pace: FreePace;
  /** As the host does: takes what was posted and acknowledges it. */
  const acknowledge = (times: number): void => {
    for (let i = 0; i < times; i++) pace.acknowledged();
  };

  beforeEach(() => {
    pace = new FreePace(runner);
  });
  afterEach(() => pace.stop());

  test('runs one step and waits for the acknowledgement', () => {
    pace.start();
    expect([posted.length, runner.timeS]).toEqual([1, expect.closeTo(0.03, 5)]);
    vi.advanceTimersByTime(60_000);
    expect(posted.length).toBe(1);
    acknowledge(1);
    expect([posted.length, runner.timeS]).toEqual([2, expect.closeTo(0.05, 5)]);
  });

  test('takes short steps after the host has said something, and long ones again later', () => {
    pace.start();
    runner.receive(Uint8Array.of(0)); // not answered
    pace.afterBytes();
    acknowledge(10);
    expect(runner.timeS).toBeCloseTo(0.03 + 10 * 0.002, 4);
    acknowledge(15);
    const { timeS } = runner;
    acknowledge(10);
    expect(runner.timeS - timeS).toBeCloseTo(10 * 0.02, 4);
  });

  test('ends a step as soon as the board has answered', () => {
    pace.start();
    runner.receive(encodeFrame(Type.hello, 1, encodeHello()));
    pace.afterBytes();
    const said = (): Output['pieces'][number] | undefined => posted.at(-1)?.pieces[0];
    while (said() === undefined) acknowledge(1);
    const { timeS } = runner;
    // The answer is longer than one step: what is posted may be a part, but time never runs on behind it.
    while (said() !== undefined) acknowledge(1);
    const lastS = posted.at(-2)?.pieces[0]?.endS ?? NaN;
    expect(posted.at(-2)?.progress.timeS).toBeLessThan(lastS + 0.0005);
    expect(lastS).toBeGreaterThanOrEqual(timeS - 0.0005);
  });

  test('streams on without timers', () => {
    pace.start();
    runner.receive(start);
    pace.afterBytes();
    acknowledge(125);
    expect(bytesOf(posted)).toBeGreaterThan(200 * 26);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('slows to the wall clock when nothing is said for half a second, and wakes at once when the host speaks', () => {
    pace.start();
    acknowledge(40);
    expect(runner.timeS).toBeLessThan(0.6);
    const { timeS } = runner;
    vi.advanceTimersByTime(20);
    expect(runner.timeS).toBeCloseTo(timeS + 0.02, 4);
    acknowledge(1); // waits for its timer now
    const before = posted.length;
    runner.receive(start);
    pace.afterBytes();
    expect(posted.length).toBe(before + 1);
  });
});
