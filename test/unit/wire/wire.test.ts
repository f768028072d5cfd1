import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeCobs, encodeCobs } from '../../../device/wire/cobs';
import { crc16, crc32 } from '../../../device/wire/crc';
import { Framer, MAX_BODY_BYTES, encodeFrame } from '../../../device/wire/framer';
import * as messages from '../../../device/wire/messages';

interface Vectors {
  crc16: { hex: string; crc: number }[];
  crc32: { hex: string; crc: number }[];
  cobs: { decoded: string; encoded: string }[];
  frames: {
    name: string;
    direction: string;
    type: number;
    tag: number;
    body: string;
    wire: string;
    fields: Record<string, unknown>;
  }[];
  bad: { name: string; wire: string; why: string }[];
}

const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../device/wire/vectors.json'), 'utf8'),
) as Vectors;

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
/** Vectors write numbers as 1 or "0x1". */
const asNumber = (value: unknown): number => Number(value);

interface Seen {
  type: number;
  tag: number;
  body: string;
}

function framer(): { seen: Seen[]; framer: Framer } {
  const seen: Seen[] = [];
  return { seen, framer: new Framer((type, tag, body) => seen.push({ type, tag, body: hex(body) })) };
}

const frame = vectors.frames.map((v) => ({ ...v, type: asNumber(v.type), tag: asNumber(v.tag) }));

describe('checksums and stuffing', () => {
  test('agree with the golden vectors', () => {
    for (const v of vectors.crc16) expect(crc16(bytes(v.hex)), v.hex).toBe(asNumber(v.crc));
    for (const v of vectors.crc32) expect(crc32(bytes(v.hex)), v.hex).toBe(asNumber(v.crc));
    for (const v of vectors.cobs) {
      const plain = bytes(v.decoded);
      const out = new Uint8Array(plain.length + 8);
      expect(hex(out.slice(0, encodeCobs(plain, out)))).toBe(v.encoded);
      const back = new Uint8Array(plain.length + 8);
      expect(hex(back.slice(0, decodeCobs(bytes(v.encoded), v.encoded.length / 2, back)))).toBe(v.decoded);
    }
  });

  test('runs of 253 to 256 bytes without a zero survive stuffing', () => {
    for (const length of [253, 254, 255, 256, 508, 509]) {
      const plain = new Uint8Array(length).fill(7);
      const encoded = new Uint8Array(length + 8);
      const size = encodeCobs(plain, encoded);
      expect(encoded.subarray(0, size).includes(0)).toBe(false);
      const back = new Uint8Array(length + 8);
      expect(back.slice(0, decodeCobs(encoded, size, back))).toEqual(plain);
    }
  });
});

describe('frames', () => {
  test('every golden frame is written and read as it stands', () => {
    expect(frame.length).toBeGreaterThan(25);
    for (const v of frame) {
      expect(hex(encodeFrame(v.type, v.tag, bytes(v.body))), v.name).toBe(v.wire);
      const { seen, framer: f } = framer();
      f.push(bytes(v.wire));
      expect(seen, v.name).toEqual([{ type: v.type, tag: v.tag, body: v.body }]);
    }
  });

  test('a stream is read the same wherever it is cut', () => {
    const stream = bytes(frame.map((v) => v.wire).join(''));
    const whole = framer();
    whole.framer.push(stream);
    for (let cut = 1; cut < stream.length; cut++) {
      const { seen, framer: f } = framer();
      f.push(stream.subarray(0, cut));
      f.push(stream.subarray(cut));
      expect(seen).toEqual(whole.seen);
    }
    const single = framer();
    for (const byte of stream) single.framer.push(Uint8Array.of(byte));
    expect(single.seen).toEqual(whole.seen);
  });

  test('a changed byte costs at most the frames it touches, never a wrong one, and is counted', () => {
    const before = bytes(frame[0]?.wire ?? '');
    const after = bytes(frame[1]?.wire ?? '');
    for (const v of frame) {
      const wire = bytes(v.wire);
      for (let at = 0; at < wire.length; at++) {
        for (const flip of [0x01, 0x80, 0xff]) {
          const damaged = wire.slice();
          damaged[at] = (damaged[at] as number) ^ flip;
          const { seen, framer: f } = framer();
          for (const part of [before, damaged, Uint8Array.of(0), after]) f.push(part);
          const good = seen.filter((s) => s.body !== v.body || s.type !== v.type);
          expect(good.length, `${v.name} byte ${at}`).toBeGreaterThanOrEqual(frame[0] === v || frame[1] === v ? 0 : 2);
          expect(seen.at(-1)).toEqual({ type: frame[1]?.type, tag: frame[1]?.tag, body: frame[1]?.body });
          const { badCrc, badFrame, tooLong } = f.counters;
          expect(badCrc + badFrame + tooLong).toBeGreaterThan(0);
        }
      }
    }
  });

  test('what the vectors call bad is refused and the next frame is read', () => {
    for (const v of vectors.bad) {
      const { seen, framer: f } = framer();
      f.push(bytes(v.wire));
      f.push(Uint8Array.of(0));
      f.push(bytes(frame[0]?.wire ?? ''));
      expect(
        seen.map((s) => s.body),
        `${v.name}: ${v.why}`,
      ).toEqual([frame[0]?.body]);
    }
  });

  test('garbage never throws and never makes a frame that was not sent', () => {
    let state = 1;
    const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
    const { seen, framer: f } = framer();
    for (let i = 0; i < 2000; i++) f.push(Uint8Array.from({ length: next() }, next));
    // One in 65,536 damaged frames passes a CRC-16 by chance; seeded, so the count is known.
    expect(seen.length).toBeLessThanOrEqual(2);
    f.push(Uint8Array.of(0));
    f.push(bytes(frame[0]?.wire ?? ''));
    expect(seen.at(-1)?.body).toBe(frame[0]?.body);
  });

  test('a body beyond the limit is refused when written', () => {
    expect(() => encodeFrame(3, 1, new Uint8Array(MAX_BODY_BYTES + 1))).toThrow(RangeError);
  });
});

