// The emulator's worker, as built, behind the transport border.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { DeviceFault } from '../../../device/fault';
import { EmulatorTransport, type EmulatorOptions } from '../../../device/transport/emulator';
import type { CloseReason } from '../../../device/transport/transport';
import { encodeFrame, Framer } from '../../../device/wire/framer';
import { answerTo, encodeHello, encodeStart, Type } from '../../../device/wire/messages';
import { unoHex } from './rig';

const workerFile = join(import.meta.dirname, '../../../dist/main/emulator.cjs');
const enough = 0x7fffffff;
const built = existsSync(workerFile);

interface Answer {
  readonly type: number;
  readonly tag: number;
  readonly body: Uint8Array;
  readonly timeS: number;
}

/** A transport with what came out of it, and waiting for it. */
class Listener {
  readonly transport: EmulatorTransport;
  readonly frames: Answer[] = [];
  readonly chunks: { bytes: Uint8Array; timeS: number }[] = [];
  readonly closed: CloseReason[] = [];
  private readonly waiting: { wanted: (frame: Answer) => boolean; resolve: (frame: Answer) => void }[] = [];
  private timeS = 0;

  constructor(options: Partial<EmulatorOptions> = {}) {
    this.transport = new EmulatorTransport({
      workerFile,
      scenario: 'industrial',
      seed: 1,
      pace: 'free',
      imageHex: unoHex,
      ...options,
    });
    open.push(this.transport);
  }

  async open(): Promise<this> {
    const framer = new Framer((type, tag, body) => this.take({ type, tag, body: body.slice(), timeS: this.timeS }));
    await this.transport.open({
      onChunk: (bytes, timeS) => {
        this.chunks.push({ bytes, timeS });
        this.timeS = timeS;
        framer.push(bytes);
      },
      onClose: (reason) => this.closed.push(reason),
    });
    return this;
  }

  send(type: number, tag: number, body: Uint8Array): void {
    this.transport.write(encodeFrame(type, tag, body));
  }

  next(wanted: (frame: Answer) => boolean): Promise<Answer> {
    return new Promise((resolve) => this.waiting.push({ wanted, resolve }));
  }

  request(type: number, tag: number, body: Uint8Array): Promise<Answer> {
    const answer = this.next((frame) => frame.type === answerTo(type) && frame.tag === tag);
    this.send(type, tag, body);
    return answer;
  }

  /** Until the reading with this sequence number is there. */
  reading(sequence: number): Promise<Answer> {
    return this.next((frame) => frame.type === Type.reading && sequenceOf(frame) >= sequence);
  }

  get sequences(): number[] {
    return this.frames.filter((frame) => frame.type === Type.reading).map(sequenceOf);
  }

  private take(frame: Answer): void {
    this.frames.push(frame);
    for (const one of this.waiting.filter(({ wanted }) => wanted(frame))) {
      this.waiting.splice(this.waiting.indexOf(one), 1);
      one.resolve(frame);
    }
  }
}

const sequenceOf = (frame: Answer): number => new DataView(frame.body.buffer).getUint32(0, true);
const speedOf = (frame: Answer): number => new DataView(frame.body.buffer).getInt16(8 + 2 * 5, true);
const consecutive = (sequences: readonly number[]): boolean => sequences.every((sequence, i) => sequence === i);

const open: EmulatorTransport[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
});

