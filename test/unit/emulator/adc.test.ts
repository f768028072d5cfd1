// The converter: datasheet section 23, and avr8js for the values.
import { adcConfig, AVRADC, CPU } from 'avr8js';
import { describe, expect, test } from 'vitest';
import { Bench } from './bench';

const ADCL = 0x78;
const ADCH = 0x79;
const ADCSRA = 0x7a;
const ADCSRB = 0x7b;
const ADMUX = 0x7c;

const ADEN = 0x80;
const ADSC = 0x40;
const ADATE = 0x20;
const ADIF = 0x10;
const AVCC = 0x40;
const BANDGAP = 0xc0;
const LEFT = 0x20;
/** Divided by 128, as at 16 MHz. */
const CLOCK = 128;
const SLOW = 7;

const TCCR0B = 0x45;
const TCCR0A = 0x44;
const OCR0A = 0x47;
const TIFR0 = 0x35;

const converted = (bench: Bench): boolean => (bench.read(ADCSRA) & ADIF) !== 0;
const result = (bench: Bench): number => bench.read(ADCL) | (bench.read(ADCH) << 8);

function convert(bench: Bench, mux: number): number {
  bench.write(ADMUX, mux);
  bench.write(ADCSRA, ADEN | ADSC | ADIF | SLOW);
  bench.runUntil(() => converted(bench));
  return result(bench);
}

