// Far sides for tests of the device layer: the emulated Uno with the real firmware, in this thread and on virtual time, behind a line
// that can lose frames by seed; and one whose bytes the test writes itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { parseHex } from '../../../device/emulator/avr/hex';
import { EmulatedBoard, FLASH_BYTES } from '../../../device/emulator/board';
import { Random } from '../../../device/emulator/random';
import type { Transport, TransportHandlers } from '../../../device/transport/transport';
import { encodeFrame, Framer } from '../../../device/wire/framer';

export const unoHex = readFileSync(join(import.meta.dirname, '../../../device/firmware/images/uno.hex'), 'utf8');
const BOOT_S = 0.01;
const STEP_S = 0.005;
export const CHANNELS = 6;

/** Says of each frame on the line, by its type, whether it is lost. */
export type Losing = (type: number, random: Random) => boolean;

abstract class Memory implements Transport {
  readonly path = 'memory';
  readonly lineBytesPerSecond = 11520;
  protected handlers: TransportHandlers | null = null;
  private closed = false;

  open(handlers: TransportHandlers): Promise<void> {
    this.handlers = handlers;
    return Promise.resolve();
  }

  abstract write(bytes: Uint8Array): void;
  abstract nowS(): number;

  close(): Promise<void> {
    this.end('closed');
    return Promise.resolve();
  }

  end(code: 'closed' | 'unplugged'): void {
    if (this.closed) return;
    this.closed = true;
    this.handlers?.onClose({ code, message: code });
  }
}

/** The board, advanced by the test: a run() gives each frame that got through as a chunk with its own time. */
export class UnoWire extends Memory {
  readonly board: EmulatedBoard;
  /** Frames lost so far, by type. */
  readonly lost = new Map<number, number>();
  readonly random: Random;
  private frame: number[] = [];

  constructor(
    seed = 1,
    public losing: Losing = () => false,
    voltsAt: (pin: number, timeS: number) => number = (pin) => pin,
  ) {
    super();
    this.random = new Random(seed);
    this.board = new EmulatedBoard({
      image: parseHex(unoHex, FLASH_BYTES),
      signals: { voltsAt },
      onByte: (byte, timeS) => this.onByte(byte, timeS),
    });
    this.board.run(BOOT_S);
  }

  write(bytes: Uint8Array): void {
    if (!this.loses(bytes)) this.board.receive(bytes);
  }

  nowS(): number {
    return this.board.timeS;
  }

  run(seconds: number): void {
    this.board.run(this.board.timeS + seconds);
  }

  /** Lets the board, and faked timers with it, run until what was asked is answered; at most ten virtual seconds. */
  async until<T>(asked: Promise<T>): Promise<T> {
    let settled = false;
    const done = (): void => void (settled = true);
    asked.then(done, done);
    for (const limitS = this.nowS() + 10; !settled && this.nowS() < limitS;) {
      await new Promise(setImmediate);
      if (settled) break;
      this.run(STEP_S);
      vi.advanceTimersByTime(STEP_S * 1000);
    }
    return asked;
  }

  private onByte(byte: number, timeS: number): void {
    this.frame.push(byte);
    if (byte !== 0) return;
    const bytes = Uint8Array.from(this.frame);
    this.frame = [];
    if (!this.loses(bytes)) this.handlers?.onChunk(bytes, timeS);
  }

  private loses(wire: Uint8Array): boolean {
    const [type] = typesOf(wire);
    if (type === undefined || !this.losing(type, this.random)) return false;
    this.lost.set(type, (this.lost.get(type) ?? 0) + 1);
    return true;
  }
}

export interface Asked {
  type: number;
  tag: number;
  body: Uint8Array;
  wireBytes: number;
}

/** No board: what the host writes is kept, what the board would send is written by the test. */
export class ScriptedWire extends Memory {
  readonly asked: Asked[] = [];
  timeS = 0;
  /** Called with each request. */
  onAsked: (asked: Asked) => void = () => undefined;
  private readonly framer = new Framer((type, tag, body) => {
    const asked = { type, tag, body: body.slice(), wireBytes: body.length + 6 };
    this.asked.push(asked);
    this.onAsked(asked);
  });

  write(bytes: Uint8Array): void {
    this.framer.push(bytes);
  }

  nowS(): number {
    return this.timeS;
  }

  send(type: number, tag: number, body: Uint8Array): void {
    this.sendBytes(encodeFrame(type, tag, body));
  }

  sendBytes(bytes: Uint8Array): void {
    this.handlers?.onChunk(bytes, this.timeS);
  }
}

function typesOf(wire: Uint8Array): number[] {
  const types: number[] = [];
  new Framer((type) => types.push(type)).push(wire);
  return types;
}
