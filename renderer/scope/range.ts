// The vertical range of a lane: it grows at once and shrinks only after the signal has stayed small, so that the trace does not jump.

const shrinkBelow = 0.4;
const shrinkAfterMs = 2000;

export interface Range {
  low: number;
  high: number;
}

/** The narrowest range of round ends that holds least…greatest with a margin; never empty. */
export function roundRange(least: number, greatest: number): Range {
  const span = greatest - least;
  const scale = Math.max(Math.abs(least), Math.abs(greatest));
  // A constant signal gets a range around it, wide enough that quantisation noise does not fill the lane.
  const wanted = Math.max(span * 1.1, scale * 1e-3, 1e-9);
  const step = roundUp(wanted / 8);
  const middle = (least + greatest) / 2;
  return { low: Math.floor((middle - wanted / 2) / step) * step, high: Math.ceil((middle + wanted / 2) / step) * step };
}

/** The next of 1, 2, 5 · 10ⁿ at or above `value` > 0. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((f) => f * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

export class SteadyRange {
  #range: Range | null = null;
  #smallSinceMs: number | null = null;

  /** The range to draw with, for a signal that now lies in least…greatest. */
  update(least: number, greatest: number, nowMs: number): Range {
    if (!Number.isFinite(least) || !Number.isFinite(greatest)) return this.#range ?? { low: 0, high: 1 };
    const range = this.#range;
    if (!range || least < range.low || greatest > range.high) return this.#set(roundRange(least, greatest), range);
    if (greatest - least > (range.high - range.low) * shrinkBelow) {
      this.#smallSinceMs = null;
      return range;
    }
    this.#smallSinceMs ??= nowMs;
    if (nowMs - this.#smallSinceMs < shrinkAfterMs) return range;
    return this.#set(roundRange(least, greatest), null);
  }

  /** Growing keeps what the lane showed before, so that one outlier does not shift the rest. */
  #set(wanted: Range, kept: Range | null): Range {
    this.#smallSinceMs = null;
    this.#range = kept ? roundRange(Math.min(wanted.low, kept.low), Math.max(wanted.high, kept.high)) : wanted;
    return this.#range;
  }
}
