// A free-running clock divider shared by timers. Datasheet section 17: its phase is that of the last reset, not of the timer's
// start, and it can be held (TSM).
import type { Cpu } from './cpu';

export class Prescaler {
  /** Cycle at which it last counted 0. */
  private zeroAt = 0;
  private held = false;

  constructor(private readonly cpu: Cpu) {}

  get isHeld(): boolean {
    return this.held;
  }

  /** Edges of the divided clock since the last reset of the prescaler, up to and with this cycle. */
  edges(cycle: number, divider: number): number {
    return this.held ? 0 : Math.floor((cycle - this.zeroAt) / divider);
  }

  /** The cycle of that edge; never when the prescaler is held. */
  cycleOf(edge: number, divider: number): number {
    return this.held ? Infinity : this.zeroAt + edge * divider;
  }

  /** Timers must have counted up to now before, and take their edges anew afterwards. */
  restart(held = false): void {
    this.zeroAt = this.cpu.cycles;
    this.held = held;
  }
}
