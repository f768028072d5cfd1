import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { InputFault } from '../../../model/fault';
import { parseImage, runImage } from '../../../model/image';
import { sigmoidTable, tanhTable } from '../../../model/int8';

// The vectors come from an independent implementation (int8-vectors.py) of QUANTISATION.md; the firmware is tested with the same.
interface Vectors {
  tables: { sigmoid: string; tanh: string };
  cases: { name: string; image: string; inputs: number[][]; outputs: { class: number; scores: number[] }[] }[];
  refused: { name: string; image: string; why: string }[];
}
const file = new URL('../../../model/int8-vectors.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const boardChannels = 6;

describe('int8 networks against the vectors', () => {
  test('the curves are the tables of the vectors', () => {
    expect(sigmoidTable).toEqual(bytesOf(vectors.tables.sigmoid));
    expect(tanhTable).toEqual(bytesOf(vectors.tables.tanh));
  });

  test.each(vectors.cases)('$name: every class and score is equal', ({ image, inputs, outputs }) => {
    const parsed = parseImage(bytesOf(image), boardChannels);
    const results = inputs.map((raw) => runImage(parsed, Int16Array.from(raw)));
    expect(results.map((r) => ({ class: r.class, scores: [...r.scores] }))).toEqual(outputs);
  });

  test.each(vectors.refused)('refuses: $name', ({ image }) => {
    expect(() => parseImage(bytesOf(image), boardChannels)).toThrow(InputFault);
  });

  test('says at which byte and what was expected', () => {
    const shift = bytesOf(vectors.refused.find((r) => r.name === 'input shift 16')?.image ?? '');
    expect(() => parseImage(shift, boardChannels)).toThrow(/at byte 9, the shift is 16, not 0 to 15/);
  });
});