describe.skipIf(!built)(
  `the emulator behind its transport${built ? '' : ' (skipped: dist/main/emulator.cjs is not built)'}`,
  () => {
    test.each(['real', 'free'] as const)(
      'answers HELLO and streams every sequence number once at %s pace',
      async (pace) => {
        const host = await new Listener({ pace }).open();
        await host.request(Type.hello, 1, encodeHello());
        await host.request(Type.start, 2, encodeStart(200, enough));
        await host.reading(100);
        expect(consecutive(host.sequences)).toBe(true);
        const times = host.chunks.map((chunk) => chunk.timeS);
        expect(times.every((timeS, i) => i === 0 || timeS >= (times[i - 1] ?? 0))).toBe(true);
        expect(host.transport.nowS()).toBeGreaterThanOrEqual(times.at(-1) ?? Infinity);
      },
    );

    test('at free pace ten minutes of readings take less than one', async () => {
      const host = await new Listener().open();
      await host.request(Type.start, 1, encodeStart(20, enough));
      const startedMs = performance.now();
      await host.reading(600 * 20);
      expect(consecutive(host.sequences)).toBe(true);
      expect(performance.now() - startedMs).toBeLessThan(60_000);
    }, 60_000);

    test('at free pace each frame has the virtual time of its last byte', async () => {
      const host = await new Listener().open();
      await host.request(Type.start, 1, encodeStart(200, enough));
      await host.reading(200);
      const times = host.frames.filter((frame) => frame.type === Type.reading).map((frame) => frame.timeS);
      const gaps = times.slice(1).map((timeS, i) => timeS - (times[i] ?? 0));
      // A zero among the data costs COBS nothing, so all frames are of one length; interrupts shift them by some microseconds.
      expect(Math.max(...gaps.map((gap) => Math.abs(gap - 0.005)))).toBeLessThan(0.0005);
    });

    test('at free pace a whole conversation is the same each time, bytes and times', async () => {
      const conversation = async (): Promise<{ bytes: string[]; timesS: number[] }> => {
        const host = await new Listener({ seed: 9 }).open();
        await host.request(Type.hello, 1, encodeHello());
        await host.request(Type.start, 2, encodeStart(200, enough));
        await host.reading(50);
        host.transport.setState('bearing');
        for (let tag = 3; tag < 20; tag++) await host.request(Type.ping, tag, Uint8Array.of(tag));
        await host.reading(300);
        const chunks = host.chunks.slice(0, 300);
        return {
          bytes: chunks.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
          timesS: chunks.map(({ timeS }) => timeS - (chunks[0]?.timeS ?? 0)),
        };
      };
      const [first, second] = [await conversation(), await conversation()];
      expect(second.bytes).toEqual(first.bytes);
      // Virtual times are added to the clock's reading at the start: equal but for rounding.
      expect(Math.max(...second.timesS.map((timeS, i) => Math.abs(timeS - (first.timesS[i] ?? NaN))))).toBeLessThan(
        1e-8,
      );
    });

    test('an answer is back within a few milliseconds of virtual time', async () => {
      const host = await new Listener().open();
      await host.request(Type.start, 1, encodeStart(200, enough));
      for (let tag = 2; tag < 50; tag++) {
        const sentS = host.transport.nowS();
        expect((await host.request(Type.ping, tag, Uint8Array.of(1))).timeS - sentS).toBeLessThan(0.03);
      }
    });

    test('the simulated machine changes its state, and the transport knows since when', async () => {
      const host = await new Listener().open();
      await host.request(Type.start, 1, encodeStart(200, enough));
      expect(host.transport.state).toBe('normal');
      await host.reading(400);
      host.transport.setState('blocked');
      expect([host.transport.state, host.transport.stateChangedAtS]).toEqual(['blocked', Infinity]);
      const later = await host.reading(800);
      const { stateChangedAtS } = host.transport;
      expect(stateChangedAtS).toBeLessThan(later.timeS);
      const readings = host.frames.filter((frame) => frame.type === Type.reading);
      const turning = readings.filter((r) => r.timeS < stateChangedAtS && sequenceOf(r) > 300).map(speedOf);
      const standing = readings.filter((r) => r.timeS > stateChangedAtS + 1).map(speedOf);
      expect(Math.min(...turning)).toBeGreaterThan(400);
      expect(Math.max(...standing)).toBeLessThan(40);
    });

    test('starts in the state it is given', async () => {
      const host = await new Listener({ state: 'blocked' }).open();
      await host.request(Type.start, 1, encodeStart(200, enough));
      await host.reading(100);
      expect(host.frames.filter((f) => f.type === Type.reading).every((f) => speedOf(f) < 40)).toBe(true);
    });

    test('the reset button starts the board anew', async () => {
      const host = await new Listener().open();
      await host.request(Type.start, 1, encodeStart(200, enough));
      await host.reading(50);
      host.transport.reset();
      host.transport.write(new Uint8Array(50)); // lost while the firmware starts, empty frames afterwards
      host.send(Type.hello, 2, encodeHello()); // its answer may follow on half a frame from before
      expect((await host.request(Type.hello, 3, encodeHello())).body[21]).toBe(2);
      await host.request(Type.start, 4, encodeStart(200, enough));
      const before = host.frames.length;
      await host.reading(10);
      expect(
        host.frames
          .slice(before)
          .filter((f) => f.type === Type.reading)
          .map(sequenceOf)[0],
      ).toBe(0);
    });

    test.each(['real', 'free'] as const)(
      'a pulled plug is told as such, and nothing follows it (%s pace)',
      async (pace) => {
        const host = await new Listener({ pace }).open();
        await host.request(Type.start, 1, encodeStart(200, enough));
        await host.reading(20);
        host.transport.kill();
        const { length } = host.chunks;
        await expect.poll(() => host.closed).toEqual([{ code: 'unplugged', message: expect.any(String) }]);
        host.send(Type.hello, 2, encodeHello()); // ignored
        await host.transport.close();
        expect([host.chunks.length, host.closed.length]).toEqual([length, 1]);
      },
    );

    test('close ends it once, and may be called again', async () => {
      const host = await new Listener().open();
      await Promise.all([host.transport.close(), host.transport.close()]);
      await host.transport.close();
      expect(host.closed).toEqual([{ code: 'closed', message: expect.any(String) }]);
    });

    test('more than 64 KiB waiting to be sent are refused', async () => {
      const host = await new Listener({ pace: 'real' }).open();
      host.transport.write(new Uint8Array(60_000));
      expect(() => host.transport.write(new Uint8Array(6000))).toThrow(
        expect.objectContaining<Partial<DeviceFault>>({ code: 'overflow' }),
      );
    });

    test('an image with a wrong checksum does not start', async () => {
      const imageHex = unoHex.replace(/^:10(.)/m, (_, digit: string) => `:10${digit === '0' ? '1' : '0'}`);
      await expect(new Listener({ imageHex }).open()).rejects.toMatchObject({ code: 'fault', detail: /checksum/ });
    });

    test('a worker that is not there does not start', async () => {
      await expect(new Listener({ workerFile: '/nowhere/emulator.cjs' }).open()).rejects.toMatchObject({
        code: 'fault',
      });
    });

    test('a receiver that takes nothing for a while misses nothing that fits the limit', async () => {
      const host = await new Listener({ pace: 'real' }).open();
      await host.request(Type.start, 1, encodeStart(200, enough));
      await host.reading(10);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200); // this thread stands still
      await host.reading(sequenceOf(host.frames.at(-1) as Answer) + 60);
      expect(consecutive(host.sequences)).toBe(true);
      expect(host.transport.droppedBytes).toBe(0);
    });
  },
);

test('an unknown scenario or state is refused at once', () => {
  expect(() => new Listener({ scenario: 'submarine' })).toThrow(expect.objectContaining({ code: 'notFound' }));
  expect(() => new Listener({ state: 'on fire' })).toThrow(expect.objectContaining({ code: 'unsupported' }));
});
