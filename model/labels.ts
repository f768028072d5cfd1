// What the label column asks for: classes or values; and its texts as class numbers.

import { InputFault } from './fault';
import type { Task } from './settings';

const mostIntegerClasses = 20;
const mostClasses = 1000;

/** Text or at most 20 different integers are classes, anything else made of numbers is values. */
export function taskOf(labels: Iterable<string>): Task {
  const seen = new Set<string>();
  for (const label of labels) {
    const value = numberOf(label);
    if (value === undefined) return 'classification';
    if (!Number.isInteger(value)) return 'regression';
    seen.add(className(label));
  }
  return seen.size <= mostIntegerClasses ? 'classification' : 'regression';
}

/** Blank is no label. */
export const hasLabel = (label: string | undefined): boolean => label !== undefined && label.trim() !== '';

/** One name for each class however its number is written: "1", "1.0" and " 1" are one class. */
export function className(label: string): string {
  const value = numberOf(label);
  return value === undefined ? label.trim() : String(value);
}

/** The classes there are, numbers by size, then texts by their code points. */
export function classesOf(labels: Iterable<string>): string[] {
  const names = new Set<string>();
  for (const label of labels) names.add(className(label));
  if (names.size > mostClasses) {
    const message = `The label has ${names.size} different values; at most ${mostClasses} classes can be learnt. Is it the right column?`;
    throw new InputFault('tooManyClasses', message);
  }
  return [...names].sort((a, b) => {
    const [x, y] = [numberOf(a), numberOf(b)];
    if (x !== undefined && y !== undefined) return x - y;
    if (x !== undefined || y !== undefined) return x !== undefined ? -1 : 1;
    return a < b ? -1 : 1;
  });
}

/** Of each row its class index; −1 without a label or with one that is not among the classes. */
export function classIndices(labels: readonly string[], classes: readonly string[]): Int32Array {
  const index = new Map(classes.map((name, c) => [name, c]));
  return Int32Array.from(labels, (label) => (!hasLabel(label) ? -1 : (index.get(className(label)) ?? -1)));
}

/** Of each row its value; NaN without one. Throws InputFault for text, with the row counted from 1. */
export function labelValues(labels: readonly string[], name: string): Float64Array {
  return Float64Array.from(labels, (label, row) => {
    if (!hasLabel(label)) return NaN;
    const value = numberOf(label);
    if (value !== undefined) return value;
    throw new InputFault(
      'notANumber',
      `Row ${row + 1}: the value to be learnt ("${name}") is "${label}", which is not a number.`,
      {
        path: name,
      },
    );
  });
}

function numberOf(label: string): number | undefined {
  const text = label.trim();
  if (text === '' || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
