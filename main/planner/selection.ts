// The codec choices of all flows of one candidate together: least J within the limits, ties as PLANNER.md section 4 says.
// Speed is the slowest flow, so each time that some flow can have is tried as the slowest allowed (PLANNER.md section 5.4).
import { choose, type Choice, type Chosen, type Effort } from './choose';
import { type Coding, compareCodings } from './codings';
import { entry } from './network';

/** Ties are relative to J. */
export const TIE = 1e-9;

export interface Weights {
  /** J for one second of the slowest flow, and for one unit of money an hour. */
  readonly perSecond: number;
  readonly perCost: number;
}

interface Option extends Choice {
  readonly coding: Coding;
}

interface Pace {
  /** No flow takes longer. */
  readonly timeS: number;
  /** No choice at this pace has a lower weighted sum. */
  readonly least: number;
}

// Sums of an option: weighted cost, compressed crossings, then one for each limit.
const COST = 0;
const CROSSINGS = 1;
const LIMITS = 2;

export class Selection {
  private readonly lists: Option[][];

  /** `codings`: by flow, flows in the order in which their routes are compared; `rooms`: by limit; a lifted one has infinite slack. */
  constructor(
    codings: readonly (readonly Coding[])[],
    private readonly rooms: readonly { readonly room: number; readonly slack: number }[],
    private readonly weights: Weights,
    private readonly effort: Effort,
  ) {
    this.lists = codings.map((list) =>
      list.map((coding) => ({
        coding,
        sums: [coding.costPerH * weights.perCost, coding.compressedCrossings, ...coding.use],
      })),
    );
  }

  /** Keeps the limits and has the least weighted sum of time and cost, no flow slower than `timeS`. */
  cheapest(timeS: number): { picks: Coding[]; value: number } | undefined {
    let best: { picks: Coding[]; value: number } | undefined;
    let tooFast = -Infinity;
    for (const pace of this.paces(timeS)) {
      if (best !== undefined && pace.least >= best.value) break;
      if (pace.timeS <= tooFast) continue;
      const chosen = this.search(pace.timeS, { minimise: COST });
      if (chosen === undefined) {
        tooFast = Math.max(tooFast, pace.timeS);
        continue;
      }
      const value = pace.timeS * this.weights.perSecond + chosen.value;
      if (best === undefined || value < best.value) best = { picks: codingsIn(chosen), value };
    }
    return best;
  }

  /** Of all choices whose weighted sum is at most `value`: fewest compressed crossings, then the first in order. */
  simplest(timeS: number, value: number): Coding[] | undefined {
    const paces = this.paces(timeS)
      .filter((pace) => pace.least <= value)
      .map((pace) => ({ timeS: pace.timeS, cost: value - pace.timeS * this.weights.perSecond }));
    const fewest = paces.map((pace) => this.search(pace.timeS, { ...pace, minimise: CROSSINGS })?.value ?? Infinity);
    const crossings = Math.min(...fewest);
    const firsts = paces
      .filter((_, i) => fewest[i] === crossings && crossings < Infinity)
      .map((pace) => this.search(pace.timeS, { ...pace, crossings }))
      .filter((chosen) => chosen !== undefined)
      .map(codingsIn);
    return firsts.reduce<Coding[] | undefined>(
      (a, b) => (a !== undefined && comparePicks(a, b) <= 0 ? a : b),
      undefined,
    );
  }

  /** How fast the slowest flow can be within the limits. */
  fastest(): number | undefined {
    const times = this.times(Infinity);
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.search(entry(times, middle), {}) === undefined) low = middle + 1;
      else high = middle;
    }
    return times[low];
  }

  /** The least by which the worst of the `soft` limits is exceeded while the `hard` ones are kept. */
  leastExcess(soft: readonly number[], hard: readonly number[]): number | undefined {
    const limits = [
      Infinity,
      Infinity,
      ...this.rooms.map(({ room, slack }, k) => (hard.includes(k) ? room + slack : Infinity)),
    ];
    const minimise = soft.map((k) => ({ sum: LIMITS + k, offset: entry(this.rooms, k).room }));
    return choose({ lists: this.lists, limits, minimise }, this.effort)?.value;
  }

  private search(
    timeS: number,
    { minimise, cost = Infinity, crossings = Infinity }: { minimise?: number; cost?: number; crossings?: number },
  ): Chosen<Option> | undefined {
    const lists = this.lists.map((list) => list.filter((option) => option.coding.timeS <= timeS));
    if (minimise !== undefined) {
      for (const list of lists) list.sort((a, b) => entry(a.sums, minimise) - entry(b.sums, minimise));
    }
    const sums = minimise === undefined ? [] : [{ sum: minimise, offset: 0 }];
    return choose(
      { lists, limits: [cost, crossings, ...this.rooms.map(({ room, slack }) => room + slack)], minimise: sums },
      this.effort,
    );
  }

  /** Ascending: what the slowest flow may take, at most `limitS`. */
  private times(limitS: number): number[] {
    const all = this.lists.map((list) => list.map((option) => option.coding.timeS));
    const least = Math.max(...all.map((times) => Math.min(...times)));
    return [...new Set(all.flat())].filter((time) => time >= least && time <= limitS).sort((a, b) => a - b);
  }

  /** Most promising first. Without a price on time only the slowest matters: it allows every choice. */
  private paces(limitS: number): Pace[] {
    const times = this.times(limitS);
    return (this.weights.perSecond === 0 ? times.slice(-1) : times)
      .map((timeS) => ({ timeS, least: timeS * this.weights.perSecond + this.leastCost(timeS) }))
      .sort((a, b) => a.least - b.least || b.timeS - a.timeS);
  }

  private leastCost(timeS: number): number {
    return this.lists.reduce((sum, list) => {
      const costs = list.filter(({ coding }) => coding.timeS <= timeS).map((option) => entry(option.sums, COST));
      return sum + Math.min(...costs);
    }, 0);
  }
}

const codingsIn = (chosen: Chosen<Option>): Coding[] => chosen.picks.map(({ coding }) => coding);

function comparePicks(a: readonly Coding[], b: readonly Coding[]): number {
  for (const [i, coding] of a.entries()) {
    const order = compareCodings(coding, entry(b, i));
    if (order !== 0) return order;
  }
  return 0;
}