describe('messages', () => {
  test('answers are decoded to the fields of the vectors', () => {
    const decoders: Record<number, (body: Uint8Array) => object | null> = {
      0x81: messages.decodeHello,
      0x82: messages.decodeChannel,
      0x84: messages.decodeStarted,
      0x85: messages.decodeCounters,
      0x87: messages.decodeCounters,
      0x92: messages.decodeCommitted,
      0x94: messages.decodeInferred,
      0xff: messages.decodeError,
    };
    let compared = 0;
    for (const v of frame.filter((f) => f.direction === 'toHost')) {
      const decode = decoders[v.type];
      if (decode === undefined) continue;
      const decoded = decode(bytes(v.body));
      expect(decoded, v.name).not.toBeNull();
      for (const [name, value] of Object.entries(decoded ?? {})) {
        const wanted = v.fields[name] ?? v.fields[name.replace(/(Bytes|HalfUs|Us|Millivolt)$/, '')];
        if (wanted === undefined || typeof wanted === 'object') continue;
        expect(typeof value === 'number' ? value : String(value), `${v.name}.${name}`).toBe(
          typeof value === 'number' ? asNumber(wanted) : String(wanted),
        );
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(30);
  });

  test('requests are encoded to the bodies of the vectors', () => {
    const f = (name: string): number => asNumber(fields[name]);
    let fields: Record<string, unknown> = {};
    const encoders: Record<number, () => Uint8Array> = {
      0x02: () => messages.encodeChannel(f('index')),
      0x04: () => messages.encodeStart(f('rateHz'), f('creditLimit')),
      0x06: () => messages.encodeCredit(f('creditLimit')),
      0x10: () => messages.encodeModelBegin(f('size'), f('crc32')),
      0x12: () => messages.encodeModelCommit(f('generation')),
      0x13: () => messages.encodeModelRun(f('on') === 1),
    };
    let compared = 0;
    for (const v of frame.filter((x) => x.direction === 'toBoard')) {
      const encode = encoders[v.type];
      if (encode === undefined) continue;
      fields = v.fields;
      expect(hex(encode()), v.name).toBe(v.body);
      compared++;
    }
    expect(compared).toBeGreaterThanOrEqual(6);
  });

  test('a body cut short or too long is not understood', () => {
    for (const v of frame) {
      if (![0x84, 0x85, 0x87, 0x92, 0xff].includes(v.type)) continue;
      const decode =
        v.type === 0x84
          ? messages.decodeStarted
          : v.type === 0x92
            ? messages.decodeCommitted
            : v.type === 0xff
              ? messages.decodeError
              : messages.decodeCounters;
      expect(decode(bytes(v.body).slice(0, -1)), v.name).toBeNull();
      expect(decode(Uint8Array.from([...bytes(v.body), 0])), v.name).toBeNull();
    }
  });
});
