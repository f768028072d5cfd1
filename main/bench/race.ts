// Measures contenders side by side: in turn, so that all meet the same moments of a busy machine, and by medians.

export interface Budget {
  /** For one race. */
  readonly seconds: number;
  nowMs(): number;
}

export interface RaceResult {
  /** Of one call, by contender. */
  readonly medianS: readonly number[];
  /** Rounds that the medians are of. */
  readonly runs: number;
}

/** Rounds that fit into the budget where a call is short. */
const ROUNDS = 25;
const LEAST_ROUNDS = 3;
const MOST_CALLS = 2 ** 22;

/** Each contender is one call of the work. Finding out how many calls make a round also warms it up. */
export function race(contenders: readonly (() => void)[], budget: Budget): RaceResult {
  const startMs = budget.nowMs();
  const budgetMs = budget.seconds * 1000;
  const roundMs = budgetMs / (ROUNDS * contenders.length);
  const entries = contenders.map((work) => ({ work, calls: callsFor(work, roundMs, budget), seconds: [] as number[] }));
  let runs = 0;
  while (runs < LEAST_ROUNDS || (runs < ROUNDS && budget.nowMs() - startMs < budgetMs)) {
    for (const { work, calls, seconds } of entries) seconds.push(timeMs(work, calls, budget) / 1000 / calls);
    runs++;
  }
  return { medianS: entries.map(({ seconds }) => median(seconds)), runs };
}

function callsFor(work: () => void, roundMs: number, budget: Budget): number {
  let calls = 1;
  while (timeMs(work, calls, budget) < roundMs / 2 && calls < MOST_CALLS) calls *= 2;
  return calls;
}

function timeMs(work: () => void, calls: number, { nowMs }: Budget): number {
  const startMs = nowMs();
  for (let i = 0; i < calls; i++) work();
  return nowMs() - startMs;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
