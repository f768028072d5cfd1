// Many readings on few pixels: the least and greatest value of each pixel column, kept from frame to frame.
// Columns lie on a fixed grid of time (column k holds k · stepS ≤ t < (k + 1) · stepS), so that they do not flicker while they move.
import type { Ring } from './ring';

/** One channel; NaN where the column has no row. Column k is at k & mask. */
export interface Extremes {
  min: Float32Array;
  max: Float32Array;
}

/** More columns than any screen has; a power of two. */
const capacity = 8192;

export class Columns {
  readonly mask = capacity - 1;
  /** By channel. */
  extremes: Extremes[] = [];
  /** 1 where readings are missing before a row of the column. */
  readonly breaks = new Uint8Array(capacity);
  #ring: Ring | null = null;
  #restarts = 0;
  #stepS = 0;
  #nextRow = 0;
  #last = 0;

  /** Takes what the ring got since the last time; anew from `fromS` on when the ring or the grid is another. */
  update(ring: Ring, stepS: number, fromS: number): void {
    const another = ring !== this.#ring || ring.restarts !== this.#restarts || stepS !== this.#stepS;
    if (another || ring.start > this.#nextRow) this.#begin(ring, stepS, fromS);
    for (; this.#nextRow < ring.end; this.#nextRow++) this.#take(ring, this.#nextRow & ring.mask);
  }

  /** Least and greatest value of a channel in columns first…end. */
  bounds(channel: number, first: number, end: number): [least: number, greatest: number] {
    const columns = this.extremes[channel];
    let least = Infinity;
    let greatest = -Infinity;
    for (let k = first; columns && k < end; k++) {
      const min = columns.min[k & this.mask] as number;
      const max = columns.max[k & this.mask] as number;
      // NaN compares false and is passed over.
      if (min < least) least = min;
      if (max > greatest) greatest = max;
    }
    return [least, greatest];
  }

  #begin(ring: Ring, stepS: number, fromS: number): void {
    if (this.extremes.length !== ring.channelCount) {
      this.extremes = ring.values.map(() => ({ min: new Float32Array(capacity), max: new Float32Array(capacity) }));
    }
    for (const { min, max } of this.extremes) {
      min.fill(Number.NaN);
      max.fill(Number.NaN);
    }
    this.breaks.fill(0);
    this.#ring = ring;
    this.#restarts = ring.restarts;
    this.#stepS = stepS;
    this.#nextRow = ring.rowAt(fromS);
    this.#last = Math.floor(fromS / stepS) - 1;
  }

  #take(ring: Ring, slot: number): void {
    const column = Math.floor((ring.timeS[slot] as number) / this.#stepS);
    if (column > this.#last) this.#clear(Math.max(this.#last + 1, column - capacity + 1), column);
    const at = column & this.mask;
    if (ring.gapBefore[slot] === 1) this.breaks[at] = 1;
    for (let c = 0; c < this.extremes.length; c++) {
      const { min, max } = this.extremes[c] as Extremes;
      const value = (ring.values[c] as Float32Array)[slot] as number;
      // Written so that the first value replaces NaN.
      if (!(value >= (min[at] as number))) min[at] = value;
      if (!(value <= (max[at] as number))) max[at] = value;
    }
  }

  /** Columns are used again when the grid has moved on by as many as there are. */
  #clear(first: number, last: number): void {
    for (let k = first; k <= last; k++) {
      this.breaks[k & this.mask] = 0;
      for (const { min, max } of this.extremes) min[k & this.mask] = max[k & this.mask] = Number.NaN;
    }
    this.#last = last;
  }
}
