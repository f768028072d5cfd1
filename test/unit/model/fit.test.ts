import { describe, expect, test } from 'vitest';
import { fit } from '../../../model/fit';
import { parseModel, writeModel } from '../../../model/model-file';
import type { FitSettings } from '../../../model/settings';
import type { Table } from '../../../model/table';
import { fitted, motor, product, states } from './tables';

const withLabels = (table: Table, values: string[]): Table => ({ ...table, label: { name: 'state', values } });

describe('fitting', () => {
  test('learns classes, whole recordings held back, and reports what the command line prints', () => {
    const { model, report, progress } = fitted(motor(40, 5), { hidden: [8], seed: 3 });
    expect(report).toMatchObject({
      engine: 'kernel',
      seed: 3,
      epochs: progress.length,
      features: ['vibration', 'current', 'temperature'],
      classes: states,
      split: { by: 'group', column: 'recording', train: 360, validation: 120, test: 120 },
      warnings: [],
      baseline: { accuracy: 1 / 3, answer: 'blocked' },
    });
    expect(report.metrics).toMatchObject({ accuracy: expect.toSatisfy((a: number) => a > 0.98) as number });
    expect(report.int8?.sameClass).toBeGreaterThan(0.98);
    expect(report.seconds).toBeGreaterThan(0);
    expect(model.training.settings).toMatchObject({
      task: 'classification',
      loss: 'crossEntropy',
      activation: 'relu',
      optimiser: 'adam',
    });
  });

  test('tells after each epoch how it stands on the validation rows', () => {
    const { progress } = fitted(motor(40, 5), { epochs: 4 });
    expect(progress.map((p) => p.epoch)).toEqual([1, 2, 3, 4]);
    const last = progress.at(-1);
    const confusion = last?.confusion ?? [];
    expect(confusion.flat().reduce((a, b) => a + b, 0)).toBe(120);
    expect(confusion.reduce((sum, row, c) => sum + (row[c] ?? 0), 0) / 120).toBe(last?.accuracy);
  });

  test('learns values: the label is scaled for training and back for answers', () => {
    const { model, report } = fitted(product(800), { hidden: [16], epochs: 100 });
    expect(report).toMatchObject({ targets: ['y'], split: { by: 'random' } });
    expect(report.metrics).toMatchObject({ r2: expect.toSatisfy((r2: number) => r2 > 0.97) as number });
    expect(report.int8?.metrics).toMatchObject({ r2: expect.toSatisfy((r2: number) => r2 > 0.96) as number });
    expect(model.label).toEqual({ name: 'y', unit: 'mm' });
    expect(model.targets[0]?.offset).toBeCloseTo(1000, 0);
  });

  test('learns classes with squared error and sigmoid outputs too', () => {
    const { model, report } = fitted(motor(60, 5), { loss: 'mse', activation: 'tanh', epochs: 60 });
    expect(model.network.layers.at(-1)?.activation).toBe('sigmoid');
    expect(report.metrics).toMatchObject({ accuracy: expect.toSatisfy((a: number) => a > 0.98) as number });
    expect(report.int8?.sameClass).toBeGreaterThan(0.97);
  });

  test('gives the same bytes for the same table, settings and seed, whatever the clock; others for another seed', () => {
    const bytes = (seed: number, nowS: () => number): string => {
      const steps = fit(motor(30, 3), { epochs: 6, seed }, { nowS, dataHash: 'ab12' });
      let step = steps.next();
      while (step.done !== true) step = steps.next();
      return writeModel(step.value.model);
    };
    let looks = 0;
    expect(bytes(1, () => 5)).toBe(bytes(1, () => (looks += 1000)));
    expect(bytes(1, () => 5)).not.toBe(bytes(2, () => 5));
  });

  test('makes a model of what was learnt when it is stopped', () => {
    const { model, progress } = fitted(motor(40, 5), { epochs: 50 }, 3);
    expect(progress).toHaveLength(3);
    expect(model.training).toMatchObject({ epochs: 3, ended: 'stopped' });
    expect(() => parseModel(writeModel(model))).not.toThrow();
  });

  test('uses only the features asked for', () => {
    const { report } = fitted(motor(20, 3), { features: ['current', 'vibration'], epochs: 2 });
    expect(report.features).toEqual(['current', 'vibration']);
    expect(fitted(motor(20, 3), { drop: ['temperature'], epochs: 2 }).report.features).toEqual([
      'vibration',
      'current',
    ]);
  });

  test('fits scaling on training rows only', () => {
    const table = motor(50, 5);
    const { model, report } = fitted(table, { epochs: 1 });
    const held = (row: number): boolean => Number(table.group?.values[row]?.split(' ')[1]) >= 3;
    const changed = table.values.map((column) => column.map((v, row) => (held(row) ? v * 1000 : v)));
    expect(report.split).toMatchObject({ validation: 150, test: 150 });
    expect(fitted({ ...table, values: changed }, { epochs: 1 }).model.scaling).toEqual(model.scaling);
  });
});

