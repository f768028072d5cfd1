// How long the engine takes from a chunk's arrival to its readings being predicted and recorded, over the last chunks.

const KEPT = 4096;

export class LatencyMeter {
  private readonly us = new Float64Array(KEPT);
  private count = 0;

  add(microseconds: number): void {
    this.us[this.count++ % KEPT] = microseconds;
  }

  /** Null before the first. */
  percentiles(): { p50: number; p95: number; p99: number; max: number } | null {
    const n = Math.min(this.count, KEPT);
    if (n === 0) return null;
    const sorted = this.us.slice(0, n).sort();
    const at = (share: number): number => sorted[Math.min(n - 1, Math.floor(share * n))] as number;
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted[n - 1] as number };
  }
}
