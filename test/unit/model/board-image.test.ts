import { describe, expect, test } from 'vitest';
import { goldenInputs } from '../../../model/golden';
import { imageBytes, packImage, parseImage, runImage } from '../../../model/image';
import { inputMap, type BoardChannel } from '../../../model/input-map';
import { runScaled } from '../../../model/int8';
import type { Model } from '../../../model/model';
import { Random } from '../../../model/random';
import { scalingKinds } from '../../../model/preprocess';
import { fitted, motor, product } from './tables';

/** A 10-bit converter; channels in another order than the features, and one that the model does not know. */
const channels: BoardChannel[] = [
  { name: 'temperature', unit: '°C', unitPerCount: 0.1, offset: -10, maxCount: 1023 },
  { name: 'speed', unit: '1/min', unitPerCount: 3, offset: 0, maxCount: 1023 },
  { name: 'vibration', unit: 'g', unitPerCount: 0.002, offset: 0, maxCount: 1023 },
  { name: 'current', unit: 'A', unitPerCount: 0.01, offset: 0, maxCount: 1023 },
];
const { model } = fitted(motor(200), { hidden: [8] });
const int8Of = ({ int8 }: Model): NonNullable<Model['int8']> => {
  if (int8 === null) throw new Error('not quantised');
  return int8;
};

/** The value in its unit that a count stands for. */
const valueOf = (channel: BoardChannel | undefined, count: number): number =>
  count * (channel?.unitPerCount ?? NaN) + (channel?.offset ?? NaN);

describe("a board's input map", () => {
  test.each(scalingKinds)(
    'with scaling "%s" gives the activation of the scaled value, at most one step off, over the whole range',
    (scaling) => {
      const made = fitted(motor(200), { hidden: [8], scaling }).model;
      const int8 = int8Of(made);
      inputMap(made, channels).inputs.forEach(({ channel, shift, offset, gain, bias }, i) => {
        expect(channels[channel]?.name).toBe(made.features[i]?.name);
        for (let count = 0; count <= 1023; count++) {
          const x =
            (valueOf(channels[channel], count) - (made.scaling.offset[i] ?? NaN)) / (made.scaling.scale[i] ?? NaN);
          const exact = Math.max(0, Math.min(255, 128 + x / int8.inputScale));
          const found = Math.max(0, Math.min(255, ((count - offset) * gain + bias) >> shift));
          expect(Math.abs(found - exact)).toBeLessThan(1);
        }
      });
    },
  );

  test.each<[string, string, RegExp, Partial<BoardChannel>]>([
    [
      'a missing channel',
      'noChannel',
      /needs a channel "current"; the board has "temperature", "speed", "vibration" and "amps"/,
      { name: 'amps' },
    ],
    ['another unit', 'unitMismatch', /"current" is in mA; the model was trained on A/, { unit: 'mA' }],
    ['a slope that falls', 'channelScale', /positive/, { unitPerCount: -0.01 }],
    [
      'a range elsewhere',
      'channelRange',
      /outside what channel "current" can measure \(100 to 110.23 A, trained on/,
      { offset: 100 },
    ],
  ])('is refused for %s', (_, code, message, change) => {
    const changed = channels.map((c) => (c.name === 'current' ? { ...c, ...change } : c));
    expect(() => inputMap(model, changed)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message), place: { path: 'current' } }),
    );
  });

  test('needs no unit where the model has none', () => {
    const units = { unit: 'V', unitPerCount: 0.004, offset: -2, maxCount: 1023 };
    expect(
      inputMap(fitted(product(300)).model, [
        { name: 'b', ...units },
        { name: 'a', ...units },
      ]).inputs.map((i) => i.channel),
    ).toEqual([1, 0]);
  });

  test('keeps the format for very fine and very coarse channels', () => {
    for (const unitPerCount of [1e-7, 1e-5, 3, 50]) {
      const odd = channels.map((c) =>
        c.name === 'temperature' ? { ...c, unitPerCount, maxCount: 32_767, offset: 40 - unitPerCount * 300 } : c,
      );
      expect(() => packImage(int8Of(model), inputMap(model, odd))).not.toThrow();
    }
  });
});

