// A batch of readings: what one chunk from the line brought, in columns. Recording, inference and the page all take this.

export interface Readings {
  readonly rows: number;
  readonly channels: number;
  /** Unwrapped: counts on beyond 2³². */
  readonly sequence: Float64Array;
  /** Seconds on the transport's clock. */
  readonly timeS: Float64Array;
  /** Seconds since the board's reset. */
  readonly deviceTimeS: Float64Array;
  /** Raw counts, row-major: row r, channel c at r · channels + c. */
  readonly raw: Int16Array;
  /** Readings missing before each row. */
  readonly missing: Float64Array;
  /** Model whose result the row carries, 0 for none. */
  readonly generation: Uint8Array;
  readonly classes: Uint8Array;
  /** Row-major, `outputs` a row; empty without results. */
  readonly scores: Uint8Array;
  readonly outputs: number;
  /** When the chunk arrived. */
  readonly arrivalS: number;
}

/** Collects the readings of a chunk. Grows as needed and is used again: no allocation per reading. */
export class ReadingsBuilder {
  private rows = 0;
  private capacity = 0;
  private outputs = 0;
  private sequence = new Float64Array(0);
  private timeS = new Float64Array(0);
  private deviceTimeS = new Float64Array(0);
  private raw = new Int16Array(0);
  private missing = new Float64Array(0);
  private generation = new Uint8Array(0);
  private classes = new Uint8Array(0);
  private scores = new Uint8Array(0);

  constructor(private readonly channels: number) {
    this.grow(64, 0);
  }

  get empty(): boolean {
    return this.rows === 0;
  }

  /** `body` of a READING; `resultAt` is where its class stands, or −1. */
  add(
    sequence: number,
    missing: number,
    deviceTimeS: number,
    timeS: number,
    generation: number,
    body: DataView,
    resultAt: number,
  ): void {
    const outputs = resultAt < 0 ? 0 : body.byteLength - resultAt - 1;
    if (this.rows === this.capacity || outputs > this.outputs) {
      this.grow(this.rows === this.capacity ? this.capacity * 2 : this.capacity, Math.max(outputs, this.outputs));
    }
    const row = this.rows++;
    this.sequence[row] = sequence;
    this.missing[row] = missing;
    this.deviceTimeS[row] = deviceTimeS;
    this.timeS[row] = timeS;
    this.generation[row] = generation;
    for (let c = 0; c < this.channels; c++) this.raw[row * this.channels + c] = body.getInt16(8 + 2 * c, true);
    this.classes[row] = resultAt < 0 ? 0 : body.getUint8(resultAt);
    for (let o = 0; o < this.outputs; o++) {
      this.scores[row * this.outputs + o] = o < outputs ? body.getUint8(resultAt + 1 + o) : 0;
    }
  }

  /** The batch, as copies of its own; the builder is empty afterwards. */
  take(arrivalS: number): Readings {
    const { rows, channels, outputs } = this;
    this.rows = 0;
    this.outputs = 0;
    return {
      rows,
      channels,
      sequence: this.sequence.slice(0, rows),
      timeS: this.timeS.slice(0, rows),
      deviceTimeS: this.deviceTimeS.slice(0, rows),
      raw: this.raw.slice(0, rows * channels),
      missing: this.missing.slice(0, rows),
      generation: this.generation.slice(0, rows),
      classes: this.classes.slice(0, rows),
      scores: this.scores.slice(0, rows * outputs),
      outputs,
      arrivalS,
    };
  }

  private grow(capacity: number, outputs: number): void {
    const kept = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    if (capacity !== this.capacity) {
      this.sequence = kept(new Float64Array(capacity), this.sequence);
      this.timeS = kept(new Float64Array(capacity), this.timeS);
      this.deviceTimeS = kept(new Float64Array(capacity), this.deviceTimeS);
      this.raw = kept(new Int16Array(capacity * this.channels), this.raw);
      this.missing = kept(new Float64Array(capacity), this.missing);
      this.generation = kept(new Uint8Array(capacity), this.generation);
      this.classes = kept(new Uint8Array(capacity), this.classes);
    }
    const scores = new Uint8Array(capacity * outputs);
    for (let row = 0; row < this.rows; row++) {
      scores.set(this.scores.subarray(row * this.outputs, (row + 1) * this.outputs), row * outputs);
    }
    this.scores = scores;
    this.capacity = capacity;
    this.outputs = outputs;
  }
}
