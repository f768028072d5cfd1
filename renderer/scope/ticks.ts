// Where a time axis carries marks: at round distances, at most as many as there is room for.
import { roundUp } from './range';

/** Multiples of 1, 2, 5 · 10ⁿ between `from` and `to`, at most about `atMost`. */
export function ticks(from: number, to: number, atMost: number): number[] {
  if (!(to > from) || atMost < 1) return [];
  const step = roundUp((to - from) / atMost);
  const marks: number[] = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) marks.push(i === 0 ? 0 : i * step);
  return marks;
}
