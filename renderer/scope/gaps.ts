// Where readings are missing.
import type { Ring } from './ring';

export interface Gap {
  fromS: number;
  toS: number;
}

/** Times between which readings are missing, those closer than `mergeS` joined; at most `limit`. */
export function gapsBetween(ring: Ring, firstRow: number, endRow: number, mergeS: number, limit: number): Gap[] {
  const gaps: Gap[] = [];
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
