// Entering and leaving interrupts, and sleep: ATmega328P datasheet (DS40002061), sections 7.7, 10 and 12.
import { describe, expect, test } from 'vitest';
import { Bench, GLOBAL_INTERRUPT } from './bench';

const TCNT0 = 0x46;
const TCCR0B = 0x45;
const TIMSK0 = 0x6e;
const TIFR0 = 0x35;
const OCR0A = 0x47;
const OCR0B = 0x48;
const SMCR = 0x53;
const UCSR0B = 0xc1;
const DATA_EMPTY_INTERRUPT = 0x20;

const TOV0 = 0x01;
const OCF0A = 0x02;
const OCF0B = 0x04;
/** Word addresses of the vectors. */
const COMPARE_A_VECTOR = 0x1c;
const COMPARE_B_VECTOR = 0x1e;
const OVERFLOW_VECTOR = 0x20;
const DATA_EMPTY_VECTOR = 0x26;

const NOP = 0x0000;
const SEI = 0x9478;
const RETI = 0x9518;
const SLEEP = 0x9588;
const INC_R16 = 0x9503;
const INC_R17 = 0x9513;
const OUT_SREG_R20 = 0xbf4f;

/** Timer 0 at full speed overflows after so many cycles. */
function overflowIn(bench: Bench, cycles: number): void {
  bench.write(TCNT0, 256 - cycles);
  bench.write(TIMSK0, TOV0);
  bench.write(TCCR0B, 1);
}

describe('an interrupt', () => {
  test('takes four cycles to enter, pushes the return address and clears I', () => {
    const bench = new Bench();
    const { cpu } = bench.chip;
    cpu.sreg = GLOBAL_INTERRUPT;
    overflowIn(bench, 10);
    bench.run(10);
    expect(cpu.pc).toBe(10);
    bench.run(1);
    expect({ pc: cpu.pc, cycles: bench.cycles, sreg: cpu.sreg }).toEqual({
      pc: OVERFLOW_VECTOR,
      cycles: 10 + 4,
      sreg: 0,
    });
    expect([cpu.sp, cpu.data[0x8ff], cpu.data[0x8fe]]).toEqual([0x8fd, 10, 0]);
  });

  test('clears its flag when it is entered, and is not taken while I is clear', () => {
    const bench = new Bench();
    overflowIn(bench, 10);
    bench.run(100);
    expect(bench.read(TIFR0)).toBe(TOV0 | OCF0A | OCF0B);
    bench.chip.cpu.sreg = GLOBAL_INTERRUPT;
    bench.run(1);
    expect(bench.read(TIFR0) & TOV0).toBe(0);
  });

  test('with the lower vector goes first', () => {
    const bench = new Bench({ code: { [COMPARE_B_VECTOR]: [RETI] } });
    const { cpu } = bench.chip;
    bench.write(OCR0A, 20);
    bench.write(OCR0B, 20);
    bench.write(TIMSK0, OCF0A | OCF0B);
    bench.write(TCCR0B, 1);
    bench.run(30);
    cpu.sreg = GLOBAL_INTERRUPT;
    bench.run(5);
    expect(cpu.pc).toBe(COMPARE_A_VECTOR + 1);
    cpu.sreg = GLOBAL_INTERRUPT;
    bench.run(5);
    expect(cpu.pc).toBe(COMPARE_A_VECTOR + 1); // B has come and gone
    expect(bench.read(TIFR0) & (OCF0A | OCF0B)).toBe(0);
  });

  test.each([
    { name: 'SEI', code: [SEI, INC_R16, INC_R17] },
    { name: 'a write to SREG', code: [OUT_SREG_R20, INC_R16, INC_R17] },
  ])('that waits lets one instruction after $name run first', ({ code }) => {
    const bench = new Bench({ code: { 40: code } });
    const { cpu } = bench.chip;
    cpu.data[20] = GLOBAL_INTERRUPT;
    overflowIn(bench, 5);
    bench.run(40);
    bench.run(3);
    expect(cpu.pc).toBe(OVERFLOW_VECTOR);
    expect([cpu.data[16], cpu.data[17]]).toEqual([1, 0]);
  });

  test('that always waits lets one instruction of the main program run after each RETI', () => {
    const main = new Array<number>(10).fill(INC_R16);
    const bench = new Bench({ code: { 60: main, [DATA_EMPTY_VECTOR]: [INC_R17, RETI] } });
    const { cpu } = bench.chip;
    bench.write(UCSR0B, DATA_EMPTY_INTERRUPT);
    cpu.sreg = GLOBAL_INTERRUPT;
    cpu.pc = 60;
    bench.runUntil(() => cpu.pc === 60 + main.length, 200);
    expect([cpu.data[16], cpu.data[17]]).toEqual([10, 10]);
  });
});

describe('sleep', () => {
  const sleeper = { 0: [SEI, SLEEP, INC_R16], [OVERFLOW_VECTOR]: [INC_R17, RETI] };

  test('passes without SE as one cycle', () => {
    const bench = new Bench({ code: { 0: [SLEEP, NOP] } });
    bench.run(2);
    expect(bench.chip.cpu.pc).toBe(2);
  });

  test('lasts to the interrupt, which then takes four cycles more', () => {
    const bench = new Bench({ code: sleeper });
    const { cpu } = bench.chip;
    bench.write(SMCR, 1);
    overflowIn(bench, 100);
    bench.run(50);
    expect([cpu.asleep, bench.cycles]).toEqual([true, 50]);
    bench.run(51);
    expect([cpu.asleep, cpu.pc, bench.cycles]).toEqual([false, OVERFLOW_VECTOR, 100 + 4 + 4]);
    bench.run(1 + 4 + 1); // INC, RETI, INC
    expect([cpu.data[17], cpu.data[16]]).toEqual([1, 1]);
  });

  test('is not entered past an interrupt that waits behind SEI', () => {
    const bench = new Bench({ code: { 20: [SEI, SLEEP, INC_R16], [OVERFLOW_VECTOR]: [RETI] } });
    const { cpu } = bench.chip;
    bench.write(SMCR, 1);
    overflowIn(bench, 5);
    bench.run(20);
    bench.run(22);
    expect(cpu.data[16]).toBe(1);
  });

  test('goes on when the interrupt is disabled globally', () => {
    const bench = new Bench({ code: { 0: [SLEEP, INC_R16] } });
    bench.write(SMCR, 1);
    overflowIn(bench, 20);
    bench.run(1000);
    expect([bench.chip.cpu.asleep, bench.cycles]).toEqual([true, 1000]);
  });
});
