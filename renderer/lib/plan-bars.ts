// A plan's candidates as stacked bars on one common time axis.
import type { PlanCandidate, PlanPart, PlanView } from '../../main/contract';
import { roundUp } from '../scope/range';

/** In the order a reading passes them; also the order of the legend. */
export const planParts: readonly PlanPart[] = [
  'buffer',
  'preprocess',
  'encode',
  'linkWait',
  'link',
  'decode',
  'infer',
  'return',
];

export interface Segment {
  part: PlanPart;
  seconds: number;
  /** 0…1 of the axis. */
  from: number;
  width: number;
}

/** The end of the common axis: a round number at or above the longest candidate. */
export function axisEndS(candidates: PlanCandidate[]): number {
  const longest = Math.max(0, ...candidates.map(totalS));
  if (longest <= 0) return 1;
  const step = roundUp(longest / 5);
  return Math.ceil(longest / step - 1e-9) * step;
}

/** Parts without time are left out. */
export function segments(candidate: PlanCandidate, endS: number): Segment[] {
  let from = 0;
  const found: Segment[] = [];
  for (const { part, seconds } of candidate.parts) {
    if (!(seconds > 0)) continue;
    const width = seconds / endS;
    found.push({ part, seconds, from, width });
    from += width;
  }
  return found;
}

/** The chosen one on top, then as the planner ranked them, the rejected ones last. */
export function ordered(plan: PlanView): PlanCandidate[] {
  const rank = (candidate: PlanCandidate): number =>
    candidate.node === plan.chosen ? 0 : candidate.rejected === null ? 1 : 2;
  return plan.candidates
    .map((candidate, place) => ({ candidate, place }))
    .sort((a, b) => rank(a.candidate) - rank(b.candidate) || a.place - b.place)
    .map(({ candidate }) => candidate);
}

export const totalS = (candidate: PlanCandidate): number =>
  candidate.parts.reduce((sum, { seconds }) => sum + seconds, 0);
