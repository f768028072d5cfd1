// The real firmware image on the emulated board, in-process and in virtual time, with its frames taken apart.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHex } from '../../../device/emulator/avr/hex';
import { EmulatedBoard, FLASH_BYTES } from '../../../device/emulator/board';
import type { Signals } from '../../../device/emulator/scenarios/scenario';
import { encodeFrame, Framer } from '../../../device/wire/framer';
import { Type } from '../../../device/wire/messages';

export const unoHex = readFileSync(join(import.meta.dirname, '../../../device/firmware/images/uno.hex'), 'utf8');

/** What arrives before the firmware has turned its receiver on is lost, as on a real board. */
const BOOT_S = 0.005;

export interface ReceivedFrame {
  readonly type: number;
  readonly tag: number;
  readonly body: Uint8Array;
  /** Virtual time of its last byte. */
  readonly timeS: number;
}

export class Rig {
  readonly frames: ReceivedFrame[] = [];
  /** Every byte the board sent, with its time. */
  readonly sent: { byte: number; timeS: number }[] = [];
  readonly board: EmulatedBoard;
  readonly framer: Framer;
  private nowS = 0;

  constructor(voltsAt: Signals['voltsAt'] = () => 0) {
    this.framer = new Framer((type, tag, body) => {
      this.frames.push({ type, tag, body: body.slice(), timeS: this.nowS });
    });
    this.board = new EmulatedBoard({
      image: parseHex(unoHex, FLASH_BYTES),
      signals: { voltsAt },
      onByte: (byte, timeS) => {
        this.sent.push({ byte, timeS });
        this.nowS = timeS;
        this.framer.push(Uint8Array.of(byte));
      },
    });
    this.run(BOOT_S);
  }

  run(seconds: number): void {
    this.board.run(this.board.timeS + seconds);
  }

  send(type: number, tag: number, body: Uint8Array): void {
    this.board.receive(encodeFrame(type, tag, body));
  }

  /** Sends, waits for 50 ms, and returns the one frame with that tag that is not a reading. */
  request(type: number, tag: number, body: Uint8Array): ReceivedFrame {
    this.send(type, tag, body);
    this.run(0.05);
    const answers = this.frames.filter((f) => f.type !== Type.reading && f.tag === tag);
    const [answer] = answers;
    if (answer === undefined || answers.length > 1) throw new Error(`${answers.length} answers`);
    return answer;
  }

  get readings(): { sequence: number; timeUs: number; values: number[] }[] {
    return this.frames
      .filter((f) => f.type === Type.reading)
      .map(({ body }) => {
        const view = new DataView(body.buffer, body.byteOffset);
        const values = Array.from({ length: 6 }, (_, i) => view.getInt16(8 + 2 * i, true));
        return { sequence: view.getUint32(0, true), timeUs: view.getUint32(4, true), values };
      });
  }
}
