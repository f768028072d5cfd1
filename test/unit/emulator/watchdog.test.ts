// Reset and watchdog: datasheet section 11.
import { describe, expect, test } from 'vitest';
import { Bench, GLOBAL_INTERRUPT } from './bench';

const MCUSR = 0x54;
const WDTCSR = 0x60;
const UCSR0B = 0xc1;
const PORTB = 0x25;
const PINB = 0x23;
const DDRB = 0x24;

const PORF = 0x01;
const EXTRF = 0x02;
const WDRF = 0x08;
const WDE = 0x08;
const WDCE = 0x10;
const WDIE = 0x40;
/** 2048 periods of 128 kHz. */
const SHORTEST = 2048 * 125;
const WDR = 0x95a8;
const RJMP_BACK_2 = 0xcffe;
const RJMP_HERE = 0xcfff;
const RETI = 0x9518;
const INC_R17 = 0x9513;

function turnOff(bench: Bench): void {
  bench.write(WDTCSR, WDCE | WDE);
  bench.write(WDTCSR, 0);
}

describe('watchdog', () => {
  test('resets after its time, says why, and stays on', () => {
    const bench = new Bench();
    bench.write(MCUSR, 0);
    bench.write(WDTCSR, WDE);
    bench.run(SHORTEST);
    expect(bench.chip.cpu.pc).not.toBe(0);
    bench.run(1);
    expect([bench.read(MCUSR), bench.read(WDTCSR) & WDE, bench.chip.cpu.pc]).toEqual([WDRF, WDE, 1]);
    bench.run(SHORTEST);
    expect(bench.chip.cpu.pc).toBe(1);
  });

  test('is turned off by the timed sequence, once its reset flag is cleared', () => {
    const bench = new Bench();
    bench.write(WDTCSR, WDE);
    bench.run(SHORTEST + 1);
    turnOff(bench);
    expect(bench.read(WDTCSR) & WDE).toBe(WDE);
    bench.write(MCUSR, 0);
    turnOff(bench);
    expect(bench.read(WDTCSR)).toBe(0);
    bench.run(10 * SHORTEST);
    expect(bench.read(MCUSR)).toBe(0);
  });

  test('ignores a change that comes later than four cycles', () => {
    const bench = new Bench();
    bench.write(WDTCSR, WDE);
    bench.write(WDTCSR, WDCE | WDE);
    bench.run(5);
    bench.write(WDTCSR, 0);
    expect(bench.read(WDTCSR) & WDE).toBe(WDE);
  });

  test('is held off by WDR', () => {
    const bench = new Bench({ code: { 0: [WDR, RJMP_BACK_2] } });
    bench.write(MCUSR, 0);
    bench.write(WDTCSR, WDE);
    bench.run(5 * SHORTEST);
    expect(bench.read(MCUSR)).toBe(0);
  });

  test('takes longer as told, and only interrupts in interrupt mode', () => {
    const bench = new Bench({ code: { 0: [RJMP_HERE], 0x0c: [INC_R17, RETI] } });
    bench.write(MCUSR, 0);
    bench.write(WDTCSR, WDCE | WDE);
    bench.write(WDTCSR, WDIE | 0x03); // 16 k periods
    bench.chip.cpu.sreg = GLOBAL_INTERRUPT;
    bench.run(8 * SHORTEST);
    expect(bench.chip.cpu.data[17]).toBe(0);
    bench.run(20);
    expect([bench.chip.cpu.data[17], bench.read(MCUSR)]).toEqual([1, 0]);
  });
});

describe('reset', () => {
  test('tells power on from the reset pin', () => {
    const bench = new Bench();
    expect(bench.read(MCUSR)).toBe(PORF);
    bench.write(MCUSR, 0);
    bench.chip.reset('external');
    expect(bench.read(MCUSR)).toBe(EXTRF);
  });

  test('starts the program again with cleared I/O, and keeps memory and time', () => {
    const bench = new Bench();
    const { cpu } = bench.chip;
    bench.run(1000);
    cpu.data[0x200] = 99;
    cpu.sp = 0x300;
    bench.write(UCSR0B, 0x18);
    bench.write(PORTB, 0xff);
    bench.chip.reset('external');
    expect([cpu.pc, cpu.sp, cpu.sreg, cpu.data[0x200], bench.cycles]).toEqual([0, 0x8ff, 0, 99, 1000]);
    expect([bench.read(UCSR0B), bench.read(PORTB)]).toEqual([0, 0]);
  });
});

describe('ports', () => {
  test('read back what they drive or pull up, and toggle where ones are written to PIN', () => {
    const bench = new Bench();
    bench.write(DDRB, 0x0f);
    bench.write(PORTB, 0x35);
    expect(bench.read(PINB)).toBe(0x35);
    bench.write(PINB, 0xff, 0x01); // as SBI PINB, 0
    expect(bench.read(PORTB)).toBe(0x34);
  });
});