describe("a board's image", () => {
  const int8 = int8Of(model);
  const map = inputMap(model, channels);
  const bytes = packImage(int8, map);
  const image = parseImage(bytes, channels.length);

  test('is as long as the format says: 3-8-3', () => {
    expect(bytes).toHaveLength(8 + 3 * 10 + 6 + 8 * (5 + 3) + 6 + 3 * (5 + 8));
    expect(imageBytes(int8)).toBe(bytes.length);
  });

  test('reads back as it was packed', () => {
    expect(image.inputs).toEqual(map.inputs);
    expect(image.layers).toEqual(int8.layers);
  });

  test('answers readings as the int8 network answers the values they stand for', () => {
    const random = new Random(6);
    let same = 0;
    for (let n = 0; n < 500; n++) {
      const raw = Int16Array.from(channels, () => random.below(1024));
      const x = model.features.map((feature, i) => {
        const channel = channels.findIndex((c) => c.name === feature.name);
        return (
          (valueOf(channels[channel], raw[channel] ?? NaN) - (model.scaling.offset[i] ?? NaN)) /
          (model.scaling.scale[i] ?? NaN)
        );
      });
      same += Number(runImage(image, raw).class === runScaled(int8, x).class);
    }
    expect(same).toBeGreaterThanOrEqual(495); // inputs may differ by one step
  });

  test('has any single byte changed refused or run, but nothing else', () => {
    const raw = Int16Array.from(channels, () => 500);
    let refused = 0;
    for (let at = 0; at < bytes.length; at++) {
      for (const change of [1, 128, 255]) {
        const changed = bytes.slice();
        changed[at] = (changed[at] ?? 0) ^ change;
        try {
          const { scores } = runImage(parseImage(changed, channels.length), raw);
          expect(scores).toHaveLength(3);
        } catch (fault) {
          expect(fault).toMatchObject({ code: 'badImage' });
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(50);
  });

  test('is not packed for a network wider or deeper than the format', () => {
    const wide = fitted(motor(50), { hidden: [33], epochs: 2 }).model;
    const deep = fitted(motor(50), { hidden: [4, 4, 4, 4], epochs: 2 }).model;
    for (const made of [wide, deep]) {
      expect(() => packImage(int8Of(made), inputMap(made, channels))).toThrow(
        expect.objectContaining({ code: 'tooLargeForBoard' }),
      );
    }
  });
});

describe('golden inputs', () => {
  const inputs = goldenInputs(model, channels, 1000, 12345);
  const means = (part: Int16Array[], c: number): number =>
    part.reduce((sum, raw) => sum + (raw[c] ?? NaN), 0) / part.length;

  test('are the same for the same seed, others for another', () => {
    expect(goldenInputs(model, channels, 1000, 12345)).toEqual(inputs);
    expect(goldenInputs(model, channels, 1000, 12346)).not.toEqual(inputs);
  });

  test("stay within the converter's range and begin with its corners", () => {
    expect(inputs).toHaveLength(1000);
    expect(inputs.every((raw) => raw.length === 4 && raw.every((v) => v >= 0 && v <= 1023))).toBe(true);
    expect(inputs.slice(0, 2).map((raw) => [...raw])).toEqual([
      [0, 0, 0, 0],
      [1023, 1023, 1023, 1023],
    ]);
  });

  test('are half like the training rows, half anywhere', () => {
    const trained = inputs.slice(4, 504);
    const temperature = model.features[2];
    const centre = ((temperature?.mean ?? NaN) + 10) / 0.1;
    const reach = (2.5 * (temperature?.std ?? NaN)) / 0.1;
    expect(trained.every((raw) => Math.abs((raw[0] ?? NaN) - centre) <= reach + 1)).toBe(true);
    expect(Math.abs(means(trained, 0) - centre)).toBeLessThan(reach / 5);
    const anywhere = inputs.slice(504).map((raw) => raw[0] ?? NaN);
    expect(Math.min(...anywhere)).toBeLessThan(30);
    expect(Math.max(...anywhere)).toBeGreaterThan(993);
  });
});
