// The serialport package in the path: a pair of pseudo-terminals, the emulated board behind the one, this program at the other.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Board } from '../../../device/board';
import { EmulatedBoard, FLASH_BYTES } from '../../../device/emulator/board';
import { parseHex } from '../../../device/emulator/avr/hex';
import type { Readings } from '../../../device/readings';
import { SerialTransport } from '../../../device/transport/serialport';
import type { CloseReason } from '../../../device/transport/transport';
import { deviceSource } from '../../../main/engine/devices';
import { DeviceSession } from '../../../main/engine/session';
import { parseImage, runImage } from '../../../model/image';
import { sumModel } from '../firmware/small-model';
import { CHANNELS, unoHex } from './wires';

const socat = spawnSync('socat', ['-V']).status === 0;
if (!socat)
  console.warn('Skipped: socat is not installed, so there is no pair of pseudo-terminals to test serial ports on.');

const TICK_MS = 4;
/** No more virtual time than that at once, however long this thread was held up. */
const MAX_STEP_S = 0.05;

/** A cable: what is written at one end is read at the other, until it is pulled. */
class Cable {
  readonly folder = mkdtempSync(join(tmpdir(), 'serial-'));
  readonly near = join(this.folder, 'near');
  readonly far = join(this.folder, 'far');
  private process: ChildProcess | null = null;

  async plug(): Promise<void> {
    this.process = spawn('socat', [`pty,rawer,link=${this.near}`, `pty,rawer,link=${this.far}`], { stdio: 'ignore' });
    await expect.poll(() => existsSync(this.near) && existsSync(this.far), { timeout: 5000, interval: 10 }).toBe(true);
  }

  async pull(): Promise<void> {
    const { process } = this;
    if (process === null) return;
    this.process = null;
    const gone = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGKILL');
    await gone;
    for (const end of [this.near, this.far]) rmSync(end, { force: true });
  }

  async remove(): Promise<void> {
    await this.pull();
    rmSync(this.folder, { recursive: true });
  }
}

/** The emulated Uno at the far end, by the wall clock. */
class Uno {
  private readonly transport: SerialTransport;
  private readonly timer: ReturnType<typeof setInterval>;
  private output: number[] = [];
  private readonly board = new EmulatedBoard({
    image: parseHex(unoHex, FLASH_BYTES),
    signals: { voltsAt: (pin, timeS) => 2.5 + 2 * Math.sin(timeS * 3 + pin) },
    onByte: (byte) => this.output.push(byte),
  });

  private constructor(path: string) {
    this.transport = new SerialTransport({ path });
    let lastMs = performance.now();
    this.timer = setInterval(() => {
      const nowMs = performance.now();
      this.board.run(this.board.timeS + Math.min(MAX_STEP_S, (nowMs - lastMs) / 1000));
      lastMs = nowMs;
      if (this.output.length === 0) return;
      this.transport.write(Uint8Array.from(this.output));
      this.output = [];
    }, TICK_MS);
  }

  static async at(path: string): Promise<Uno> {
    const uno = new Uno(path);
    uno.board.run(0.01);
    await uno.transport.open({ onChunk: (bytes) => uno.board.receive(bytes), onClose: () => undefined });
    return uno;
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.transport.close();
  }
}

