// Where the three timers of the ATmega328P have their registers, vectors, clocks and modes. Datasheet tables 12-6, 15-8, 16-4,
// 16-5, 18-8 and 18-9.
import { CAPTURE, COMPARE_A, COMPARE_B, OVERFLOW, type CountingMode } from './counter';
import type { Cpu } from './cpu';
import { Prescaler } from './prescaler';
import { Timer, type TimerLayout } from './timer';

const GTCCR = 0x43;
const SYNC_HOLD = 0x80;
const RESTART_TIMER2 = 0x02;
const RESTART_TIMERS_0_1 = 0x01;

type Top = CountingMode['top'];
const normal = (max: number): CountingMode => ({ top: max, slope: 'single', update: 'at once', overflow: 'max' });
const clearOnCompare = (top: Top): CountingMode => ({ top, slope: 'single', update: 'at once', overflow: 'max' });
const fast = (top: Top): CountingMode => ({ top, slope: 'single', update: 'bottom', overflow: 'top' });
const phaseCorrect = (top: Top): CountingMode => ({ top, slope: 'dual', update: 'top', overflow: 'bottom' });
const phaseAndFrequencyCorrect = (top: Top): CountingMode => ({
  top,
  slope: 'dual',
  update: 'bottom',
  overflow: 'bottom',
});

const modes8: readonly CountingMode[] = [
  normal(0xff),
  phaseCorrect(0xff),
  clearOnCompare('compareA'),
  fast(0xff),
  normal(0xff), // reserved
  phaseCorrect('compareA'),
  normal(0xff), // reserved
  fast('compareA'),
];

const modes16: readonly CountingMode[] = [
  normal(0xffff),
  phaseCorrect(0xff),
  phaseCorrect(0x1ff),
  phaseCorrect(0x3ff),
  clearOnCompare('compareA'),
  fast(0xff),
  fast(0x1ff),
  fast(0x3ff),
  phaseAndFrequencyCorrect('capture'),
  phaseAndFrequencyCorrect('compareA'),
  phaseCorrect('capture'),
  phaseCorrect('compareA'),
  clearOnCompare('capture'),
  normal(0xffff), // reserved
  fast('capture'),
  fast('compareA'),
];

/** 6 and 7 are external clocks. */
const dividers = [0, 1, 8, 64, 256, 1024, 0, 0];
const dividers2 = [0, 1, 8, 32, 64, 128, 256, 1024];

const timer0: TimerLayout = {
  max: 0xff,
  controlA: 0x44,
  controlB: 0x45,
  count: 0x46,
  compareA: 0x47,
  compareB: 0x48,
  mask: 0x6e,
  flags: 0x35,
  dividers,
  modes: modes8,
  vectors: new Map([
    [COMPARE_A, 14],
    [COMPARE_B, 15],
    [OVERFLOW, 16],
  ]),
};

const timer1: TimerLayout = {
  max: 0xffff,
  controlA: 0x80,
  controlB: 0x81,
  count: 0x84,
  capture: 0x86,
  compareA: 0x88,
  compareB: 0x8a,
  mask: 0x6f,
  flags: 0x36,
  dividers,
  modes: modes16,
  vectors: new Map([
    [CAPTURE, 10],
    [COMPARE_A, 11],
    [COMPARE_B, 12],
    [OVERFLOW, 13],
  ]),
};

const timer2: TimerLayout = {
  max: 0xff,
  controlA: 0xb0,
  controlB: 0xb1,
  count: 0xb2,
  compareA: 0xb3,
  compareB: 0xb4,
  mask: 0x70,
  flags: 0x37,
  dividers: dividers2,
  modes: modes8,
  vectors: new Map([
    [COMPARE_A, 7],
    [COMPARE_B, 8],
    [OVERFLOW, 9],
  ]),
};

export class Timers {
  readonly timer0: Timer;
  readonly timer1: Timer;
  readonly timer2: Timer;
  private readonly shared: Prescaler;
  private readonly own: Prescaler;
  private held = 0;

  constructor(cpu: Cpu) {
    this.shared = new Prescaler(cpu);
    this.own = new Prescaler(cpu);
    this.timer0 = new Timer(cpu, timer0, this.shared);
    this.timer1 = new Timer(cpu, timer1, this.shared);
    this.timer2 = new Timer(cpu, timer2, this.own);
    cpu.onIo(GTCCR, {
      read: () => this.held,
      write: (value) => {
        const hold = (value & SYNC_HOLD) !== 0;
        // The restart bits stay set, and the prescalers stopped, only as long as they are held.
        this.held = hold ? value & (SYNC_HOLD | RESTART_TIMER2 | RESTART_TIMERS_0_1) : 0;
        this.restart(this.shared, [this.timer0, this.timer1], (value & RESTART_TIMERS_0_1) !== 0, hold);
        this.restart(this.own, [this.timer2], (value & RESTART_TIMER2) !== 0, hold);
      },
    });
  }

  reset(): void {
    for (const timer of [this.timer0, this.timer1, this.timer2]) timer.reset();
    this.held = 0;
    this.shared.restart();
    this.own.restart();
  }

  private restart(prescaler: Prescaler, timers: readonly Timer[], asked: boolean, hold: boolean): void {
    if (!asked && !(prescaler.isHeld && !hold)) return;
    for (const timer of timers) timer.settle();
    prescaler.restart(asked && hold);
    for (const timer of timers) timer.resume();
  }
}
