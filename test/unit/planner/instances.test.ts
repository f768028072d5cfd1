// The worked cases that come with the planner's specification: what is supported must agree, the rest must be refused by name.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseLab } from '../../../main/planner/lab';
import { plan, type PlanResult } from '../../../main/planner/plan';
import { InputFault } from '../../../model/fault';

const DIRECTORY = join(__dirname, '../../../../shared/planner/instances');

interface Expected {
  readonly rejected_has?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

interface Case {
  readonly name: string;
  readonly lab: unknown;
  readonly expected: Expected;
}

/** Of a case file, what is about the case and not about the lab. */
const ABOUT = ['name', 'hand', 'expected', 'expected_source', 'variants', 'sensitivity', 'pareto'];

function casesOf(file: string): Case[] {
  const text = readFileSync(join(DIRECTORY, file), 'utf8');
  const whole = JSON.parse(text) as Record<string, unknown>;
  const lab = Object.fromEntries(Object.entries(whole).filter(([key]) => !ABOUT.includes(key)));
  const variants = (whole.variants ?? []) as { name: string; set: Record<string, unknown>; expected: Expected }[];
  return [
    { name: file, lab, expected: whole.expected as Expected },
    ...variants.map(({ name, set, expected }) => ({ name: `${file}: ${name}`, lab: changed(lab, set), expected })),
  ];
}

/** Paths name list entries by id: `links.L1.bandwidth_Bps`. */
function changed(lab: unknown, set: Record<string, unknown>): unknown {
  const copy = structuredClone(lab);
  for (const [path, value] of Object.entries(set)) {
    const steps = path.split('.');
    const field = steps.pop() ?? '';
    let at = copy as Record<string, unknown>;
    for (const step of steps) {
      const next = Array.isArray(at) ? at.find((each: { id: string }) => each.id === step) : at[step];
      at = next as Record<string, unknown>;
    }
    at[field] = value;
  }
  return copy;
}

function expectAgreement(result: PlanResult, expected: Expected): void {
  const { rejected_has, routes, ...rest } = expected;
  for (const [field, value] of Object.entries(rest)) {
    const found = (result as unknown as Record<string, unknown>)[field];
    if (typeof value === 'number') {
      expect(found, field).toBeTypeOf('number');
      expect(Math.abs((found as number) - value), field).toBeLessThanOrEqual(1e-9 * Math.abs(value));
    } else {
      expect(found, field).toEqual(value);
    }
  }
  if (rejected_has !== undefined) expect(result.rejected).toMatchObject(rejected_has);
  if (routes !== undefined) expect(result).toMatchObject({ routes });
}

function refusal(lab: unknown): InputFault {
  try {
    plan(parseLab(JSON.stringify(lab), 'lab.json'));
  } catch (error) {
    if (error instanceof InputFault) return error;
    throw error;
  }
  throw new Error('was not refused');
}

/** Files that ask for what is not there yet, with the path by which they are refused. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  '06_load_flips.json': /^options\.queue$/,
  'r1_nano33_uart.json': /^options\.queue$/,
  'l1_move_the_busy_board.json': /^(ports|movable|move_cost_J|nodes\[2\]\.power_budget_mA)$/,
};

const files = existsSync(DIRECTORY) ? readdirSync(DIRECTORY).filter((file) => file.endsWith('.json')) : [];

describe.skipIf(files.length === 0)('the worked cases (skipped where ../shared/planner/instances is absent)', () => {
  for (const each of files.filter((file) => REFUSED[file] === undefined).flatMap(casesOf)) {
    it(`agrees with ${each.name}`, () => {
      expectAgreement(plan(parseLab(JSON.stringify(each.lab))), each.expected);
    });
  }

  for (const [file, path] of Object.entries(REFUSED)) {
    it(`refuses ${file} and its variants by the name of what is not supported`, () => {
      for (const { name, lab } of casesOf(file)) expect(refusal(lab).place.path, name).toMatch(path);
    });
  }
});
