// A board's stream on the real firmware: every reading is received or accounted for, whatever the line does (PROTOCOL.md 3 and 5).
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Board } from '../../../device/board';
import type { Readings } from '../../../device/readings';
import type { CloseReason } from '../../../device/transport/transport';
import { Type } from '../../../device/wire/messages';
import { parseImage, runImage } from '../../../model/image';
import { sumModel } from '../firmware/small-model';
import { CHANNELS, type Losing, UnoWire } from './wires';

const isReading: Losing = (type) => type === Type.reading;

class Rig {
  readonly wire: UnoWire;
  readonly board: Board;
  readonly batches: Readings[] = [];
  readonly closed: CloseReason[] = [];
  restarts = 0;

  constructor(seed = 1, losing?: Losing, voltsAt?: (pin: number, timeS: number) => number) {
    this.wire = new UnoWire(seed, losing, voltsAt);
    this.board = new Board(this.wire, {
      onReadings: (readings) => this.batches.push(readings),
      onRestart: () => this.restarts++,
      onClose: (reason) => this.closed.push(reason),
    });
  }

  static async open(...options: ConstructorParameters<typeof Rig>): Promise<Rig> {
    const rig = new Rig(...options);
    await rig.wire.until(rig.board.open());
    return rig;
  }

  start(rateHz: number): Promise<{ rateHz: number }> {
    return this.wire.until(this.board.start(rateHz));
  }

  /** A result of 32 scores in each reading: the line carries about 195 readings a second of that. */
  async fillLine(): Promise<void> {
    await this.wire.until(this.board.upload(sumModel(32), 9));
    await this.wire.until(this.board.run(true));
  }

  column(name: 'sequence' | 'timeS' | 'deviceTimeS' | 'missing'): number[] {
    return this.batches.flatMap((batch) => [...batch[name]]);
  }
}

const steps = (values: readonly number[]): number[] => values.slice(1).map((v, i) => v - (values[i] ?? NaN));

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

describe('what a board is', () => {
  test('is learnt when it is opened', async () => {
    const { board } = await Rig.open();
    expect(board.info).toMatchObject({ major: 1, channels: CHANNELS, cpuHz: 16e6, maxFrameBytes: 126 });
    expect(board.channels.map(({ index, bits }) => [index, bits])).toEqual([0, 1, 2, 3, 4, 5].map((i) => [i, 10]));
    expect(board.has('int8')).toBe(true);
    expect(board.link.windowBytes).toBe(board.info.windowBytes);
  });

  test('a line on which nothing answers closes again and fails as noAnswer', async () => {
    const rig = new Rig(1, () => true);
    await expect(rig.wire.until(rig.board.open())).rejects.toMatchObject({ code: 'noAnswer' });
    expect(rig.closed).toEqual([{ code: 'closed', message: 'closed' }]);
    expect(rig.wire.lost.get(Type.hello)).toBe(12);
  });

  test('requests and answers that are lost are asked again', async () => {
    const rig = await Rig.open(3, (type, random) => type !== Type.reading && random.uniform() < 0.2);
    const pings = [];
    for (let i = 0; i < 10; i++) pings.push(await rig.wire.until(rig.board.ping(Uint8Array.of(i, 2, 3))));
    expect(rig.board.link.repeats).toBeGreaterThan(0);
    expect(pings).toHaveLength(10);
  });
});

