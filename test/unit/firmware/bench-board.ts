// A board under test, in virtual time: the core built for the host or the AVR image in simavr, behind the same few words.
import { crc32, encode, type Frame, FrameReader } from './frames';
import type { Program } from './program';

export interface Reading {
  readonly generation: number;
  readonly sequence: number;
  readonly time: number;
  readonly values: readonly number[];
  readonly result: readonly number[];
}

export interface Counters {
  readonly produced: number;
  readonly sent: number;
  readonly noCredit: number;
  readonly txFull: number;
  readonly missed: number;
  readonly rxBad: number;
  readonly rxOverrun: number;
  readonly time: number;
}

const channels = 6;
export const noBytes = Buffer.alloc(0);

export function countersOf(body: Buffer): Counters {
  if (body.length !== 28) throw new Error(`counters of ${body.length} bytes`);
  const u32 = (at: number): number => body.readUInt32LE(at);
  const [produced, sent, noCredit, txFull, missed] = [u32(0), u32(4), u32(8), u32(12), u32(16)];
  return {
    produced,
    sent,
    noCredit,
    txFull,
    missed,
    rxBad: body.readUInt16LE(20),
    rxOverrun: body.readUInt16LE(22),
    time: u32(24),
  };
}

function readingOf({ tag, body }: Frame): Reading {
  const end = 8 + 2 * channels;
  const values = Array.from({ length: channels }, (_, i) => body.readInt16LE(8 + 2 * i));
  return {
    generation: tag,
    sequence: body.readUInt32LE(0),
    time: body.readUInt32LE(4),
    values,
    result: [...body.subarray(end)],
  };
}

export class BenchBoard {
  /** Everything the board sent and nobody has looked at. */
  readonly readings: Reading[] = [];
  private readonly answers: Frame[] = [];
  private readonly reader = new FrameReader();
  private tag = 0;

  constructor(
    private readonly program: Program,
    /** The command that puts a count on a channel. */
    private readonly input: (channel: number, count: number) => string,
  ) {}

  async set(counts: readonly number[]): Promise<void> {
    await this.program.askAll(counts.map((count, channel) => this.input(channel, count)));
  }

  async write(bytes: Buffer): Promise<void> {
    await this.program.ask(`send ${bytes.toString('hex')}`);
  }

  /** `stall` holds up the main loop meanwhile; only the host's board can. */
  async run(ms: number, how: 'run' | 'stall' = 'run'): Promise<void> {
    const hex = await this.program.ask(`${how} ${Math.round(ms * 1000)}`);
    for (const frame of this.reader.take(Buffer.from(hex, 'hex'))) {
      if (frame.type === 0x40) this.readings.push(readingOf(frame));
      else this.answers.push(frame);
    }
  }

  /** Sends without waiting; the tag. */
  async post(type: number, body: Buffer = noBytes): Promise<number> {
    this.tag = (this.tag % 255) + 1;
    await this.write(encode({ type, tag: this.tag, body }));
    return this.tag;
  }

  takeAnswers(): Frame[] {
    return this.answers.splice(0);
  }

  takeReadings(): Reading[] {
    return this.readings.splice(0);
  }

  /** The one frame that answers, within 100 ms of the board's time. */
  async ask(type: number, body: Buffer = noBytes): Promise<Frame> {
    const tag = await this.post(type, body);
    for (let ms = 0; ms < 100 && this.answers.length === 0; ms += 1) await this.run(1);
    const [answer, ...more] = this.takeAnswers();
    if (answer === undefined) throw new Error(`no answer to 0x${type.toString(16)}`);
    if (more.length > 0 || answer.tag !== tag) throw new Error('an answer that nobody asked for');
    return answer;
  }

  /** The body of the answer that says yes. */
  async request(type: number, body: Buffer = noBytes): Promise<Buffer> {
    const answer = await this.ask(type, body);
    if (answer.type !== (type | 0x80))
      throw new Error(`0x${type.toString(16)} answered ${answer.type}: ${answer.body.toString('hex')}`);
    return answer.body;
  }

  /** The code of the error it answers with. */
  async refusal(type: number, body: Buffer = noBytes): Promise<number> {
    const answer = await this.ask(type, body);
    if (answer.type !== 0xff || answer.body.readUInt8(0) !== type)
      throw new Error(`0x${type.toString(16)} was not refused`);
    return answer.body.readUInt8(1);
  }

  async counters(): Promise<Counters> {
    return countersOf(await this.request(0x07));
  }

  async start(rateHz: number, creditLimit: number): Promise<{ period: number; sequence: number; time: number }> {
    const body = Buffer.alloc(6);
    body.writeUInt16LE(rateHz, 0);
    body.writeUInt32LE(creditLimit >>> 0, 2);
    const answer = await this.request(0x04, body);
    return { period: answer.readUInt32LE(0), sequence: answer.readUInt32LE(4), time: answer.readUInt32LE(8) };
  }

  async stop(): Promise<Counters> {
    return countersOf(await this.request(0x05));
  }

  async upload(image: Buffer, generation: number): Promise<Buffer> {
    await this.request(0x10, beginOf(image));
    for (let offset = 0; offset < image.length; offset += 96) await this.request(0x11, pieceOf(image, offset));
    return this.request(0x12, Buffer.from([generation]));
  }

  /** Class and scores. */
  async infer(counts: readonly number[]): Promise<{ elapsed: number; result: number[] }> {
    const body = Buffer.alloc(2 * channels);
    counts.forEach((count, i) => body.writeInt16LE(count, 2 * i));
    const answer = await this.request(0x14, body);
    return { elapsed: answer.readUInt16LE(1), result: [...answer.subarray(3)] };
  }
}

export function beginOf(image: Buffer, sum: number = crc32(image)): Buffer {
  const body = Buffer.alloc(6);
  body.writeUInt16LE(image.length, 0);
  body.writeUInt32LE(sum, 2);
  return body;
}

export function pieceOf(image: Buffer, offset: number, length = 96): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16LE(offset);
  return Buffer.concat([head, image.subarray(offset, offset + length)]);
}
