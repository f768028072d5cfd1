// How a timer counts: up to TOP, or up and down, with double-buffered compare values. Datasheet sections 15.7, 16.9 and 18.7.
// Pure arithmetic in timer ticks; it leaps from one interesting value to the next. Flags rise with the tick that leaves a value.

/** Bits of TIFRn. */
export const OVERFLOW = 0x01;
export const COMPARE_A = 0x02;
export const COMPARE_B = 0x04;
export const CAPTURE = 0x20;

export interface CountingMode {
  /** The fixed top, or the register that holds it. */
  readonly top: number | 'compareA' | 'capture';
  readonly slope: 'single' | 'dual';
  /** Where new compare values take effect. */
  readonly update: 'at once' | 'top' | 'bottom';
  /** Where the overflow flag rises: MAX, TOP or BOTTOM. */
  readonly overflow: 'max' | 'top' | 'bottom';
}

export class Counter {
  count = 0;
  /** In use. */
  compareA = 0;
  compareB = 0;
  /** Written last; equal to the ones in use unless the mode delays them. */
  bufferA = 0;
  bufferB = 0;
  capture = 0;
  /** Risen and not yet fetched. */
  flags = 0;
  private down = false;
  /** A write to the counter suppresses the compare match of the next tick. */
  private justWritten = false;

  constructor(
    /** 0xFF or 0xFFFF. */
    readonly max: number,
    private mode: CountingMode,
  ) {}

  reset(mode: CountingMode): void {
    this.count = this.compareA = this.compareB = this.bufferA = this.bufferB = this.capture = this.flags = 0;
    this.down = this.justWritten = false;
    this.mode = mode;
  }

  setMode(mode: CountingMode): void {
    this.mode = mode;
    if (mode.slope === 'single') this.down = false;
    if (mode.update === 'at once') this.updateCompares();
  }

  writeCount(value: number): void {
    this.count = value;
    this.justWritten = true;
  }

  writeCompare(which: 'A' | 'B', value: number): void {
    if (which === 'A') this.bufferA = value;
    else this.bufferB = value;
    if (this.mode.update === 'at once') this.updateCompares();
  }

  get top(): number {
    if (this.mode.top === 'compareA') return this.compareA;
    return this.mode.top === 'capture' ? this.capture : this.mode.top;
  }

  /** Ticks until a value is left at which a flag of `watched` may rise, or the count turns; at least 1. */
  ticksToLeave(watched: number): number {
    if (this.justWritten) return 1;
    const turn = this.turningValue();
    let distance = Math.abs(turn - this.count);
    if ((watched & COMPARE_A) !== 0) distance = Math.min(distance, this.ahead(this.compareA));
    if ((watched & COMPARE_B) !== 0) distance = Math.min(distance, this.ahead(this.compareB));
    return distance + 1;
  }

  advance(ticks: number): void {
    // After two rounds of the full range everything has settled, and whole periods change nothing more.
    const settled = 2 * (this.max + 1);
    if (ticks > 2 * settled) {
      this.advance(settled);
      const period = this.mode.slope === 'single' ? this.top + 1 : Math.max(1, 2 * this.top);
      ticks = (ticks - settled) % period;
    }
    while (ticks > 0) {
      const stride = this.ticksToLeave(COMPARE_A | COMPARE_B);
      if (stride > ticks) {
        this.count += this.down ? -ticks : ticks;
        return;
      }
      this.count += this.down ? 1 - stride : stride - 1;
      this.leave();
      ticks -= stride;
    }
  }

  /** The value after which the count wraps or changes direction. */
  private turningValue(): number {
    if (this.down) return 0;
    if (this.count <= this.top) return this.top;
    return this.mode.slope === 'single' ? this.max : this.count;
  }

  private ahead(value: number): number {
    const distance = this.down ? this.count - value : value - this.count;
    return distance < 0 ? Infinity : distance;
  }

  /** One tick from a value of interest. */
  private leave(): void {
    const { mode, top, count } = this;
    if (!this.justWritten) {
      if (count === this.compareA) this.flags |= COMPARE_A;
      if (count === this.compareB) this.flags |= COMPARE_B;
    }
    this.justWritten = false;
    if (mode.slope === 'single') {
      if (count === top) {
        if (mode.top === 'capture') this.flags |= CAPTURE;
        if (mode.overflow === 'top' || top === this.max) this.flags |= OVERFLOW;
        if (mode.update !== 'at once') this.updateCompares();
        this.count = 0;
      } else if (count >= this.max) {
        if (mode.overflow === 'max') this.flags |= OVERFLOW;
        this.count = 0;
      } else this.count++;
      return;
    }
    if (!this.down && count >= top) {
      if (mode.top === 'capture') this.flags |= CAPTURE;
      if (mode.update === 'top') this.updateCompares();
      this.down = true;
    } else if (this.down && count === 0) {
      this.flags |= OVERFLOW;
      if (mode.update === 'bottom') this.updateCompares();
      this.down = false;
    }
    if (this.down) this.count = Math.max(0, count - 1);
    else this.count = Math.min(count + 1, this.top);
  }

  private updateCompares(): void {
    this.compareA = this.bufferA;
    this.compareB = this.bufferB;
  }
}
