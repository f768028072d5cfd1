// The firmware image that goes onto real boards, on the emulated one.
import { describe, expect, test } from 'vitest';
import { Random } from '../../../device/emulator/random';
import { answerTo, decodeCounters, decodeHello, encodeHello, encodeStart, Type } from '../../../device/wire/messages';
import { Rig } from './rig';

const enough = 0x7fffffff;
const nothing = new Uint8Array(0);

describe('the firmware on the emulated board', () => {
  test('answers HELLO and says that it was powered on', () => {
    const rig = new Rig();
    const answer = rig.request(Type.hello, 7, encodeHello());
    expect(answer.type).toBe(answerTo(Type.hello));
    expect(decodeHello(answer.body)).toMatchObject({
      major: 1,
      cpuHz: 16e6,
      channels: 6,
      resetCause: 1,
      name: 'Arduino Uno',
    });
  });

  test('streams consecutive readings of the voltages at its pins, at the period it was asked for', () => {
    const rig = new Rig((pin) => 0.5 + pin * 0.75);
    rig.request(Type.start, 1, encodeStart(200, enough));
    rig.run(5);
    const { readings } = rig;
    expect(readings.length).toBeGreaterThan(1000);
    expect(readings.map((r) => r.sequence)).toEqual(readings.map((_, i) => i));
    expect(new Set(readings.slice(1).map((r, i) => r.timeUs - (readings[i]?.timeUs ?? 0)))).toEqual(new Set([5000]));
    const counts = [0, 1, 2, 3, 4, 5].map((pin) => Math.floor(((0.5 + pin * 0.75) * 1024) / 5));
    expect(readings.every((r) => r.values.every((value, i) => value === counts[i]))).toBe(true);
  });

  test('samples each channel in the order of the pins, once for each reading', () => {
    const sampled: { pin: number; timeS: number }[] = [];
    const rig = new Rig((pin, timeS) => {
      sampled.push({ pin, timeS });
      return 1;
    });
    rig.request(Type.start, 1, encodeStart(100, enough));
    rig.run(0.1);
    rig.request(Type.stop, 2, nothing);
    expect(sampled.map((s) => s.pin)).toEqual(sampled.map((_, i) => i % 6));
    expect(sampled.length).toBe(6 * rig.readings.length);
    expect(sampled.every((s, i) => i === 0 || s.timeS > (sampled[i - 1]?.timeS ?? 0))).toBe(true);
  });

  test('loses no byte in either direction while it streams and answers long pings', () => {
    const rig = new Rig();
    const random = new Random(5);
    rig.request(Type.start, 1, encodeStart(200, enough));
    for (let tag = 2; tag < 202; tag++) {
      const body = Uint8Array.from({ length: 40 }, () => random.uint32() & 0xff);
      rig.send(Type.ping, tag, body);
      rig.run(0.02);
      expect(rig.frames.find((f) => f.type === answerTo(Type.ping) && f.tag === tag)?.body).toEqual(body);
    }
    const counters = decodeCounters(rig.request(Type.counters, 255, nothing).body);
    expect(counters).toMatchObject({ rxBad: 0, rxOverrun: 0, txFull: 0, missed: 0, noCredit: 0 });
    expect(rig.framer.counters).toMatchObject({ badCrc: 0, badFrame: 0, tooLong: 0 });
  });

  test('begins anew after the reset button, and says so', () => {
    const rig = new Rig();
    rig.request(Type.start, 1, encodeStart(200, enough));
    rig.board.reset();
    rig.frames.length = 0;
    rig.framer.reset();
    rig.run(0.1); // silent: the stream does not go on by itself
    expect(rig.frames).toEqual([]);
    expect(decodeHello(rig.request(Type.hello, 2, encodeHello()).body)?.resetCause).toBe(2);
  });

  test('sends the same bytes at the same times, however the run is cut into pieces', () => {
    const conversation = (step: (rig: Rig, seconds: number) => void): Rig['sent'] => {
      const rig = new Rig((pin, timeS) => pin + Math.sin(20 * timeS));
      rig.send(Type.hello, 1, encodeHello());
      step(rig, 0.02);
      rig.send(Type.start, 2, encodeStart(200, enough));
      step(rig, 0.1);
      rig.send(Type.ping, 3, Uint8Array.of(1, 2, 3));
      step(rig, 0.1);
      return rig.sent;
    };
    const whole = conversation((rig, seconds) => rig.run(seconds));
    // Cycle by cycle: what sleeps is never skipped over.
    const unskipped = conversation((rig, seconds) => {
      const from = rig.board.timeS;
      for (let cycle = 1; cycle <= seconds * 16e6; cycle++) rig.board.run(from + cycle / 16e6);
    });
    expect(whole.length).toBeGreaterThan(500);
    expect(unskipped).toEqual(whole);
  });
});
