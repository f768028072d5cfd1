// Stretches of rows that share a value: the class band and the seal's line are drawn from them.
import type { Ring } from './ring';

export interface Run {
  value: number;
  fromS: number;
  toS: number;
}

/** Runs of `codes` (a ring's classes or agreement) over rows first…end, broken at gaps; at most `limit`. */
export function runs(
  ring: Ring,
  codes: Int8Array | Uint8Array,
  firstRow: number,
  endRow: number,
  limit: number,
): Run[] {
  const found: Run[] = [];
  let open: Run | null = null;
  for (let row = firstRow; row < endRow; row++) {
    const slot = row & ring.mask;
    const value = codes[slot] ?? 0;
    const timeS = ring.timeS[slot] ?? 0;
    const gap = ring.gapBefore[slot] === 1;
    if (open && !gap && open.value === value) {
      open.toS = timeS;
      continue;
    }
    // Without a gap the run before holds until this row.
    if (open && !gap) open.toS = timeS;
    if (found.length === limit) return found;
    open = { value, fromS: timeS, toS: timeS };
    found.push(open);
  }
  return found;
}
