// Which rows of a long table are in sight.

export interface Slice {
  first: number;
  /** After the last. */
  end: number;
}

/** Rows in a window of `heightPx` scrolled by `scrollPx`, and `spare` more on either side. */
export function visibleRows(count: number, rowPx: number, scrollPx: number, heightPx: number, spare = 8): Slice {
  const top = Math.floor(scrollPx / rowPx);
  const rows = Math.ceil(heightPx / rowPx);
  const first = Math.min(Math.max(0, top - spare), count);
  return { first, end: Math.min(count, Math.max(first, top + rows + spare)) };
}

/** How far to scroll so that `row` is in sight; null when it is. */
export function scrollTo(row: number, rowPx: number, scrollPx: number, heightPx: number): number | null {
  if (row * rowPx < scrollPx) return row * rowPx;
  if ((row + 1) * rowPx > scrollPx + heightPx) return (row + 1) * rowPx - heightPx;
  return null;
}
