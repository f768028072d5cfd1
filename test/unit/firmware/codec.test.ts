import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded, wire } from './golden';
import { Program } from './program';
import { buildDriver, missing, scratch } from './tools';

const hello = wire.frames[0];
if (hello === undefined) throw new Error('no golden frames');

/** What the driver's decode prints for a good frame: type, tag, body. */
const decoded = (frame: { type: number; tag: number; body: string }): string =>
  Buffer.from([frame.type, frame.tag]).toString('hex') + frame.body;

describe.skipIf(missing.host !== '')(`the core's codec on the host${missing.host}`, () => {
  let folder: Awaited<ReturnType<typeof scratch>>;
  let core: Program;

  beforeAll(async () => {
    folder = await scratch();
    core = new Program(await buildDriver(folder.path));
  }, 120_000);

  afterAll(async () => {
    expect(await core.end()).toBe(0);
    await folder.remove();
  });

  const decode = async (hex: string): Promise<string[]> =>
    (await core.ask(`decode ${hex}`)).split(' ').filter((word) => word !== '');

  it('computes the golden CRC-16 and CRC-32', async () => {
    for (const { hex, crc } of wire.crc16) expect(await core.ask(`crc16 ${hex}`), hex).toBe(String(crc));
    for (const { hex, crc } of wire.crc32) expect(await core.ask(`crc32 ${hex}`), hex).toBe(String(crc));
  });

  it('stuffs and unstuffs the golden COBS strings, and refuses the empty one, which is no frame', async () => {
    for (const pair of wire.cobs) {
      expect(await core.ask(`stuff ${pair.decoded}`)).toBe(pair.encoded);
      expect(await core.ask(`unstuff ${pair.encoded}`)).toBe(pair.decoded === '' ? '!' : pair.decoded);
    }
  });

  it('puts every golden message on the line as the vectors have it', async () => {
    for (const frame of wire.frames) expect(await core.ask(`encode ${decoded(frame)}`), frame.name).toBe(frame.wire);
  });

  it('reads every golden frame, however it is split in two', async () => {
    for (const frame of wire.frames) {
      const pieces: string[] = [];
      for (let at = 0; at <= frame.wire.length; at += 2) {
        pieces.push(`decode ${frame.wire.slice(0, at)}`, `decode ${frame.wire.slice(at)}`);
      }
      const answers = await core.askAll(pieces);
      for (let i = 0; i < answers.length; i += 2) {
        expect(`${answers[i]}${answers[i + 1]}`.trim(), `${frame.name}, split at ${i / 2}`).toBe(decoded(frame));
      }
    }
  });

  it('reads all golden frames when they come in one piece, with empty frames between them uncounted', async () => {
    const all = wire.frames.map((frame) => `00${frame.wire}`).join('');
    expect(await decode(all)).toEqual(wire.frames.map(decoded));
  });

  it('refuses each bad frame once and reads the next', async () => {
    for (const bad of wire.bad) {
      expect(await decode(bad.wire + hello.wire), `${bad.name}: ${bad.why}`).toEqual(['!', decoded(hello)]);
    }
  });

  it('never takes a frame with one byte changed for a frame, and reads the next one after it', async () => {
    const reading = wire.frames.find((frame) => frame.name === 'READING with result');
    const zeros = wire.frames.find((frame) => frame.name === 'PING of zeros');
    for (const frame of [hello, reading, zeros]) {
      if (frame === undefined) throw new Error('a golden frame is missing');
      const bytes = Buffer.from(frame.wire, 'hex');
      const broken: string[] = [];
      for (let at = 0; at < bytes.length; at += 1) {
        for (let value = 0; value < 256; value += 1) {
          if (value === bytes[at]) continue;
          const copy = Buffer.from(bytes);
          copy[at] = value;
          broken.push(`decode ${copy.toString('hex')}${hello.wire}${hello.wire}`);
        }
      }
      const good = decoded(hello);
      const answers = new Set(await core.askAll(broken));
      for (const answer of answers) {
        // A changed delimiter joins the frame to the next, which goes with it; elsewhere both that follow are read.
        expect(answer.trim()).toMatch(new RegExp(`^!( !)?( ${good}){1,2}$`));
      }
      expect(answers.size).toBeGreaterThan(1);
    }
  });

  it('survives random bytes and reads what comes after them', async () => {
    const below = seeded(1);
    for (let round = 0; round < 200; round += 1) {
      const noise = Buffer.from(Array.from({ length: below(400) }, () => (below(4) === 0 ? below(3) : below(256))));
      const words = await decode(`${noise.toString('hex')}00${hello.wire}`);
      expect(words.at(-1)).toBe(decoded(hello));
      expect(words.slice(0, -1).every((word) => word === '!')).toBe(true);
    }
  });
});