describe('fitting warns', () => {
  const warningsOf = (table: Table, settings: Partial<FitSettings> = { epochs: 3 }): string =>
    fitted(table, settings).report.warnings.join('\n');

  test('of rows left out', () => {
    const table = motor(40, 3);
    table.values[0]?.fill(NaN, 0, 7);
    const labels = table.label?.values.map((l, r) => (r < 10 ? ' ' : l)) ?? [];
    expect(warningsOf(withLabels(table, labels))).toContain('10 of 360 rows are left out');
  });

  test('of a constant column, and the model ignores it where it varies later', () => {
    const table = motor(40, 3);
    table.values[2]?.fill(21);
    const { model, report } = fitted(table, { epochs: 3 });
    expect(report.warnings).toContain('"temperature" is 21 in every training row, so the model ignores it.');
    const layer = model.network.layers[0];
    const weights = Array.from({ length: 16 }, (_, o) => layer?.weights[o * 3 + 2]);
    expect(weights.every((w) => w === 0)).toBe(true);
  });

  test('of a model that is no better than none', () => {
    const table = motor(100);
    const random = withLabels(
      { ...table, group: undefined },
      Array.from({ length: 300 }, (_, r) => ((r * 7919) % 10 < 7 ? 'yes' : 'no')),
    );
    expect(warningsOf(random, { epochs: 2 })).toContain('no better than always answering "yes"');
  });

  test('of too few rows to hold any back', () => {
    const four = { ...product(4), label: { name: 'y', values: ['0', '1', '1', '0'] } };
    expect(warningsOf(four)).toContain('too few rows to hold any back');
  });

  test('of training that ran away, and of training that was still getting better', () => {
    expect(warningsOf(product(200), { optimiser: 'sgd', learningRate: 10 })).toContain('Training ran away');
    expect(warningsOf(motor(50, 5), { epochs: 2, optimiser: 'sgd', learningRate: 0.001 })).toContain(
      'still getting better',
    );
  });
});

describe('fitting refuses', () => {
  const table = motor(10, 2);
  const none = new Float64Array(60).fill(NaN);

  test.each<[string, string, RegExp, Table, Partial<FitSettings>]>([
    ['no label', 'noLabel', /name the column/, { ...table, label: undefined }, {}],
    [
      'one class only',
      'oneClass',
      /Every row has the label "x"/,
      withLabels(table, new Array<string>(60).fill('x')),
      {},
    ],
    [
      'no rows',
      'noRows',
      /no rows/,
      {
        ...table,
        rows: 0,
        values: [none, none, none].map((v) => v.slice(0, 0)),
        label: { name: 'state', values: [] },
        group: undefined,
      },
      {},
    ],
    [
      'labels that are all blank',
      'noRows',
      /No row has a value in the label column "state"/,
      withLabels(table, new Array<string>(60).fill('')),
      {},
    ],
    [
      'a column without values',
      'noRows',
      /Column "temperature" has no values; leave it out/,
      { ...table, values: [...table.values.slice(0, 2), none] },
      {},
    ],
    [
      'a feature that is not there',
      'noColumn',
      /There is no column "light"; there are "vibration", "current" and "temperature"/,
      table,
      { features: ['light'] },
    ],
    ['text where values are to be learnt', 'notANumber', /Row 1: .* is "blocked"/, table, { task: 'regression' }],
    ['cross-entropy for values', 'badSetting', /Cross-entropy is for classes/, product(50), { loss: 'crossEntropy' }],
    ['a setting out of its range', 'badSetting', /"hidden.0"/, table, { hidden: [0] }],
    ['a setting there is not', 'badSetting', /not usable/, table, { momentum: 0.9 } as Partial<FitSettings>],
    [
      'numbers too large to scale',
      'tooLarge',
      /Column "vibration" goes from/,
      { ...table, values: [Float64Array.from({ length: 60 }, (_, r) => (r % 2) * 1e200), ...table.values.slice(1)] },
      {},
    ],
  ])('%s', (_, code, message, bad, settings) => {
    expect(() => fitted(bad, settings)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
