// The newest readings of one device in typed arrays. Rows are numbered from the first one ever taken; old ones are overwritten.

/** One batch, as it comes by the data port. */
export interface Batch {
  timeS: Float64Array;
  gapBefore: Uint8Array;
  /** Channel-major: channel c's row i is at c · rows + i. */
  values: Float32Array;
  classes: Int8Array;
  agree: Uint8Array;
}

/** A fitted clock may step back by so much, as after a reconnection, without being another clock. */
const backLimitS = 1;

export class Ring {
  readonly timeS: Float64Array;
  readonly gapBefore: Uint8Array;
  readonly values: Float32Array[];
  readonly classes: Int8Array;
  readonly agree: Uint8Array;
  readonly mask: number;
  /** Number after the newest row. */
  end = 0;
  /** How often the rows were numbered anew. */
  restarts = 0;

  /** `capacity` rows, a power of two. */
  constructor(
    readonly channelCount: number,
    readonly capacity: number,
  ) {
    if (capacity < 2 || (capacity & (capacity - 1)) !== 0) throw new Error('The capacity of a ring is a power of two.');
    this.mask = capacity - 1;
    this.timeS = new Float64Array(capacity);
    this.gapBefore = new Uint8Array(capacity);
    this.values = Array.from({ length: channelCount }, () => new Float32Array(capacity));
    this.classes = new Int8Array(capacity);
    this.agree = new Uint8Array(capacity);
  }

  /** Number of the oldest row still held. */
  get start(): number {
    return Math.max(0, this.end - this.capacity);
  }

  get newestS(): number {
    return this.end === 0 ? Number.NaN : (this.timeS[(this.end - 1) & this.mask] ?? Number.NaN);
  }

  push(batch: Batch): void {
    const rows = batch.timeS.length;
    if (rows === 0) return;
    if (batch.values.length !== rows * this.channelCount) {
      throw new Error(
        `A batch of ${rows} rows with ${batch.values.length} values does not fit ${this.channelCount} channels.`,
      );
    }
    // A clock that went far back belongs to another engine: what was held has no place on its axis.
    if ((batch.timeS[0] ?? 0) < this.newestS - backLimitS) {
      this.end = 0;
      this.restarts++;
    }
    // Rows that would be overwritten by the same batch are numbered, but not written.
    const skip = Math.max(0, rows - this.capacity);
    const timeS = rising(batch.timeS.subarray(skip), this.newestS);
    this.end += skip;
    this.#copy(this.timeS, timeS);
    this.#copy(this.gapBefore, batch.gapBefore.subarray(skip));
    this.#copy(this.classes, batch.classes.subarray(skip));
    this.#copy(this.agree, batch.agree.subarray(skip));
    this.values.forEach((ring, c) => this.#copy(ring, batch.values.subarray(c * rows + skip, (c + 1) * rows)));
    this.end += rows - skip;
  }

  /** Number of the first row at or after `timeS`; `end` when there is none. */
  rowAt(timeS: number): number {
    let low = this.start;
    let high = this.end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.timeS[middle & this.mask] ?? 0) < timeS) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What is held now, for a picture that stands still. */
  clone(): Ring {
    const copy = new Ring(this.channelCount, this.capacity);
    copy.end = this.end;
    copy.timeS.set(this.timeS);
    copy.gapBefore.set(this.gapBefore);
    copy.classes.set(this.classes);
    copy.agree.set(this.agree);
    this.values.forEach((values, c) => copy.values[c]?.set(values));
    return copy;
  }

  #copy<A extends Float64Array | Float32Array | Int8Array | Uint8Array>(ring: A, rows: A): void {
    const at = this.end & this.mask;
    const first = Math.min(rows.length, this.capacity - at);
    ring.set(rows.subarray(0, first), at);
    if (first < rows.length) ring.set(rows.subarray(first), 0);
  }
}

/** Times that never fall below the one before, because rows are found by bisection; the very array where that is so already. */
function rising(timeS: Float64Array, afterS: number): Float64Array {
  let lastS = Number.isNaN(afterS) ? -Infinity : afterS;
  if (timeS.every((t) => t >= lastS && ((lastS = t), true))) return timeS;
  lastS = Number.isNaN(afterS) ? -Infinity : afterS;
  return timeS.map((t) => (lastS = Math.max(lastS, t)));
}