describe('the stream', () => {
  test('brings each reading once, at its period, with what stood at the pins', async () => {
    const rig = await Rig.open(1, undefined, (pin) => 0.5 + pin * 0.7);
    const { rateHz } = await rig.start(250);
    expect(rateHz).toBe(250);
    rig.wire.run(2);
    const losses = await rig.wire.until(rig.board.stop());
    expect(losses).toEqual({
      produced: losses.received,
      received: losses.received,
      device: { noCredit: 0, txFull: 0, missed: 0 },
      wire: 0,
    });
    expect(rig.column('sequence')).toEqual(Array.from({ length: losses.received }, (_, i) => i));
    expect(losses.received).toBeGreaterThanOrEqual(499);
    for (const step of steps(rig.column('deviceTimeS'))) expect(Math.abs(step - 0.004)).toBeLessThan(20e-6);
    for (const { raw, rows } of rig.batches)
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < CHANNELS; c++)
          expect(Math.abs((raw[r * CHANNELS + c] ?? NaN) - ((0.5 + c * 0.7) / 5) * 1024)).toBeLessThanOrEqual(2);
  });

  test.each([1, 2, 3])('frames lost on the wire are counted exactly, seed %i', async (seed) => {
    const rig = await Rig.open(seed);
    await rig.start(250);
    rig.wire.losing = (type, random) => type === Type.reading && random.uniform() < 0.15;
    rig.wire.run(4);
    const losses = await rig.wire.until(rig.board.stop());
    const lost = rig.wire.lost.get(Type.reading) ?? 0;
    expect(lost).toBeGreaterThan(100);
    expect(losses.wire).toBe(lost);
    expect(losses.received).toBe(rig.column('sequence').length);
    expect(losses.produced).toBe(losses.received + losses.wire);
    expect(losses.device).toEqual({ noCredit: 0, txFull: 0, missed: 0 });
    // Each gap stands at the row behind it; only what was lost after the last row has none.
    const sequence = rig.column('sequence');
    const before = rig.column('missing').reduce((sum, m) => sum + m, 0);
    expect(before).toBe((sequence.at(-1) ?? 0) + 1 - sequence.length);
  });

  test('the board’s own losses are told from the wire’s: no credit, and a line that is too slow', async () => {
    const rig = await Rig.open(5);
    await rig.fillLine();
    await rig.start(250);
    rig.wire.run(1);
    rig.wire.losing = (type, random) => type === Type.reading && random.uniform() < 0.05;
    rig.board.holdCredit = true;
    rig.wire.run(4);
    const held = await rig.wire.until(rig.board.measureLosses());
    expect(held.device.noCredit).toBeGreaterThan(200);
    rig.board.holdCredit = false;
    rig.board.grantCredit();
    rig.wire.run(1);
    const losses = await rig.wire.until(rig.board.stop());
    const { noCredit, txFull, missed } = losses.device;
    expect(losses.wire).toBe(rig.wire.lost.get(Type.reading));
    expect(losses.produced).toBe(losses.received + losses.wire + noCredit + txFull + missed);
    expect(txFull).toBeGreaterThan(0);
  });

  test('a stream that ran dry for long comes back with the next counters', async () => {
    const rig = await Rig.open();
    await rig.start(200);
    rig.board.holdCredit = true;
    rig.wire.run(8);
    rig.board.holdCredit = false;
    const dry = rig.column('sequence').length;
    expect(dry).toBe(400);
    await rig.wire.until(rig.board.measureLosses());
    rig.board.grantCredit();
    rig.wire.run(1);
    expect(rig.column('sequence').length - dry).toBeGreaterThanOrEqual(195);
    const losses = await rig.wire.until(rig.board.stop());
    expect(losses.wire).toBe(0);
  });

  test('a CREDIT that is lost, and the next one too, costs no reading', async () => {
    const rig = await Rig.open();
    await rig.start(200);
    let credits = 0;
    rig.wire.losing = (type) => type === Type.credit && credits++ % 3 !== 2;
    rig.wire.run(6);
    expect(rig.wire.lost.get(Type.credit)).toBeGreaterThan(4);
    const losses = await rig.wire.until(rig.board.stop());
    expect(losses.device.noCredit).toBe(0);
    expect(losses.received).toBe(losses.produced);
  });

  test('losses stay exact when the answer to START is lost and the board streams already', async () => {
    const rig = await Rig.open();
    await rig.fillLine();
    let dropped = 0;
    rig.wire.losing = (type) => type === (Type.start | 0x80) && dropped++ === 0;
    await rig.start(250);
    rig.wire.losing = () => false;
    expect(rig.board.link.repeats).toBe(1);
    rig.wire.run(0.5);
    const losses = await rig.wire.until(rig.board.stop());
    const { noCredit, txFull, missed } = losses.device;
    expect(txFull).toBeGreaterThan(0);
    expect(losses.wire).toBe(0);
    expect(losses.received).toBe(rig.column('sequence').length);
    expect(losses.produced).toBe(losses.received + noCredit + txFull + missed);
  });

  test('a start while it streams changes the rate and counts anew', async () => {
    const rig = await Rig.open();
    await rig.start(250);
    rig.wire.run(1);
    const before = rig.column('sequence').length;
    const { rateHz } = await rig.start(100);
    expect(rateHz).toBe(100);
    rig.wire.run(1);
    const losses = await rig.wire.until(rig.board.stop());
    expect(losses.wire).toBe(0);
    expect(losses.produced).toBe(losses.received);
    expect(losses.received).toBeLessThan(130);
    const sequence = rig.column('sequence');
    expect(sequence).toEqual(sequence.map((_, i) => i));
    expect(before).toBeGreaterThan(200);
  });

  test('times on the host’s clock never run backwards and keep the board’s distances', async () => {
    const rig = await Rig.open();
    await rig.start(200);
    rig.wire.run(3);
    const timeS = rig.column('timeS');
    for (const step of steps(timeS)) expect(step).toBeGreaterThanOrEqual(0);
    const deviceS = rig.column('deviceTimeS');
    const offset = timeS.map((t, i) => t - (deviceS[i] ?? NaN));
    expect(Math.max(...offset) - Math.min(...offset)).toBeLessThan(0.001);
  });
});

