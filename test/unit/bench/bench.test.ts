// What the benchmarks say, not how fast they are: each with next to no time.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { suite } from '../../../main/bench/suite';
import { StockBoard, loadAvr8js } from '../../../main/bench/stock-avr';
import { bench } from '../../../main/cli/bench';
import { createOutput } from '../../../main/cli/output';
import { UsageFault } from '../../../main/sentences';
import { EmulatedBoard } from '../../../device/emulator/board';
import { encodeFrame } from '../../../device/wire/framer';
import { Type, encodeStart } from '../../../device/wire/messages';
import { parseHex } from '../../../device/emulator/avr/hex';
import unoImage from '../../../device/firmware/images/uno.hex?raw';

const text = z.string().min(1);
const resultSchema = z.strictObject({
  name: text,
  size: text,
  value: z.number().positive(),
  unit: text,
  peer: text,
  peerValue: z.number().positive(),
  ratio: z.number().positive(),
  runs: z.int().min(3),
});
const documentSchema = z.strictObject({
  machine: z.strictObject({
    cpu: text,
    processors: z.int().min(1),
    memoryBytes: z.int().positive(),
    system: text,
    node: text,
  }),
  results: z.array(resultSchema).min(1),
  notes: z.array(text),
});

const budget = { seconds: 0.002, nowMs: () => performance.now() };

test.each(Object.entries(suite))('%s says what was measured, beside what, and how often', async (_name, run) => {
  const results = z
    .array(resultSchema)
    .min(1)
    .parse(await run(budget, () => undefined));
  for (const { value, peerValue, ratio } of results) {
    const [high, low] = [Math.max(value, peerValue), Math.min(value, peerValue)];
    expect(Math.max(ratio, 1 / ratio)).toBeCloseTo(high / low, 6);
  }
  expect(new Set(results.map(({ name, size, unit, peer }) => [name, size, unit, peer].join())).size).toBe(
    results.length,
  );
});

test('the command prints one document with machine and results', async () => {
  const documents: object[] = [];
  const output = { ...createOutput(true), result: (value: object) => void documents.push(value) };
  await bench('inference', { seconds: 0.002 }, output);
  expect(documents).toHaveLength(1);
  const { results } = documentSchema.parse(documents[0]);
  expect(new Set(results.map(({ name }) => name))).toEqual(new Set(['inference, float', 'inference, int8']));
});

test('an unknown benchmark is a fault of usage that lists those there are', async () => {
  const asked = bench('speed', { seconds: 1 }, createOutput(true));
  await expect(asked).rejects.toThrow(UsageFault);
  await expect(asked).rejects.toThrow(/wire, emulator, mlp/);
});

test('the emulator and stock avr8js do the same work: the firmware streams on both', async () => {
  const avr8js = await loadAvr8js();
  if (avr8js === null) throw new Error('avr8js is a development dependency and should be here');
  const image = parseHex(unoImage, 0x8000);
  let sent = 0;
  const ours = new EmulatedBoard({ image, signals: { voltsAt: () => 2.5 }, onByte: () => void sent++ });
  const stock = new StockBoard(avr8js, image, 2.5);
  const start = encodeFrame(Type.start, 1, encodeStart(200, 0x7fff_ffff));
  for (const board of [ours, stock]) {
    board.run(0.01);
    board.receive(start);
    board.run(0.5);
  }
  expect(sent).toBeGreaterThan(80 * 26);
  expect(Math.abs(stock.sentBytes - sent)).toBeLessThan(5 * 26);
});
