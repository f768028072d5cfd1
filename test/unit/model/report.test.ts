import { describe, expect, test } from 'vitest';
import type { ClassMetrics } from '../../../model/metrics';
import { runScaled } from '../../../model/int8';
import { answerOfScores, predictor, predictTable } from '../../../model/predict';
import { evaluate } from '../../../model/report';
import type { Table } from '../../../model/table';
import { fitted, motor, product } from './tables';

const { model } = fitted(motor(100), { hidden: [8] });
const later = motor(50, 1, 99);
const relabelled = (change: (label: string, row: number) => string): Table => ({
  ...later,
  label: { name: 'state', values: later.label?.values.map(change) ?? [] },
});

describe('evaluation', () => {
  test('judges float and int8 on the same rows', () => {
    const found = evaluate(model, later, { int8: true });
    const metrics = found.metrics as ClassMetrics;
    expect(found).toMatchObject({ rows: 150, unknownLabels: [], warnings: [] });
    expect(metrics.confusion.flat().reduce((a, b) => a + b, 0)).toBe(150);
    expect(metrics.accuracy).toBeGreaterThan(0.95);
    expect(Math.abs((found.int8?.metrics as ClassMetrics).accuracy - metrics.accuracy)).toBeLessThan(0.01);
    expect(found.int8?.sameClass).toBeGreaterThanOrEqual(0.99);
    expect(evaluate(model, later)).not.toHaveProperty('int8');
  });

  test('matches columns by name and ignores others', () => {
    const shuffled: Table = {
      ...later,
      columns: [{ name: 'extra' }, ...[...later.columns].reverse()],
      values: [new Float64Array(150).fill(NaN), ...[...later.values].reverse()],
    };
    expect(evaluate(model, shuffled)).toEqual(evaluate(model, later));
  });

  test('reports labels that training did not see and leaves their rows out', () => {
    const found = evaluate(
      model,
      relabelled((label, row) => (row < 5 ? 'loose' : row < 7 ? 'odd' : label)),
    );
    expect(found.rows).toBe(143);
    expect(found.unknownLabels).toEqual([
      { label: 'loose', rows: 5 },
      { label: 'odd', rows: 2 },
    ]);
    expect(found.warnings).toContain(
      '5 rows are left out: the model was not trained on the label "loose" (it knows "blocked", "normal", "worn").',
    );
  });

  test('reports rows without a label or a value', () => {
    const table = relabelled((label, row) => (row < 3 ? '' : label));
    const gaps = table.values.map((v, c) => (c === 0 ? v.map((x, row) => (row === 10 ? NaN : x)) : v));
    const found = evaluate(model, { ...table, values: gaps });
    expect(found.rows).toBe(146);
    expect(found.warnings).toEqual(['4 rows are left out: they have no label or a value is missing.']);
  });

  test('refuses a table without label, without known labels, without whole rows', () => {
    expect(() => evaluate(model, { ...later, label: undefined })).toThrow(
      expect.objectContaining({ code: 'noLabel', place: { path: 'state' } }),
    );
    expect(() =>
      evaluate(
        model,
        relabelled(() => 'odd'),
      ),
    ).toThrow(expect.objectContaining({ code: 'noKnownLabel' }));
    expect(() =>
      evaluate(
        model,
        relabelled(() => ''),
      ),
    ).toThrow(expect.objectContaining({ code: 'noRows' }));
  });

  test('of values gives errors in their unit', () => {
    const values = fitted(product(600), { epochs: 60 }).model;
    const table = product(200, 5);
    const answers = predictTable(values, table);
    const errors = Array.from(answers.outputs, (v, r) => Math.abs(v - Number(table.label?.values[r])));
    const found = evaluate(values, table, { int8: true });
    expect(found.metrics).toMatchObject({ mae: expect.closeTo(errors.reduce((a, b) => a + b, 0) / 200, 10) as number });
    expect(found.int8).not.toHaveProperty('sameClass');
  });
});

describe('prediction', () => {
  test.each(['float', 'int8'] as const)('in %s: one reading after another is the table row by row', (arithmetic) => {
    const answer = predictor(model, arithmetic);
    const all = predictTable(model, later, arithmetic);
    for (const row of [0, 77, 149]) {
      const scores = answer(later.values.map((v) => v[row] ?? NaN));
      expect([...scores]).toEqual([...all.outputs.subarray(row * 3, row * 3 + 3)]);
      expect(scores.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      expect(scores.indexOf(Math.max(...scores))).toBe(all.classes[row]);
    }
  });

  test('of a row with a missing value is none', () => {
    const gaps = later.values.map((v, c) => (c === 1 ? v.map((x, row) => (row === 1 ? NaN : x)) : v));
    const { classes, outputs } = predictTable(model, { ...later, values: gaps });
    expect(classes[1]).toBe(-1);
    expect([...outputs.subarray(3, 6)]).toEqual([NaN, NaN, NaN]);
    expect(classes[0]).toBe(predictTable(model, later).classes[0]);
  });

  test("reads a board's scores as its own int8 answers", () => {
    const row = later.values.map((v) => v[20] ?? NaN);
    const x = row.map((v, i) => (v - (model.scaling.offset[i] ?? NaN)) / (model.scaling.scale[i] ?? NaN));
    if (model.int8 === null) throw new Error('not quantised');
    expect(answerOfScores(model, runScaled(model.int8, x).scores)).toEqual(predictor(model, 'int8')(row).slice());
    expect(() => answerOfScores(model, Uint8Array.of(1, 2))).toThrow('do not belong');
  });

  test('in int8 of a model that has none is refused', () => {
    expect(() => predictTable({ ...model, int8: null }, later, 'int8')).toThrow(
      expect.objectContaining({ code: 'notQuantised' }),
    );
  });
});
