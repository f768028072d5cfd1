// One choice from each list, so that sums keep their limits and the worst of some sums is least: depth first with bounds, exact.
// The bound of a partial choice takes, sum by sum, the least that the remaining lists can add.
import { entry } from './network';

export interface Choice {
  readonly sums: readonly number[];
}

export interface Search<C extends Choice> {
  /** Tried in this order; the first of equals is kept. */
  readonly lists: readonly (readonly C[])[];
  /** By sum; Infinity: no limit. */
  readonly limits: readonly number[];
  /** Sums to keep low, each less its offset. Empty: the first choice within the limits will do. */
  readonly minimise: readonly { readonly sum: number; readonly offset: number }[];
}

export interface Chosen<C extends Choice> {
  readonly picks: readonly C[];
  /** The largest of the minimised sums less their offsets; −Infinity when there are none. */
  readonly value: number;
}

/** Steps of all searches for one candidate together. */
export class Effort {
  private left: number;

  constructor(
    steps: number,
    private readonly exhausted: () => Error,
  ) {
    this.left = steps;
  }

  step(): void {
    if (this.left-- <= 0) throw this.exhausted();
  }
}

export function choose<C extends Choice>(search: Search<C>, effort: Effort): Chosen<C> | undefined {
  const { lists, limits, minimise } = search;
  const least = leastOfRest(lists, limits.length);
  let best: Chosen<C> | undefined;
  const picks: C[] = [];

  const descend = (depth: number, sums: readonly number[]): void => {
    const list = lists[depth];
    if (list === undefined) {
      best = { picks: [...picks], value: worst(sums, minimise) };
      return;
    }
    const rest = entry(least, depth + 1);
    for (const choice of list) {
      effort.step();
      const next = sums.map((sum, k) => sum + entry(choice.sums, k));
      const bound = next.map((sum, k) => sum + entry(rest, k));
      if (bound.some((sum, k) => sum > entry(limits, k))) continue;
      if (best !== undefined && worst(bound, minimise) >= best.value) continue;
      picks.push(choice);
      descend(depth + 1, next);
      picks.pop();
    }
  };
  descend(
    0,
    limits.map(() => 0),
  );
  return best;
}

function worst(sums: readonly number[], minimise: Search<Choice>['minimise']): number {
  return minimise.reduce((value, { sum, offset }) => Math.max(value, entry(sums, sum) - offset), -Infinity);
}

/** By depth: what the lists from there on add at least, sum by sum. */
function leastOfRest(lists: readonly (readonly Choice[])[], sums: number): number[][] {
  const least = [Array.from({ length: sums }, () => 0)];
  for (const list of [...lists].reverse()) {
    const after = entry(least, 0);
    least.unshift(after.map((rest, k) => rest + Math.min(...list.map((choice) => entry(choice.sums, k)))));
  }
  return least;
}