describe.skipIf(!socat)('an emulated board behind a real port', () => {
  let cable: Cable;
  let uno: Uno | null = null;
  let open: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    cable = new Cable();
    await cable.plug();
    uno = await Uno.at(cable.far);
  });
  afterEach(async () => {
    for (const one of open) await one.close();
    open = [];
    await uno?.end();
    await cable.remove();
  });

  async function openBoard(): Promise<{ board: Board; batches: Readings[]; closed: CloseReason[] }> {
    const batches: Readings[] = [];
    const closed: CloseReason[] = [];
    const board = new Board(new SerialTransport({ path: cable.near }), {
      onReadings: (readings) => batches.push(readings),
      onRestart: () => undefined,
      onClose: (reason) => closed.push(reason),
    });
    open.push(board);
    await board.open();
    return { board, batches, closed };
  }

  test('says what it is, streams without a gap, takes a model and computes with it, and stops with exact losses', async () => {
    const { board, batches, closed } = await openBoard();
    expect(board.info).toMatchObject({ channels: CHANNELS, cpuHz: 16e6 });
    await board.start(200);
    const bytes = sumModel(5);
    const image = parseImage(bytes, CHANNELS);
    await board.upload(bytes, 33);
    expect(await board.run(true)).toBe(33);
    const raw = Int16Array.of(3, 700, 1023, 0, 511, 64);
    const inferred = await board.infer(raw);
    expect({ class: inferred.class, scores: [...inferred.scores] }).toEqual({
      class: runImage(image, raw).class,
      scores: [...runImage(image, raw).scores],
    });
    const withResult = (): number => batches.reduce((n, b) => n + b.generation.filter((g) => g === 33).length, 0);
    await expect.poll(withResult, { timeout: 10_000 }).toBeGreaterThan(100);
    const losses = await board.stop();
    const sequence = batches.flatMap((batch) => [...batch.sequence]);
    expect(sequence).toEqual(sequence.map((_, i) => i));
    expect(losses).toEqual({
      produced: sequence.length,
      received: sequence.length,
      device: { noCredit: 0, txFull: 0, missed: 0 },
      wire: 0,
    });
    for (const batch of batches) {
      for (let r = 0; r < batch.rows; r++) {
        if (batch.generation[r] !== 33) continue;
        const twin = runImage(image, batch.raw.subarray(r * CHANNELS, (r + 1) * CHANNELS));
        expect([...batch.scores.subarray(r * batch.outputs, (r + 1) * batch.outputs)]).toEqual([...twin.scores]);
      }
    }
    await board.close();
    expect(closed).toEqual([{ code: 'closed', message: 'closed' }]);
  });

  test('pulled while it streams: whoever listens hears unplugged once, what waits fails, and closing is quick', async () => {
    const { board, batches, closed } = await openBoard();
    await board.start(100);
    await expect.poll(() => batches.length, { timeout: 5000 }).toBeGreaterThan(3);
    await cable.pull();
    await expect.poll(() => closed.map(({ code }) => code), { timeout: 5000 }).toEqual(['unplugged']);
    await expect(board.counters()).rejects.toMatchObject({ code: 'unplugged' });
    const startMs = performance.now();
    await board.close();
    expect(performance.now() - startMs).toBeLessThan(1000);
    expect(closed).toHaveLength(1);
  });

  test('a session counts without loss, says that its port is gone, and streams again when it is back', async () => {
    const readings: number[] = [];
    const statuses: string[] = [];
    const session = new DeviceSession(deviceSource(cable.near), {
      onReadings: (batch) => readings.push(...batch.sequence),
      onChange: ({ status }) => status !== statuses.at(-1) && statuses.push(status),
    });
    open.push(session);
    await session.open();
    await expect.poll(() => readings.length, { timeout: 5000 }).toBeGreaterThan(100);
    expect(session.losses.total).toBe(0);
    await cable.pull();
    await expect.poll(() => session.status, { timeout: 5000 }).toBe('lost');
    expect(session.fault?.code).toMatch(/unplugged|notFound/);
    await uno?.end();
    await cable.plug();
    uno = await Uno.at(cable.far);
    await expect.poll(() => session.status, { timeout: 10_000 }).toBe('streaming');
    readings.length = 0;
    await expect.poll(() => readings.length, { timeout: 5000 }).toBeGreaterThan(100);
    await session.close();
    const first = readings[0] ?? NaN;
    expect(readings).toEqual(readings.map((_, i) => first + i));
    expect(session.losses).toMatchObject({ device: 0, wire: 0 });
    expect(statuses).toEqual(['streaming', 'lost', 'streaming']);
  });

  test('a port that is open already is busy, and can be opened when it was closed', async () => {
    const first = new SerialTransport({ path: cable.near });
    const second = new SerialTransport({ path: cable.near });
    const nothing = { onChunk: () => undefined, onClose: () => undefined };
    await first.open(nothing);
    await expect(second.open(nothing)).rejects.toMatchObject({ code: 'busy', device: cable.near });
    await first.close();
    await second.open(nothing);
    await second.close();
  });

  test('closed while it is being opened, it does not stay open', async () => {
    const nothing = { onChunk: () => undefined, onClose: () => undefined };
    const first = new SerialTransport({ path: cable.near });
    const opening = expect(first.open(nothing)).rejects.toMatchObject({ code: 'unplugged' });
    await first.close();
    await opening;
    const second = new SerialTransport({ path: cable.near });
    await second.open(nothing);
    await second.close();
  });
});

describe.skipIf(process.platform === 'win32')('what is not a port', () => {
  const nothing = { onChunk: () => undefined, onClose: () => undefined };

  test('a path that does not exist, a file, and a folder are notFound', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'serial-'));
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const path of [join(folder, 'absent'), file, folder]) {
      await expect(new SerialTransport({ path }).open(nothing)).rejects.toMatchObject({
        code: 'notFound',
        device: path,
      });
    }
    rmSync(folder, { recursive: true });
  });
});
