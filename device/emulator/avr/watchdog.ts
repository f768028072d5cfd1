// The watchdog with its guarded register, and the reset flags (MCUSR). Datasheet sections 11.8 and 11.9.
import type { Cpu } from './cpu';

const MCUSR = 0x54;
const WDTCSR = 0x60;

const FLAG = 0x80;
const INTERRUPT = 0x40;
const CHANGE_ENABLE = 0x10;
const RESET = 0x08;
const VECTOR = 6;
/** The timed sequence must be over within so many cycles. */
const CHANGE_CYCLES = 4;
/** Clock cycles at 16 MHz in one of its own 128 kHz oscillator. */
const CYCLES_PER_TICK = 125;

/** Bits of MCUSR. */
export const RESET_CAUSES = { powerOn: 0x01, external: 0x02, brownOut: 0x04, watchdog: 0x08 } as const;
export type ResetCause = keyof typeof RESET_CAUSES;

export class Watchdog {
  private causes = 0;
  private control = 0;
  private changeUntil = -1;
  private readonly event: number;

  constructor(
    private readonly cpu: Cpu,
    private readonly onTimeout: () => void,
  ) {
    this.event = cpu.addEvent(() => this.timeout());
    cpu.onWatchdogReset = () => this.restart();
    cpu.onInterrupt(VECTOR, () => {
      this.control &= ~FLAG;
      // With both modes on, the next timeout resets.
      if ((this.control & RESET) !== 0) this.control &= ~INTERRUPT;
      this.raise();
    });
    // A flag is cleared by writing 0 to it.
    cpu.onIo(MCUSR, { read: () => this.causes, write: (value) => (this.causes &= value) });
    cpu.onIo(WDTCSR, { read: () => this.control, write: (value) => this.write(value) });
  }

  reset(cause: ResetCause): void {
    this.causes = cause === 'powerOn' ? RESET_CAUSES.powerOn : this.causes | RESET_CAUSES[cause];
    // After a watchdog reset it stays on, at its shortest time, until the program turns it off.
    this.control = cause === 'watchdog' ? RESET : 0;
    this.changeUntil = -1;
    this.restart();
  }

  private get ticks(): number {
    const power = (this.control & 0x07) | ((this.control & 0x20) >> 2);
    return 2048 << Math.min(9, power);
  }

  private restart(): void {
    const on = (this.control & (RESET | INTERRUPT)) !== 0;
    this.cpu.schedule(this.event, on ? this.cpu.cycles + this.ticks * CYCLES_PER_TICK : Infinity);
  }

  private write(value: number): void {
    const forced = (this.causes & RESET_CAUSES.watchdog) !== 0 ? RESET : 0;
    const flag = this.control & FLAG & ~value;
    const open = this.cpu.cycles <= this.changeUntil;
    if (open && (value & CHANGE_ENABLE) === 0) {
      this.control = flag | (value & 0x6f) | forced;
      this.changeUntil = -1;
    } else {
      // Outside the sequence only the interrupt may change, and the reset be turned on.
      this.control = flag | (this.control & 0x2f) | (value & (INTERRUPT | RESET)) | forced;
      if ((value & (CHANGE_ENABLE | RESET)) === (CHANGE_ENABLE | RESET)) {
        this.changeUntil = this.cpu.cycles + CHANGE_CYCLES;
      }
    }
    this.raise();
    this.restart();
  }

  private timeout(): void {
    if ((this.control & INTERRUPT) !== 0) {
      this.control |= FLAG;
      this.raise();
      this.restart();
    } else this.onTimeout();
  }

  private raise(): void {
    this.cpu.request(VECTOR, (this.control & (FLAG | INTERRUPT)) === (FLAG | INTERRUPT));
  }
}