test.each([170, 70, 3])(
  'the rate the board keeps when asked for %i/s is a rate that can be asked for again',
  async (rateHz) => {
    const rig = await Rig.open();
    const first = await rig.start(rateHz);
    expect(Math.abs(first.rateHz - rateHz)).toBeLessThan(0.05);
    await expect(rig.start(first.rateHz)).resolves.toEqual(first);
  },
);

describe('a board that was reset', () => {
  test('is noticed at its next counters, and starts again from nothing', async () => {
    const rig = await Rig.open();
    await rig.start(200);
    rig.wire.run(1);
    const received = rig.column('sequence').length;
    rig.wire.board.reset();
    rig.wire.run(0.2);
    const ended = await rig.wire.until(rig.board.measureLosses());
    vi.advanceTimersByTime(0);
    expect(rig.restarts).toBe(1);
    expect(ended).toEqual({
      produced: received,
      received,
      device: { noCredit: 0, txFull: 0, missed: 0 },
      wire: 0,
    });
    await rig.start(200);
    rig.batches.length = 0;
    rig.wire.run(0.5);
    const losses = await rig.wire.until(rig.board.stop());
    expect(rig.column('sequence')[0]).toBe(0);
    expect(losses).toMatchObject({ produced: losses.received, wire: 0 });
    expect(rig.restarts).toBe(1);
  });

  test('is noticed before its first reading too', async () => {
    const rig = await Rig.open();
    rig.wire.run(2);
    await rig.start(1);
    rig.wire.losing = isReading;
    rig.wire.board.reset();
    rig.wire.run(0.2);
    await rig.wire.until(rig.board.measureLosses());
    vi.advanceTimersByTime(0);
    expect(rig.restarts).toBe(1);
  });

  test('does not make a stop answer with nonsense', async () => {
    const rig = await Rig.open();
    await rig.start(200);
    rig.wire.run(1);
    rig.wire.board.reset();
    rig.wire.run(0.2);
    const losses = await rig.wire.until(rig.board.stop());
    expect(losses).toMatchObject({ produced: losses.received, wire: 0 });
    expect(losses.received).toBeGreaterThan(150);
  });
});

describe('a model', () => {
  test('is uploaded over a line that loses frames, and computes there what it computes here', async () => {
    const rig = await Rig.open(7, undefined, (pin, timeS) => 2.5 + 2 * Math.sin(timeS * (1 + pin)));
    await rig.start(200);
    rig.wire.losing = (type, random) => type !== Type.reading && random.uniform() < 0.08;
    const bytes = sumModel(4);
    const shares: number[] = [];
    const committed = await rig.wire.until(rig.board.upload(bytes, 77, (share) => shares.push(share)));
    expect(committed).toMatchObject({ generation: 77, inputs: 6, outputs: 4 });
    expect(shares.at(-1)).toBe(1);
    rig.wire.losing = () => false;
    expect(await rig.wire.until(rig.board.run(true))).toBe(77);
    rig.batches.length = 0;
    rig.wire.run(0.5);
    const image = parseImage(bytes, CHANNELS);
    let compared = 0;
    for (const batch of rig.batches) {
      for (let r = 0; r < batch.rows; r++, compared++) {
        const twin = runImage(image, batch.raw.subarray(r * CHANNELS, (r + 1) * CHANNELS));
        expect(batch.generation[r]).toBe(77);
        expect(batch.classes[r]).toBe(twin.class);
        expect([...batch.scores.subarray(r * batch.outputs, (r + 1) * batch.outputs)]).toEqual([...twin.scores]);
      }
    }
    expect(compared).toBeGreaterThan(80);
    const raw = Int16Array.of(1, 200, 300, 1023, 0, 77);
    const inferred = await rig.wire.until(rig.board.infer(raw));
    expect([...inferred.scores]).toEqual([...runImage(image, raw).scores]);
    expect(await rig.wire.until(rig.board.run(false))).toBe(0);
  });

  test('larger than the board is refused before a byte is sent; none committed is the board’s own refusal', async () => {
    const { board, wire } = await Rig.open();
    await expect(board.upload(new Uint8Array(board.info.modelCapacityBytes + 1), 1)).rejects.toMatchObject({
      code: 'unsupported',
    });
    await expect(wire.until(board.infer(new Int16Array(CHANNELS)))).rejects.toMatchObject({
      code: 'refused',
      detail: 'noModel',
    });
  });
});
