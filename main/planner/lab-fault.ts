// What is wrong with a lab file, as one sentence with its place. PLANNER.md section 1: refused with its JSON path.
import type { z } from 'zod';
import { InputFault } from '../../model/fault';
import { type JsonPath, placeOf } from './json-place';

/** Known, but only to layout files (PLANNER.md section 8). */
const LAYOUT_FIELDS = new Set(['move_cost_J', 'ports', 'movable', 'power_budget_mA']);

/** Longest first, so that `_per_h` is not taken for hours. */
const UNITS: readonly (readonly [ending: string, unit: string])[] = [
  ['_J_per_B', 'J/B'],
  ['_bytes', 'B'],
  ['_free', 'B'],
  ['_Bps', 'B/s'],
  ['_hz', 'Hz'],
  ['_B', 'B'],
  ['_s', 's'],
  ['_w', 'W'],
  ['_j', 'J'],
];

export function pathText(path: JsonPath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** `text` is the file's content, for line and column; empty where there is no file. */
export function faultAt(text: string, file: string | undefined, path: JsonPath, message: string): InputFault {
  const place = text === '' ? {} : placeOf(text, path);
  const where = pathText(path);
  return new InputFault('badLab', where === '' ? message : `${where}: ${message}`, { file, ...place, path: where });
}

export function faultOfIssue(text: string, file: string | undefined, issue: z.core.$ZodIssue): InputFault {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code !== 'unrecognized_keys') return faultAt(text, file, path, sentence(issue, path));
  const key = issue.keys[0] ?? '';
  return faultAt(
    text,
    file,
    [...path, key],
    LAYOUT_FIELDS.has(key)
      ? 'belongs to a layout file, and only the layout command takes it; leave it out to plan the lab as it stands'
      : 'is not a field of a lab file; see the table of fields, or take it out',
  );
}

function sentence(issue: z.core.$ZodIssue, path: JsonPath): string {
  const found = shown(issue.input);
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing; expected ${typeName(issue.expected, path)}`
        : `expected ${typeName(issue.expected, path)}, found ${found}`;
    case 'too_small':
      if (issue.origin === 'array') return 'needs at least one entry';
      if (issue.origin === 'string') return 'must not be empty';
      return `expected a number ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}${unit(path)}, found ${found}`;
    case 'too_big':
      if (issue.origin === 'array') return `has more than ${issue.maximum} entries`;
      if (issue.origin === 'string') return `is longer than ${issue.maximum} characters`;
      return `expected a number ${issue.inclusive === false ? 'below' : 'of at most'} ${issue.maximum}${unit(path)}, found ${found}`;
    case 'invalid_value':
      return `expected ${issue.values.map(shown).join(' or ')}, found ${found}`;
    default:
      return issue.message;
  }
}

function typeName(expected: string, path: JsonPath): string {
  switch (expected) {
    case 'number':
      return `a finite number${unit(path)}`;
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    default:
      return `an ${expected}`;
  }
}

function unit(path: JsonPath): string {
  const name = String(path.at(-1) ?? '');
  const found = UNITS.find(([ending]) => name.endsWith(ending));
  return found === undefined ? '' : ` (${found[1]})`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'a number too large to hold';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}
