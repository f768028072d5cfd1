// The instruction set against an independent implementation: stock avr8js, which is right where no peripheral is involved.
import { beforeEach, describe, expect, test } from 'vitest';
import { Cpu } from '../../../device/emulator/avr/cpu';
import { decode, FLASH_WORDS, operationNames } from '../../../device/emulator/avr/decode';
import { Random } from '../../../device/emulator/random';
import { Lockstep } from './lockstep';
import { imageOf } from './programs';

const SMCR = 0x53;
const GPIOR0 = 0x3e;
const RAM = 0x100;

/** All 65,536 opcodes in order, as four images of the whole flash. */
const everyOpcode = [0, 1, 2, 3].map((quarter) => {
  const words = Uint16Array.from({ length: FLASH_WORDS }, (_, i) => quarter * FLASH_WORDS + i);
  return { image: new Uint8Array(words.buffer), words, program: decode(new Uint8Array(words.buffer)) };
});

/** Where the manual leaves the result open: loads and stores of the pointer that they change. */
function isUndefined(word: number): boolean {
  if ((word & 0xfc00) !== 0x9000) return false;
  const pointers: Readonly<Record<number, number>> = { 0x1: 15, 0x2: 15, 0x5: 15, 0x9: 14, 0xa: 14, 0xd: 13, 0xe: 13 };
  return pointers[word & 0xf] === ((word >> 5) & 0xf);
}

const usable: readonly number[] = everyOpcode.flatMap(({ words, program }) =>
  [...words].filter((word, i) => (word === 0 || program.operation[i] !== 0) && !isUndefined(word)),
);

let random: Random;
beforeEach(() => {
  random = new Random(11);
});

/** Behind the end of flash and data space avr8js does not begin again at 0; a store to the pointer that moves is undefined. */
function keepPointersDefined(both: Lockstep): void {
  for (const low of [26, 28, 30]) {
    const [lowByte = 0, highByte = 0] = both.ours.data.subarray(low, low + 2);
    if (highByte === 0 && lowByte < 0x22) both.set(low, lowByte + 0x22);
    both.set(low + 1, highByte & 0x7f);
  }
}

/** Random registers, flags and stack; pointers point into memory or anywhere. */
function shuffle(both: Lockstep): void {
  for (let i = 0; i < 32; i++) both.set(i, random.uint32() & 0xff);
  if (random.uniform() < 0.8) for (const high of [27, 29, 31]) both.set(high, random.uint32() % 9);
  keepPointersDefined(both);
  both.setSreg(random.uint32() & 0xff);
  both.setSp(0x200 + (random.uint32() % 0x600));
}

describe('instruction core beside avr8js', () => {
  test('every one of the 65,536 opcodes does the same with random registers', () => {
    const seen = new Set<string>();
    for (const { image, words, program } of everyOpcode) {
      const both = new Lockstep(image);
      for (let i = RAM; i < RAM + 0x800; i++) both.set(i, random.uint32() & 0xff);
      for (let round = 0; round < 3; round++) {
        for (let address = 0; address < FLASH_WORDS - 2; address++) {
          const word = words[address] ?? 0;
          const number = program.operation[address] ?? 0;
          if ((number === 0 && word !== 0) || isUndefined(word)) continue;
          seen.add(operationNames[number] ?? '');
          both.set(SMCR, 0); // no sleep
          shuffle(both);
          both.setPc(address);
          both.step();
        }
      }
    }
    expect([...seen].sort()).toEqual([...operationNames].sort());
  });

  test('random programs run the same for 200,000 instructions', () => {
    for (let program = 0; program < 4; program++) {
      const words = Uint16Array.from({ length: FLASH_WORDS }, () => usable[random.uint32() % usable.length] ?? 0);
      const both = new Lockstep(new Uint8Array(words.buffer));
      shuffle(both);
      for (let step = 0; step < 50_000; step++) {
        both.set(SMCR, 0);
        if (both.ours.sp < 0x200 || both.ours.sp > 0x8f0) both.setSp(0x400 + (random.uint32() % 0x400));
        if (step % 50 === 0 || both.ours.pc > FLASH_WORDS - 4) both.setPc(random.uint32() % (FLASH_WORDS - 4));
        keepPointersDefined(both);
        both.step();
      }
    }
  });

  test.each(['arithmetic', 'structures'])('the compiled program %s runs the same to its end', (name) => {
    const both = new Lockstep(imageOf(name));
    while (both.ours.data[GPIOR0] === 0 && both.steps < 1e6) both.step();
    expect(both.ours.data[GPIOR0]).toBe(1);
  });
});

describe('program counter', () => {
  test('runs from the last word on to the first', () => {
    const cpu = new Cpu(new Uint8Array(2 * FLASH_WORDS)); // all NOP
    cpu.pc = FLASH_WORDS - 1;
    cpu.run(3);
    expect({ pc: cpu.pc, cycles: cpu.cycles }).toEqual({ pc: 2, cycles: 3 });
  });

  test('a reserved opcode passes as one cycle', () => {
    const cpu = new Cpu(Uint8Array.of(0x04, 0x94)); // 0x9404
    cpu.run(1);
    expect(cpu.pc).toBe(1);
  });
});
