// The ATmega328P's core: registers and memory, I/O hooks, the clock with its event queue, interrupts and sleep.
// ATmega48A/PA/88A/PA/168A/PA/328/P datasheet (DS40002061), sections 7, 8 and 10. Time is counted in clock cycles.
import { decode, type Program } from './decode';
import { execute } from './execute';

/** Data addresses: 0…0x1F registers, …0xFF I/O, …0x8FF SRAM. */
export const IO_END = 0xff;
export const RAM_END = 0x8ff;

export const SREG_I = 0x80;
const SPL = 0x5d;
const SPH = 0x5e;
const SREG = 0x5f;
const SMCR = 0x53;
const SLEEP_ENABLE = 0x01;

const INTERRUPT_CYCLES = 4;
/** Added when an interrupt ends sleep. */
const WAKE_CYCLES = 4;

export type ReadHook = (address: number) => number;
/** `mask` tells which bits the instruction meant: all, but for SBI and CBI. */
export type WriteHook = (value: number, mask: number, address: number) => void;
/** `atCycle` is when the event was due; the clock may stand up to three cycles later. */
export type EventHandler = (atCycle: number) => void;

export class Cpu {
  readonly program: Program;
  /** The whole 16-bit space, so that no address is out of bounds; what lies behind the SRAM stays 0. */
  readonly data = new Uint8Array(0x10000);
  /** In words. */
  pc = 0;
  sp = RAM_END;
  sreg = 0;
  /** Since the emulation began; reset does not set it back. Exact inside I/O hooks too. */
  cycles = 0;
  asleep = false;
  /** Set when the run loop must look at events and interrupts before its slice is over. */
  attention = false;
  /** After SEI and RETI one more instruction runs before an interrupt is taken. */
  holdOff = false;
  /** Called by WDR. */
  onWatchdogReset: () => void = () => {};

  private readonly readHooks: (ReadHook | undefined)[] = new Array<ReadHook | undefined>(IO_END + 1).fill(undefined);
  private readonly writeHooks: (WriteHook | undefined)[] = new Array<WriteHook | undefined>(IO_END + 1).fill(undefined);
  private readonly handlers: EventHandler[] = [];
  private readonly dueAt: number[] = [];
  private nextDue = Infinity;
  /** Bit n: vector n asks. */
  private pending = 0;
  private readonly onTaken: ((() => void) | undefined)[] = [];

  constructor(image: Uint8Array) {
    this.program = decode(image);
    this.onIo(SREG, {
      read: () => this.sreg,
      write: (value) => {
        if ((value & ~this.sreg & SREG_I) !== 0) this.interruptsEnabled();
        this.sreg = value;
      },
    });
    this.onIo(SPL, { read: () => this.sp & 0xff, write: (value) => (this.sp = (this.sp & 0xff00) | value) });
    this.onIo(SPH, { read: () => this.sp >> 8, write: (value) => (this.sp = (this.sp & 0xff) | (value << 8)) });
  }

  /** Registers and SRAM keep what they hold, as on the chip. The peripherals reset themselves and their events. */
  reset(): void {
    this.data.fill(0, 0x20, IO_END + 1);
    this.pc = 0;
    this.sp = RAM_END;
    this.sreg = 0;
    this.asleep = false;
    this.holdOff = false;
    this.attention = true;
    this.pending = 0;
  }

  onIo(address: number, hooks: { read?: ReadHook; write?: WriteHook }): void {
    this.readHooks[address] = hooks.read;
    this.writeHooks[address] = hooks.write;
  }

  readIo(address: number): number {
    return this.readHooks[address]?.(address) ?? this.data[address] ?? 0;
  }

  writeIo(address: number, value: number, mask: number): void {
    const hook = this.writeHooks[address];
    if (hook === undefined) this.data[address] = value;
    else hook(value, mask, address);
  }

  /** A new place in the queue, for one recurring event. */
  addEvent(handler: EventHandler): number {
    this.handlers.push(handler);
    return this.dueAt.push(Infinity) - 1;
  }

  /** Sets when the event is due next; Infinity: never. */
  schedule(event: number, atCycle: number): void {
    const before = this.dueAt[event];
    if (before === atCycle) return;
    this.dueAt[event] = atCycle;
    if (atCycle < this.nextDue) {
      this.nextDue = atCycle;
      this.attention = true;
    } else if (before === this.nextDue) {
      this.nextDue = Math.min(...this.dueAt);
    }
  }

  /** `taken` runs when the vector is entered: where the hardware clears the flag. */
  onInterrupt(vector: number, taken: () => void): void {
    this.onTaken[vector] = taken;
  }

  /** Whether the vector's flag and its enable bit are both set. */
  request(vector: number, asks: boolean): void {
    if (!asks) this.pending &= ~(1 << vector);
    else if ((this.pending & (1 << vector)) === 0) {
      this.pending |= 1 << vector;
      this.attention = true;
    }
  }

  interruptsEnabled(): void {
    this.holdOff = true;
    this.attention = true;
  }

  /** All sleep modes act as idle: the peripherals' clocks go on. */
  sleep(): void {
    this.asleep = ((this.data[SMCR] ?? 0) & SLEEP_ENABLE) !== 0;
    if (this.asleep) this.attention = true;
  }

  /** Runs until the clock is at `untilCycle` or, by the last instruction, up to three cycles later. */
  run(untilCycle: number): void {
    while (this.cycles < untilCycle) {
      if (this.cycles >= this.nextDue) this.fireEvents();
      if (this.pending !== 0 && (this.sreg & SREG_I) !== 0 && !this.holdOff) this.enterInterrupt();
      const stop = Math.min(this.nextDue, untilCycle);
      if (this.asleep) {
        this.cycles = Math.max(this.cycles, stop);
        continue;
      }
      const budget = this.holdOff ? 1 : stop - this.cycles;
      this.holdOff = false;
      this.attention = false;
      if (budget > 0) execute(this, Math.min(budget, 0x3fffffff));
    }
  }

  private fireEvents(): void {
    while (this.nextDue <= this.cycles) {
      const event = this.dueAt.indexOf(this.nextDue);
      const atCycle = this.nextDue;
      this.dueAt[event] = Infinity;
      this.nextDue = Math.min(...this.dueAt);
      this.handlers[event]?.(atCycle);
    }
  }

  private enterInterrupt(): void {
    const vector = 31 - Math.clz32(this.pending & -this.pending);
    this.cycles += INTERRUPT_CYCLES + (this.asleep ? WAKE_CYCLES : 0);
    this.asleep = false;
    this.data[this.sp] = this.pc & 0xff;
    this.data[(this.sp - 1) & 0xffff] = this.pc >> 8;
    this.sp = (this.sp - 2) & 0xffff;
    this.sreg &= ~SREG_I;
    this.pc = vector * 2;
    this.onTaken[vector]?.();
  }
}