describe('converter', () => {
  test('takes 25 of its clocks for the first conversion and 13 for each other, and samples after 13.5 and 1.5', () => {
    const sampledAt: number[] = [];
    const bench = new Bench({
      voltsAt: (_pin, atCycle) => {
        sampledAt.push(atCycle);
        return 1;
      },
    });
    const took: number[] = [];
    const startedAt: number[] = [];
    for (let i = 0; i < 3; i++) {
      startedAt.push(bench.cycles);
      bench.write(ADCSRA, ADEN | ADSC | ADIF | SLOW);
      bench.runUntil(() => converted(bench));
      // The event is seen one cycle later; go on with the next clock of the converter.
      took.push(bench.cycles - 1 - (startedAt[i] ?? 0));
      bench.run(CLOCK - 1);
    }
    expect(took).toEqual([25 * CLOCK, 13 * CLOCK, 13 * CLOCK]);
    expect(sampledAt.map((at, i) => (at - (startedAt[i] ?? 0)) / CLOCK)).toEqual([13.5, 1.5, 1.5]);
  });

  test('starts with the next edge of its own clock', () => {
    const bench = new Bench();
    bench.write(ADCSRA, ADEN | SLOW);
    bench.run(3 * CLOCK + 5);
    bench.write(ADCSRA, ADEN | ADSC | SLOW);
    expect(bench.runUntil(() => converted(bench))).toBe(4 * CLOCK + 25 * CLOCK + 1);
  });

  test('says that it is busy, and does not start again meanwhile', () => {
    const bench = new Bench();
    bench.write(ADCSRA, ADEN | ADSC | SLOW);
    bench.run(1000);
    bench.write(ADCSRA, ADEN | ADSC | SLOW);
    expect(bench.read(ADCSRA) & ADSC).toBe(ADSC);
    bench.run(25 * CLOCK - 1000 + 1);
    expect(bench.read(ADCSRA) & (ADSC | ADIF)).toBe(ADIF);
  });

  test('gives floor(1024 V / Vref), as avr8js does', () => {
    for (const volts of [0, 0.004, 0.0049, 1.1, 2.5, 3.3, 4.99, 4.9999, 5, 6]) {
      const bench = new Bench({ voltsAt: () => volts });
      const cpu = new CPU(new Uint16Array(0x4000), 2048);
      const adc = new AVRADC(cpu, adcConfig);
      adc.channelValues[0] = volts;
      cpu.writeData(ADMUX, AVCC);
      cpu.writeData(ADCSRA, ADEN | ADSC | SLOW);
      cpu.cycles += 30 * CLOCK;
      cpu.tick();
      const theirs = cpu.readData(ADCL) | (cpu.readData(ADCH) << 8);
      expect(convert(bench, AVCC), `${volts} V`).toBe(Math.min(1023, theirs));
      expect(convert(bench, AVCC)).toBe(Math.min(1023, Math.floor((volts / 5) * 1024)));
    }
  });

  test('chooses pin and reference', () => {
    const bench = new Bench({ voltsAt: (pin) => 0.1 * (pin + 1) });
    for (let pin = 0; pin < 6; pin++) {
      const volts = 0.1 * (pin + 1);
      expect(convert(bench, AVCC | pin)).toBe(Math.floor((volts * 1024) / 5));
      expect(convert(bench, pin)).toBe(Math.floor((volts * 1024) / 3.3));
      expect(convert(bench, BANDGAP | pin)).toBe(Math.floor((volts * 1024) / 1.1));
    }
    expect(convert(bench, AVCC | 14)).toBe(Math.floor((1.1 * 1024) / 5));
    expect(convert(bench, AVCC | 15)).toBe(0);
  });

  test('keeps the channel it started with', () => {
    const bench = new Bench({ voltsAt: (pin) => pin });
    bench.write(ADMUX, AVCC | 2);
    bench.write(ADCSRA, ADEN | ADSC | SLOW);
    bench.write(ADMUX, AVCC | 4);
    bench.runUntil(() => converted(bench));
    expect(result(bench)).toBe(Math.floor((2 * 1024) / 5));
  });

  test('adjusts to the left', () => {
    const bench = new Bench({ voltsAt: () => 2.5 });
    expect(convert(bench, AVCC | LEFT)).toBe(512 << 6);
  });

  test('keeps a result whose low byte was read until the high byte is', () => {
    let volts = 1;
    const bench = new Bench({ voltsAt: () => volts });
    convert(bench, AVCC);
    volts = 4;
    bench.read(ADCL);
    bench.write(ADCSRA, ADEN | ADSC | ADIF | SLOW);
    bench.runUntil(() => converted(bench));
    expect(bench.read(ADCH)).toBe(Math.floor((1 * 1024) / 5) >> 8);
    expect(convert(bench, AVCC)).toBe(Math.floor((4 * 1024) / 5));
  });

  test('runs freely, one result every 13 clocks', () => {
    const bench = new Bench();
    bench.write(ADCSRA, ADEN | ADSC | ADATE | SLOW);
    const at: number[] = [];
    for (let i = 0; i < 4; i++) {
      at.push(bench.runUntil(() => converted(bench)));
      bench.write(ADCSRA, ADEN | ADATE | ADIF | SLOW);
    }
    expect(at.map((cycle, i) => cycle - (at[i - 1] ?? 1))).toEqual([25, 13, 13, 13].map((clocks) => clocks * CLOCK));
  });

  test('is triggered by a timer, once for each time the flag rises', () => {
    const sampledAt: number[] = [];
    const bench = new Bench({
      voltsAt: (_pin, atCycle) => {
        sampledAt.push(atCycle);
        return 0;
      },
    });
    bench.write(ADCSRB, 3); // timer 0, compare A
    bench.write(ADCSRA, ADEN | ADATE | SLOW);
    bench.write(OCR0A, 124);
    bench.write(TCCR0A, 2); // CTC
    bench.write(TCCR0B, 4); // 256: every 32,000 cycles
    bench.run(100_000);
    expect(sampledAt).toEqual([32_000 + 13.5 * CLOCK]); // the flag stays up, so nothing rises
    bench.write(TIFR0, 0xff);
    bench.run(30_000);
    expect(sampledAt[1]).toBe(128_000 + 2 * CLOCK);
  });

  test('gives up when it is turned off', () => {
    const bench = new Bench();
    bench.write(ADCSRA, ADEN | ADSC | SLOW);
    bench.run(100);
    bench.write(ADCSRA, SLOW);
    bench.run(10_000);
    expect(bench.read(ADCSRA)).toBe(SLOW);
  });
});
