// Many readings on few pixels: the least and the greatest value of each pixel column, and which columns hold a gap.
import type { Ring } from './ring';

/** One channel, one entry for each pixel column; NaN where the column has no row. */
export interface Extremes {
  min: Float32Array;
  max: Float32Array;
}

/** `edges[i]` is the first row of column i, `edges[columns]` the row after the last. `edges` must have room for columns + 1. */
export function columnEdges(ring: Ring, fromS: number, toS: number, columns: number, edges: Float64Array): void {
  const step = (toS - fromS) / columns;
  for (let i = 0; i <= columns; i++) edges[i] = ring.rowAt(fromS + i * step);
}

export function extremes(ring: Ring, channel: number, edges: Float64Array, columns: number, out: Extremes): void {
  const values = ring.values[channel];
  if (!values) throw new RangeError(`There is no channel ${channel}.`);
  const { mask } = ring;
  for (let i = 0; i < columns; i++) {
    const end = edges[i + 1] ?? 0;
    let min = Infinity;
    let max = -Infinity;
    for (let row = edges[i] ?? 0; row < end; row++) {
      const value = values[row & mask] as number;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    out.min[i] = min === Infinity ? Number.NaN : min;
    out.max[i] = max === -Infinity ? Number.NaN : max;
  }
}

/** Times between which readings are missing, those closer than `mergeS` joined; at most `limit`. */
export function gapsBetween(
  ring: Ring,
  firstRow: number,
  endRow: number,
  mergeS: number,
  limit: number,
): { fromS: number; toS: number }[] {
  const gaps: { fromS: number; toS: number }[] = [];
  for (let row = Math.max(firstRow, ring.start + 1); row < endRow; row++) {
    if (ring.gapBefore[row & ring.mask] !== 1) continue;
    const fromS = ring.timeS[(row - 1) & ring.mask] ?? 0;
    const toS = ring.timeS[row & ring.mask] ?? 0;
    const last = gaps[gaps.length - 1];
    if (last && fromS - last.toS <= mergeS) last.toS = toS;
    else if (gaps.length < limit) gaps.push({ fromS, toS });
  }
  return gaps;
}
