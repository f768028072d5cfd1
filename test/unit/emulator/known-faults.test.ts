// What stock avr8js has wrong and the lockstep therefore cannot check, against the definitions in the manual, over all operands.
import { describe, expect, test } from 'vitest';
import { Cpu } from '../../../device/emulator/avr/cpu';

const C = 0x01;
const Z = 0x02;
const N = 0x04;
const V = 0x08;
const S = 0x10;
const H = 0x20;

/** For how many operands (r16, r17, carry) one instruction leaves other flags of `mask` than expected. */
function wrong(
  opcode: number,
  mask: number,
  expected: (a: number, b: number, carry: number) => number,
  before = 0,
): number {
  const cpu = new Cpu(Uint8Array.of(opcode & 0xff, opcode >> 8));
  let count = 0;
  for (let i = 0; i < 0x20000; i++) {
    const [a, b, carry] = [i & 0xff, (i >> 8) & 0xff, i >> 16];
    cpu.pc = 0;
    cpu.data[16] = a;
    cpu.data[17] = b;
    cpu.sreg = before | (carry === 1 ? C : 0);
    cpu.run(cpu.cycles + 1);
    if ((cpu.sreg & mask) !== expected(a, b, carry)) count++;
  }
  return count;
}

const carries = (a: number, b: number, carry: number): number => ((a & 15) + (b & 15) + carry > 15 ? H : 0);
const borrows = (a: number, b: number, carry: number): number => ((a & 15) - (b & 15) - carry < 0 ? H : 0);

describe('flags', () => {
  test.each([
    { name: 'ADD', opcode: 0x0f01, expected: (a: number, b: number) => carries(a, b, 0) },
    { name: 'ADC', opcode: 0x1f01, expected: carries },
    { name: 'SUB', opcode: 0x1b01, expected: (a: number, b: number) => borrows(a, b, 0) },
    { name: 'SBC', opcode: 0x0b01, expected: borrows },
    { name: 'CP', opcode: 0x1701, expected: (a: number, b: number) => borrows(a, b, 0) },
    { name: 'CPC', opcode: 0x0701, expected: borrows },
    { name: 'CPI 0x5A', opcode: 0x350a, expected: (a: number) => borrows(a, 0x5a, 0) },
    { name: 'SUBI 0x5A', opcode: 0x550a, expected: (a: number) => borrows(a, 0x5a, 0) },
    { name: 'SBCI 0x5A', opcode: 0x450a, expected: (a: number, _b: number, carry: number) => borrows(a, 0x5a, carry) },
    { name: 'NEG', opcode: 0x9501, expected: (a: number) => borrows(0, a, 0) },
  ])('$name sets the half carry when the low nibble overflows', ({ opcode, expected }) => {
    expect(wrong(opcode, H, expected)).toBe(0);
  });

  test('NEG overflows for 0x80 alone', () => {
    const expected = (a: number): number => {
      const negative = a >= 1 && a <= 0x80;
      const overflow = a === 0x80;
      return (a === 0 ? Z : 0) | (negative ? N : 0) | (overflow ? V : 0) | (negative !== overflow ? S : 0);
    };
    expect(wrong(0x9501, Z | N | V | S, expected)).toBe(0);
  });

  test.each([
    { name: 'SBC', opcode: 0x0b01, subtrahend: (b: number) => b },
    { name: 'CPC', opcode: 0x0701, subtrahend: (b: number) => b },
    { name: 'SBCI 0x5A', opcode: 0x450a, subtrahend: () => 0x5a },
  ])('$name keeps Z when its low byte is 0, and clears it otherwise', ({ opcode, subtrahend }) => {
    const zero = (a: number, b: number, carry: number): boolean => ((a - subtrahend(b) - carry) & 0xff) === 0;
    expect(wrong(opcode, Z, (a, b, carry) => (zero(a, b, carry) ? Z : 0), Z)).toBe(0);
    expect(wrong(opcode, Z, () => 0)).toBe(0);
  });

  test('FMULSU sets Z when the shifted product is 0, and C to its bit before the shift', () => {
    const expected = (a: number, b: number): number => {
      const product = (a > 127 ? a - 256 : a) * b;
      return ((2 * product) % 0x10000 === 0 ? Z : 0) | ((product & 0x8000) !== 0 ? C : 0);
    };
    expect(wrong(0x0389, Z | C, expected)).toBe(0); // FMULSU r16, r17
  });
});

test('CBI takes two cycles', () => {
  const cpu = new Cpu(Uint8Array.of(0x28, 0x98)); // CBI PORTB, 0
  cpu.run(1);
  expect(cpu.cycles).toBe(2);
});
