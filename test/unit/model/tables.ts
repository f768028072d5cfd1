// Seeded tables for tests: a motor with three states, told apart by two of its channels, recording after recording.

import { fit, type FitProgress, type FitResult } from '../../../model/fit';
import { Random } from '../../../model/random';
import type { FitSettings } from '../../../model/settings';
import type { Table } from '../../../model/table';

export const states = ['blocked', 'normal', 'worn'];

/** vibration in g, current in A, temperature in °C. */
export function motor(rowsEach: number, recordingsEach = 1, seed = 1): Table {
  const random = new Random(seed);
  const [vibration, current, temperature]: [number[], number[], number[]] = [[], [], []];
  const [labels, groups]: [string[], string[]] = [[], []];
  for (let recording = 0; recording < recordingsEach; recording++) {
    states.forEach((state, s) => {
      for (let r = 0; r < rowsEach; r++) {
        vibration.push(0.2 + 0.9 * Number(s === 2) + 0.15 * random.normal());
        current.push(2 + 3 * Number(s === 0) + 0.3 * random.normal());
        temperature.push(40 + 5 * random.normal());
        labels.push(state);
        groups.push(`${state} ${recording}`);
      }
    });
  }
  return {
    columns: [
      { name: 'vibration', unit: 'g' },
      { name: 'current', unit: 'A' },
      { name: 'temperature', unit: '°C' },
    ],
    rows: labels.length,
    values: [vibration, current, temperature].map((v) => Float64Array.from(v)),
    label: { name: 'state', values: labels },
    group: { name: 'recording', values: groups },
  };
}

/** y = a · b + 1000, with a and b from −2 to 2. */
export function product(rows: number, seed = 2): Table {
  const random = new Random(seed);
  const a = Float64Array.from({ length: rows }, () => 4 * random.uniform() - 2);
  const b = Float64Array.from({ length: rows }, () => 4 * random.uniform() - 2);
  return {
    columns: [{ name: 'a' }, { name: 'b' }],
    rows,
    values: [a, b],
    label: { name: 'y', unit: 'mm', values: Array.from(a, (v, r) => String(v * (b[r] ?? 0) + 1000)) },
  };
}

/** A clock that only counts how often it is looked at: nothing in a model may depend on it. */
export function fitted(
  table: Table,
  settings: Partial<FitSettings> = {},
  stopAfter = Infinity,
): FitResult & { progress: FitProgress[] } {
  let looks = 0;
  const steps = fit(table, settings, { nowS: () => looks++, dataHash: 'ab12' });
  const progress: FitProgress[] = [];
  let step = steps.next();
  while (step.done !== true) {
    progress.push(step.value);
    step = steps.next(step.value.epoch >= stopAfter ? 'stop' : undefined);
  }
  return { ...step.value, progress };
}
