// Timers: the datasheet's numbers (sections 15 to 18), and agreement with avr8js where that follows the datasheet.
import { AVRTimer, CPU, timer0Config, timer1Config, timer2Config } from 'avr8js';
import { describe, expect, test } from 'vitest';
import { Bench } from './bench';

const GTCCR = 0x43;
const timers = [
  { name: 'timer 0', a: 0x44, b: 0x45, count: 0x46, ocrA: 0x47, ocrB: 0x48, mask: 0x6e, flags: 0x35, max: 0xff },
  { name: 'timer 1', a: 0x80, b: 0x81, count: 0x84, ocrA: 0x88, ocrB: 0x8a, mask: 0x6f, flags: 0x36, max: 0xffff },
  { name: 'timer 2', a: 0xb0, b: 0xb1, count: 0xb2, ocrA: 0xb3, ocrB: 0xb4, mask: 0x70, flags: 0x37, max: 0xff },
] as const;
type TimerRegisters = (typeof timers)[number];
const [timer0, timer1, timer2] = timers;
const ICR1 = 0x86;

const TOV = 0x01;
const OCFA = 0x02;
const OCFB = 0x04;
const ICF = 0x20;

const writeWide = (bench: Bench, timer: TimerRegisters, low: number, value: number): void =>
  timer.max === 0xff ? bench.write(low, value) : bench.write16(low, value);
const readCount = (bench: Bench, timer: TimerRegisters): number =>
  timer.max === 0xff ? bench.read(timer.count) : bench.read16(timer.count);

/** Cycles from now until the flag is up. */
function riseOf(bench: Bench, timer: TimerRegisters, flag: number): number {
  const from = bench.cycles;
  return bench.runUntil(() => (bench.read(timer.flags) & flag) !== 0) - from;
}

describe.each(timers)('$name', (timer) => {
  test('counts each clock and rises its overflow when it becomes 0', () => {
    const bench = new Bench();
    writeWide(bench, timer, timer.count, timer.max - 9);
    bench.write(timer.b, 1);
    bench.run(9);
    expect([readCount(bench, timer), bench.read(timer.flags) & TOV]).toEqual([timer.max, 0]);
    bench.run(1);
    expect([readCount(bench, timer), bench.read(timer.flags) & TOV]).toEqual([0, TOV]);
  });

  test('rises a compare flag with the tick after the match, and only then', () => {
    const bench = new Bench();
    writeWide(bench, timer, timer.ocrA, 20);
    writeWide(bench, timer, timer.ocrB, 30);
    bench.write(timer.b, 1);
    expect(riseOf(bench, timer, OCFA)).toBe(21);
    expect(bench.read(timer.flags)).toBe(OCFA);
    expect(riseOf(bench, timer, OCFB)).toBe(10);
  });

  test('in CTC mode repeats with a period of OCRA + 1 clocks', () => {
    const bench = new Bench();
    const [controlA, controlB] = timer.max === 0xff ? [2, 1] : [0, 0x09];
    writeWide(bench, timer, timer.ocrA, 99);
    bench.write(timer.a, controlA);
    bench.write(timer.b, controlB);
    const rises: number[] = [];
    for (let i = 0; i < 3; i++) {
      rises.push(riseOf(bench, timer, OCFA));
      bench.write(timer.flags, OCFA);
    }
    expect(rises).toEqual([100, 100, 100]);
    expect(bench.read(timer.flags) & TOV).toBe(0);
  });

  test('clears a flag by writing one to it, and leaves the others', () => {
    const bench = new Bench();
    bench.write(timer.b, 1);
    bench.run(2 * (timer.max + 1));
    expect(bench.read(timer.flags)).toBe(TOV | OCFA | OCFB);
    bench.write(timer.flags, OCFA);
    expect(bench.read(timer.flags)).toBe(TOV | OCFB);
    bench.write(timer.flags, 0xff, TOV); // as SBI does
    expect(bench.read(timer.flags)).toBe(OCFB);
  });

  test('does not match in the clock after its count was written', () => {
    const bench = new Bench();
    writeWide(bench, timer, timer.ocrA, 50);
    bench.write(timer.b, 1);
    writeWide(bench, timer, timer.count, 50);
    bench.run(100);
    expect(bench.read(timer.flags) & OCFA).toBe(0);
  });

  test('phase-correct counts up and down, and overflows at the bottom', () => {
    const bench = new Bench();
    const [controlA, controlB, top] = timer.max === 0xff ? [1, 1, 0xff] : [2, 1, 0x1ff]; // 9 bits
    bench.write(timer.a, controlA);
    bench.write(timer.b, controlB);
    bench.run(top);
    expect(readCount(bench, timer)).toBe(top);
    bench.run(10);
    expect(readCount(bench, timer)).toBe(top - 10);
    bench.run(top - 10);
    expect([readCount(bench, timer), bench.read(timer.flags) & TOV]).toEqual([0, 0]);
    bench.run(1);
    expect([readCount(bench, timer), bench.read(timer.flags) & TOV]).toEqual([1, TOV]);
  });

  test('fast PWM takes a new compare value only at the bottom', () => {
    const bench = new Bench();
    const [controlA, controlB] = timer.max === 0xff ? [3, 1] : [1, 0x09]; // top 255
    bench.write(timer.a, controlA);
    bench.write(timer.b, controlB);
    bench.run(100);
    writeWide(bench, timer, timer.ocrA, 200);
    bench.write(timer.flags, 0xff);
    bench.run(150);
    expect(bench.read(timer.flags) & OCFA).toBe(0); // 0 still counts as the value
    bench.run(256);
    expect(bench.read(timer.flags) & (OCFA | TOV)).toBe(OCFA | TOV);
  });

  test('reads the same whether it is looked at each cycle or once', () => {
    const setUp = (): Bench => {
      const bench = new Bench();
      writeWide(bench, timer, timer.ocrA, 77);
      writeWide(bench, timer, timer.ocrB, 33);
      bench.write(timer.a, timer.max === 0xff ? 1 : 3);
      bench.write(timer.b, 2); // divided by 8
      return bench;
    };
    const often = setUp();
    for (let i = 0; i < 300_000; i++) {
      often.run(1);
      often.read(timer.flags);
    }
    const once = setUp();
    once.run(300_000);
    expect(readCount(once, timer)).toBe(readCount(often, timer));
    expect(once.read(timer.flags)).toBe(often.read(timer.flags));
  });
});

