// The same image in simavr, an independent emulator: the same frames for the same conversation. Counts differ where simavr converts
// to 1023 steps, times by the latency of interrupts; both are kept out of the comparison.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginOf, noBytes, pieceOf } from '../firmware/bench-board';
import { encode, type Frame, FrameReader } from '../firmware/frames';
import { imageFacts, int8 } from '../firmware/golden';
import { Program } from '../firmware/program';
import { buildRunner, images, missing, scratch } from '../firmware/tools';
import { EmulatedProgram } from './emulated-program';

const HELLO = 0x01;
const CHANNEL = 0x02;
const PING = 0x03;
const START = 0x04;
const STOP = 0x05;
const BEGIN = 0x10;
const DATA = 0x11;
const COMMIT = 0x12;
const RUN = 0x13;
const INFER = 0x14;
const READING = 0x40;

/** Both floor(mV · 1023 / 5000) and floor(mV · 1024 / 5000) are the same for these. */
const MILLIVOLTS = [0, 500, 1000, 1600, 2000, 2400];

type Request = readonly [type: number, body: Buffer, runMs?: number];

const inferenceOf = (counts: readonly number[]): Buffer => {
  const body = Buffer.alloc(12);
  counts.forEach((count, i) => body.writeInt16LE(count, 2 * i));
  return body;
};

const models = int8.cases.filter(({ image }) => image.length / 2 <= 1024);

const conversation: readonly Request[] = [
  [HELLO, Buffer.from([1, 0])],
  [HELLO, Buffer.from([2, 0])],
  ...[0, 1, 2, 3, 4, 5, 6].map((i): Request => [CHANNEL, Buffer.from([i])]),
  ...[0, 1, 50, 100].map((length): Request => [PING, Buffer.alloc(length, length)]),
  [0x3f, noBytes],
  [INFER, inferenceOf([])],
  ...models.flatMap(({ image, inputs }): Request[] => {
    const bytes = Buffer.from(image, 'hex');
    const pieces = Array.from({ length: Math.ceil(bytes.length / 96) }, (_, i): Request => [
      DATA,
      pieceOf(bytes, 96 * i),
    ]);
    const inferences = inputs.slice(0, 6).map((counts): Request => [INFER, inferenceOf(counts)]);
    return [[BEGIN, beginOf(bytes)], ...pieces, [COMMIT, Buffer.from([3])], ...inferences];
  }),
  [RUN, Buffer.from([1])],
  [START, Buffer.from([200, 0, 255, 255, 255, 127]), 300],
  [STOP, noBytes],
];

/** What both must agree on: times are set to 0, and the inference's duration too. */
function timeless(frame: Frame): string {
  const body = Buffer.from(frame.body);
  if (frame.type === READING) body.fill(0, 4, 8);
  if (frame.type === (START | 0x80)) body.fill(0, 8, 12);
  if (frame.type === (STOP | 0x80)) body.fill(0, 24, 28);
  if (frame.type === (INFER | 0x80)) body.fill(0, 1, 3);
  return `${frame.type.toString(16)} ${frame.tag} ${body.toString('hex')}`;
}

async function talk(program: Pick<Program, 'ask'>): Promise<Frame[]> {
  const reader = new FrameReader();
  const frames: Frame[] = [];
  for (const [channel, millivolt] of MILLIVOLTS.entries()) await program.ask(`volt ${channel} ${millivolt}`);
  await program.ask('run 5000');
  for (const [i, [type, body, runMs = 40]] of conversation.entries()) {
    await program.ask(`send ${encode({ type, tag: (i % 255) + 1, body }).toString('hex')}`);
    frames.push(...reader.take(Buffer.from(await program.ask(`run ${runMs * 1000}`), 'hex')));
  }
  return frames;
}

let folder: Awaited<ReturnType<typeof scratch>> | undefined;
let runner = '';

beforeAll(async () => {
  if (missing.simavr !== '') return;
  folder = await scratch();
  runner = await buildRunner(folder.path);
}, 60_000);

afterAll(() => folder?.remove());

test.skipIf(missing.simavr !== '')(`simavr and our emulator hold the same conversation${missing.simavr}`, async () => {
  const program = new Program(runner, [join(images, 'uno.hex'), String(imageFacts.ram)]);
  const theirs = await talk(program);
  await program.end();
  const ours = await talk(new EmulatedProgram());
  const answers = (frames: readonly Frame[]): string[] => frames.filter((f) => f.type !== READING).map(timeless);
  const readings = (frames: readonly Frame[]): string[] => frames.filter((f) => f.type === READING).map(timeless);
  expect(answers(ours).length).toBe(conversation.length);
  expect(answers(ours)).toEqual(answers(theirs));
  expect(readings(ours).length).toBeGreaterThan(50);
  expect(readings(ours)).toEqual(readings(theirs));
});

test.skipIf(missing.simavr !== '')(
  `an inference takes the same time in both, but for interrupts${missing.simavr}`,
  async () => {
    const program = new Program(runner, [join(images, 'uno.hex'), String(imageFacts.ram)]);
    const theirs = await talk(program);
    await program.end();
    const elapsed = (frames: readonly Frame[]): number[] =>
      frames.filter((f) => f.type === (INFER | 0x80)).map((f) => f.body.readUInt16LE(1));
    const ours = elapsed(await talk(new EmulatedProgram()));
    // Half microseconds; one interrupt more or less takes up to 10.
    const apart = ours.map((value, i) => Math.abs(value - (elapsed(theirs)[i] ?? Infinity)));
    expect(Math.max(...apart)).toBeLessThanOrEqual(10);
  },
);
