// A board's stream where the real firmware cannot be brought: at the wrap of its numbers, and with frames it never sends.
import { describe, expect, test } from 'vitest';
import { Board } from '../../../device/board';
import { encodeFrame } from '../../../device/wire/framer';
import { Type, answerTo } from '../../../device/wire/messages';
import { CHANNELS, ScriptedWire } from './wires';

const WRAP = 2 ** 32;

/** Answers as a board would whose next reading is `next`. */
class Script {
  readonly wire = new ScriptedWire();
  readonly board: Board;
  readonly sequence: number[] = [];
  readonly missing: number[] = [];
  readonly credits: number[] = [];
  restarts = 0;
  noCredit = 0;
  timeUs = 1000;

  constructor(
    public next: number,
    private readonly major = 1,
  ) {
    this.wire.onAsked = ({ type, tag, body }) => {
      if (type === Type.credit) this.credits.push(new DataView(body.buffer).getUint32(0, true));
      else this.wire.send(answerTo(type), tag, this.answer(type, body));
    };
    this.board = new Board(this.wire, {
      onReadings: (batch) => {
        this.sequence.push(...batch.sequence);
        this.missing.push(...batch.missing);
      },
      onRestart: () => this.restarts++,
      onClose: () => undefined,
    });
  }

  static async streaming(next: number): Promise<Script> {
    const script = new Script(next);
    await script.board.open();
    await script.board.start(100);
    return script;
  }

  reading(sequence: number, tag = 0, size = 8 + 2 * CHANNELS): Uint8Array {
    const body = new Uint8Array(size);
    new DataView(body.buffer).setUint32(0, sequence >>> 0, true);
    new DataView(body.buffer).setUint32(4, (this.timeUs += 10_000) >>> 0, true);
    return encodeFrame(Type.reading, tag, body);
  }

  send(...sequences: number[]): void {
    for (const sequence of sequences) this.wire.sendBytes(this.reading(sequence));
  }

  private answer(type: number, body: Uint8Array): Uint8Array {
    switch (type) {
      case Type.hello: {
        const out = new Uint8Array(31);
        const view = new DataView(out.buffer);
        out.set([this.major, 0]);
        view.setUint32(14, 16e6, true);
        out.set([126, 128, CHANNELS, 0], 18);
        view.setUint16(22, 1000, true);
        out.set([65, 66, 67], 28);
        return out;
      }
      case Type.channel:
        return Uint8Array.of(body[0] ?? 0, 10, 0x88, 0x13, 65);
      case Type.start: {
        const out = new Uint8Array(12);
        new DataView(out.buffer).setUint32(0, 20_000, true);
        new DataView(out.buffer).setUint32(4, this.next, true);
        return out;
      }
      default: {
        const out = new Uint8Array(28);
        const view = new DataView(out.buffer);
        view.setUint32(0, this.next, true);
        view.setUint32(8, this.noCredit, true);
        view.setUint32(24, this.timeUs >>> 0, true);
        return out;
      }
    }
  }
}

describe('over the wrap of the sequence', () => {
  test('numbers go on, and losses add up', async () => {
    const script = await Script.streaming(WRAP - 3);
    script.send(WRAP - 3, WRAP - 2, 0, 1, 4);
    script.next = 6;
    script.noCredit = 1;
    const losses = await script.board.stop();
    expect(script.sequence).toEqual([WRAP - 3, WRAP - 2, WRAP, WRAP + 1, WRAP + 4]);
    expect(script.missing).toEqual([0, 0, 1, 0, 2]);
    expect(losses).toEqual({ produced: 9, received: 5, device: { noCredit: 1, txFull: 0, missed: 0 }, wire: 3 });
    expect(script.restarts).toBe(0);
  });

  test('credit is renewed ahead of it and beyond', async () => {
    const script = await Script.streaming(WRAP - 120);
    script.send(...Array.from({ length: 400 }, (_, i) => WRAP - 120 + i));
    expect(script.sequence).toHaveLength(400);
    expect(script.credits.length).toBeGreaterThan(3);
    expect(script.credits.every((limit, i) => i === 0 || ((limit - (script.credits[i - 1] ?? 0)) | 0) > 0)).toBe(true);
    expect(script.credits.at(-1)).toBeGreaterThan(280);
    expect(script.credits.at(-1)).toBeLessThan(600);
  });

  test('counters that were also wrapped are no reset', async () => {
    const script = await Script.streaming(WRAP - 2);
    script.send(WRAP - 2, WRAP - 1);
    script.next = 0;
    await expect(script.board.measureLosses()).resolves.toMatchObject({ produced: 2, wire: 0 });
    expect(script.restarts).toBe(0);
  });
});

describe('readings that cannot be used', () => {
  test('a repeated one, and one that comes late, is counted and not handed on', async () => {
    const script = await Script.streaming(10);
    script.send(10, 11, 11, 10, 12);
    expect(script.sequence).toEqual([10, 11, 12]);
    expect(script.board.unusable).toBe(2);
  });

  test('one of a wrong length is lost on the wire', async () => {
    const script = await Script.streaming(0);
    for (const bytes of [script.reading(0, 0, 21), script.reading(1, 3, 20), script.reading(2, 3, 21)])
      script.wire.sendBytes(bytes);
    script.wire.send(Type.reading, 0, new Uint8Array(2));
    script.send(3);
    script.next = 4;
    const losses = await script.board.stop();
    expect(script.sequence).toEqual([3]);
    expect(script.board.unusable).toBe(4);
    expect(losses).toMatchObject({ produced: 4, received: 1, wire: 3 });
  });

  test('one beyond the credit is damage that a CRC let through: the stream goes on', async () => {
    const script = await Script.streaming(0);
    script.send(0, 0x1234_5678, 1, 2);
    expect(script.sequence).toEqual([0, 1, 2]);
    expect(script.board.unusable).toBe(1);
  });

  test('none is taken before the stream was started or after it was stopped', async () => {
    const script = new Script(0);
    await script.board.open();
    script.send(0);
    await script.board.start(100);
    script.send(0);
    script.next = 1;
    await script.board.stop();
    script.send(1);
    expect(script.sequence).toEqual([0]);
  });
});

test('several readings in one chunk are one batch; a chunk without any is none', async () => {
  const script = await Script.streaming(0);
  const frames = [0, 1, 2].map((i) => script.reading(i));
  script.wire.sendBytes(Buffer.concat([...frames, encodeFrame(0x55, 0, new Uint8Array(1))]));
  script.wire.sendBytes(Uint8Array.of(0, 0));
  expect(script.sequence).toEqual([0, 1, 2]);
});

test('a board of another major version is refused and its line closed', async () => {
  const script = new Script(0, 2);
  await expect(script.board.open()).rejects.toMatchObject({ code: 'mismatch' });
  await expect(script.board.counters()).rejects.toMatchObject({ code: 'unplugged' });
});