describe('timer 1', () => {
  test('takes its top from ICR1 and rises the capture flag there', () => {
    const bench = new Bench();
    bench.write16(ICR1, 499);
    bench.write(timer1.b, 0x19); // mode 12
    expect(riseOf(bench, timer1, ICF)).toBe(500);
    expect(bench.read16(timer1.count)).toBe(0);
  });

  test('reads both bytes of one instant', () => {
    const bench = new Bench();
    bench.write16(timer1.count, 0x01fe);
    bench.write(timer1.b, 1);
    bench.run(1);
    const low = bench.read(timer1.count);
    bench.run(5);
    expect([low, bench.read(timer1.count + 1)]).toEqual([0xff, 0x01]);
  });
});

describe('prescaler', () => {
  test.each([
    { timer: timer0, select: [1, 2, 3, 4, 5], dividers: [1, 8, 64, 256, 1024] },
    { timer: timer1, select: [1, 2, 3, 4, 5], dividers: [1, 8, 64, 256, 1024] },
    { timer: timer2, select: [1, 2, 3, 4, 5, 6, 7], dividers: [1, 8, 32, 64, 128, 256, 1024] },
  ])('of $timer.name divides by $dividers', ({ timer, select, dividers }) => {
    const measured = select.map((bits) => {
      const bench = new Bench();
      bench.write(timer.b, bits);
      bench.run(1024 * 20);
      return (1024 * 20) / readCount(bench, timer);
    });
    const wrapped = dividers.map((divider) => (1024 * 20) / (((1024 * 20) / divider) % (timer.max + 1)));
    expect(measured).toEqual(wrapped);
  });

  test('runs on its own: a timer started late still ticks at multiples of the divider', () => {
    const bench = new Bench();
    bench.run(1000);
    bench.write(timer0.b, 5); // 1024
    bench.run(24);
    expect(bench.read(timer0.count)).toBe(1);
  });

  test('is restarted by PSRSYNC, and stands while TSM holds it', () => {
    const bench = new Bench();
    bench.write(timer0.b, 5);
    bench.run(1000);
    bench.write(GTCCR, 0x01);
    bench.run(1023);
    expect(bench.read(timer0.count)).toBe(0);
    bench.run(1);
    expect(bench.read(timer0.count)).toBe(1);
    bench.write(GTCCR, 0x81);
    bench.run(100_000);
    expect([bench.read(timer0.count), bench.read(GTCCR)]).toEqual([1, 0x81]);
    bench.write(GTCCR, 0);
    bench.run(1024);
    expect(bench.read(timer0.count)).toBe(2);
  });
});

describe('beside avr8js', () => {
  const configs = [timer0Config, timer1Config, timer2Config];
  const cases = timers.flatMap((timer, i) =>
    (timer.max === 0xff ? [0, 2, 3] : [0, 4, 5, 12, 14, 15]).flatMap((mode) =>
      [1, 2, 3].map((clock) => ({ name: timer.name, timer, config: configs[i] ?? timer0Config, mode, clock })),
    ),
  );

  test.each(cases)('$name counts alike in mode $mode with clock $clock', ({ timer, config, mode, clock }) => {
    const bench = new Bench();
    const cpu = new CPU(new Uint16Array(0x4000), 2048);
    new AVRTimer(cpu, config);
    const writeBoth = (address: number, value: number): void => {
      bench.write(address, value);
      cpu.writeData(address, value);
    };
    const registers = [...(timer === timer1 ? [ICR1] : []), timer.ocrA, timer.ocrB];
    for (const low of registers) {
      if (timer === timer1) writeBoth(low + 1, 0x02);
      writeBoth(low, low === timer.ocrB ? 0x40 : 0xc7);
    }
    writeBoth(timer.a, mode & 3);
    writeBoth(timer.b, ((mode >> 2) << 3) | clock);
    const divider = config.dividers[clock as 1 | 2 | 3];
    const runTheirs = (cycles: number): void => {
      for (let k = 0; k < cycles; k++) {
        cpu.cycles++;
        cpu.tick();
      }
    };
    cpu.tick();
    runTheirs(divider); // avr8js starts a timer one tick late
    const apart: number[] = [];
    for (let i = 0; i < 400; i++) {
      bench.run(37 * divider);
      runTheirs(37 * divider);
      const theirs = cpu.readData(timer.count) | (timer === timer1 ? cpu.readData(timer.count + 1) << 8 : 0);
      apart.push(readCount(bench, timer) - theirs);
    }
    expect(new Set(apart)).toEqual(new Set([0]));
  });
});
