// Timer/Counter 0, 1 and 2: registers, clock and interrupts around a Counter. Datasheet sections 15, 16 and 18.
// Lazy: nothing happens between two accesses or flags. Output pins, input capture and external clocks are not connected.
import { Counter, type CountingMode } from './counter';
import type { Cpu } from './cpu';
import type { Prescaler } from './prescaler';

export interface TimerLayout {
  readonly max: 0xff | 0xffff;
  /** Data addresses; of 16-bit registers the low byte. */
  readonly controlA: number;
  readonly controlB: number;
  readonly count: number;
  readonly compareA: number;
  readonly compareB: number;
  readonly capture?: number;
  readonly mask: number;
  readonly flags: number;
  /** By the clock select bits; 0: stopped. */
  readonly dividers: readonly number[];
  /** By the waveform generation bits. */
  readonly modes: readonly CountingMode[];
  /** Interrupt vector by flag bit. */
  readonly vectors: ReadonlyMap<number, number>;
}

export class Timer {
  private readonly counter: Counter;
  private readonly normal: CountingMode;
  private readonly event: number;
  private controlA = 0;
  private controlB = 0;
  private enabled = 0;
  private flags = 0;
  private divider = 0;
  /** Edge of the prescaler up to which the counter has counted. */
  private countedEdge = 0;
  /** High byte of 16-bit accesses (TEMP). */
  private highByte = 0;
  private listener: { readonly flag: number; readonly onRise: (atCycle: number) => void } | undefined;

  constructor(
    private readonly cpu: Cpu,
    private readonly layout: TimerLayout,
    private readonly prescaler: Prescaler,
  ) {
    this.normal = this.modeOf(0);
    this.counter = new Counter(layout.max, this.normal);
    this.event = cpu.addEvent((atCycle) => {
      this.catchUp(atCycle);
      this.plan();
    });
    for (const [flag, vector] of layout.vectors) {
      cpu.onInterrupt(vector, () => {
        this.catchUp(cpu.cycles);
        this.clearFlags(flag);
        this.plan();
      });
    }
    this.connectRegisters();
  }

  reset(): void {
    this.counter.reset(this.normal);
    this.controlA = this.controlB = this.enabled = this.flags = this.divider = this.highByte = 0;
    this.listener = undefined;
    this.cpu.schedule(this.event, Infinity);
  }

  /** Calls back when the flag rises, whether its interrupt is enabled or not: what triggers the ADC. */
  listen(flag: number, onRise: (atCycle: number) => void): void {
    this.catchUp(this.cpu.cycles);
    this.listener = { flag, onRise };
    this.plan();
  }

  unlisten(): void {
    this.listener = undefined;
  }

  /** Counts up to now, so that the prescaler may change. */
  settle(): void {
    this.catchUp(this.cpu.cycles);
  }

  /** Takes the prescaler as it is now. */
  resume(): void {
    if (this.divider > 0) this.countedEdge = this.prescaler.edges(this.cpu.cycles, this.divider);
    this.plan();
  }

  private connectRegisters(): void {
    const { layout, counter } = this;
    this.register(
      layout.controlA,
      () => this.controlA,
      (value) => this.writeControl((this.controlA = value), this.controlB),
    );
    this.register(
      layout.controlB,
      () => this.controlB,
      (value) => this.writeControl(this.controlA, value),
    );
    this.register(
      layout.mask,
      () => this.enabled,
      (value) => (this.enabled = value),
    );
    this.register(
      layout.flags,
      () => this.flags,
      (value, mask) => this.clearFlags(value & mask),
    );
    this.wideRegister(
      layout.count,
      () => counter.count,
      (value) => counter.writeCount(value),
      true,
    );
    this.wideRegister(
      layout.compareA,
      () => counter.bufferA,
      (value) => counter.writeCompare('A', value),
      false,
    );
    this.wideRegister(
      layout.compareB,
      () => counter.bufferB,
      (value) => counter.writeCompare('B', value),
      false,
    );
    if (layout.capture !== undefined)
      this.wideRegister(
        layout.capture,
        () => counter.capture,
        (value) => (counter.capture = value),
        true,
      );
  }

  private register(address: number, read: () => number, write: (value: number, mask: number) => void): void {
    this.cpu.onIo(address, {
      read: () => {
        this.catchUp(this.cpu.cycles);
        return read();
      },
      write: (value, mask) => {
        this.catchUp(this.cpu.cycles);
        write(value, mask);
        this.raise();
        this.plan();
      },
    });
  }

  /** 16-bit registers are written high byte first; those with `latched` are also read through TEMP, low byte first. */
  private wideRegister(low: number, read: () => number, write: (value: number) => void, latched: boolean): void {
    if (this.layout.max === 0xff) {
      this.register(low, read, write);
      return;
    }
    const readLow = (): number => {
      const value = read();
      if (latched) this.highByte = value >> 8;
      return value & 0xff;
    };
    this.register(low, readLow, (value) => write((this.highByte << 8) | value));
    this.cpu.onIo(low + 1, {
      read: () => (latched ? this.highByte : read() >> 8),
      write: (value) => (this.highByte = value),
    });
  }

  private modeOf(waveform: number): CountingMode {
    const mode = this.layout.modes[waveform];
    if (mode === undefined) throw new Error(`waveform ${waveform}`);
    return mode;
  }

  private writeControl(controlA: number, controlB: number): void {
    // The force-compare strobes (bits 7 and 6 of the 8-bit timers) only act on pins and read as 0.
    this.controlA = controlA;
    this.controlB = this.layout.max === 0xff ? controlB & 0x0f : controlB;
    this.counter.setMode(this.modeOf(((this.controlB & 0x18) >> 1) | (controlA & 3)));
    this.divider = this.layout.dividers[controlB & 7] ?? 0;
    if (this.divider > 0) this.countedEdge = this.prescaler.edges(this.cpu.cycles, this.divider);
  }

  private clearFlags(flags: number): void {
    this.flags &= ~flags;
    this.raise();
  }

  /** Counts the edges up to this cycle and raises what rose with them. */
  private catchUp(cycle: number): void {
    if (this.divider === 0) return;
    const edge = this.prescaler.edges(cycle, this.divider);
    if (edge <= this.countedEdge) return;
    this.counter.advance(edge - this.countedEdge);
    this.countedEdge = edge;
    const risen = this.counter.flags & ~this.flags;
    this.counter.flags = 0;
    if (risen === 0) return;
    this.flags |= risen;
    this.raise();
    if (this.listener !== undefined && (risen & this.listener.flag) !== 0) this.listener.onRise(cycle);
  }

  private raise(): void {
    for (const [flag, vector] of this.layout.vectors)
      this.cpu.request(vector, (this.flags & this.enabled & flag) !== 0);
  }

  private plan(): void {
    const watched = (this.enabled | (this.listener?.flag ?? 0)) & ~this.flags;
    const at =
      watched === 0 || this.divider === 0
        ? Infinity
        : this.prescaler.cycleOf(this.countedEdge + this.counter.ticksToLeave(watched), this.divider);
    this.cpu.schedule(this.event, at);
  }
}
