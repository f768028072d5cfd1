// Our core beside stock avr8js, one instruction at a time: the first difference in registers, flags, memory or time is thrown.
import { avrInstruction, CPU } from 'avr8js';
import { Cpu, RAM_END } from '../../../device/emulator/avr/cpu';
import { FLASH_WORDS } from '../../../device/emulator/avr/decode';

const SPL = 0x5d;
const SREG = 0x5f;
const Z = 0x02;
const V = 0x08;
const S = 0x10;
const H = 0x20;
const SRAM_BYTES = 2048;

export class Lockstep {
  readonly ours: Cpu;
  readonly theirs: CPU;
  steps = 0;

  constructor(image: Uint8Array) {
    this.ours = new Cpu(image);
    const words = new Uint16Array(FLASH_WORDS);
    new Uint8Array(words.buffer).fill(0xff).set(image);
    this.theirs = new CPU(words, SRAM_BYTES);
    this.theirs.SP = RAM_END;
  }

  set(address: number, value: number): void {
    this.ours.data[address] = value;
    this.theirs.data[address] = value;
  }

  setSp(sp: number): void {
    this.ours.sp = sp;
    this.theirs.SP = sp;
  }

  setSreg(sreg: number): void {
    this.ours.sreg = sreg;
    this.theirs.data[SREG] = sreg;
  }

  setPc(pc: number): void {
    this.ours.pc = pc;
    this.theirs.pc = pc;
  }

  step(): void {
    const { ours, theirs } = this;
    const before = ours.pc;
    ours.run(ours.cycles + 1);
    avrInstruction(theirs);
    // A 14-bit program counter: stock avr8js lets it run wider.
    theirs.pc &= FLASH_WORDS - 1;
    ours.data[SPL] = ours.sp & 0xff;
    ours.data[SPL + 1] = ours.sp >> 8;
    ours.data[SREG] = ours.sreg;
    this.repair(theirs.progMem[before] ?? 0);
    this.steps++;
    const same =
      ours.pc % FLASH_WORDS === theirs.pc &&
      ours.cycles === theirs.cycles &&
      Buffer.compare(ours.data.subarray(0, RAM_END + 1), theirs.data) === 0;
    if (!same) throw new Error(this.difference(before));
  }

  /** What stock avr8js 0.21.1 does wrong is taken from ours here, and ours is checked in known-faults.test.ts. */
  private repair(opcode: number): void {
    const { ours, theirs } = this;
    // The half carry comes from bit 0 instead of bit 3.
    let doubtful = H;
    // NEG 0x80 does not overflow.
    if ((opcode & 0xfe0f) === 0x9401) doubtful |= V | S;
    // FMULSU sets Z when the product is not 0.
    if ((opcode & 0xff88) === 0x0388) doubtful |= Z;
    // CPC, SBC and SBCI clear Z for 0 − 255 − 1, whose low byte is 0.
    if ((opcode & 0xfc00) === 0x0400 || (opcode & 0xfc00) === 0x0800 || (opcode & 0xf000) === 0x4000) doubtful |= Z;
    // CBI takes one cycle instead of two.
    if ((opcode & 0xff00) === 0x9800) theirs.cycles++;
    theirs.data[SREG] = ((theirs.data[SREG] ?? 0) & ~doubtful) | (ours.sreg & doubtful);
  }

  private difference(before: number): string {
    const { ours, theirs } = this;
    const opcode = theirs.progMem[before] ?? 0;
    const at = Array.from(theirs.data.keys()).filter((i) => ours.data[i] !== theirs.data[i]);
    const cells = at.map((i) => `[0x${i.toString(16)}] ${ours.data[i]} for ${theirs.data[i]}`);
    return [
      `step ${this.steps}, opcode 0x${opcode.toString(16).padStart(4, '0')} at 0x${before.toString(16)}:`,
      `pc 0x${ours.pc.toString(16)} for 0x${theirs.pc.toString(16)},`,
      `cycle ${ours.cycles} for ${theirs.cycles}`,
      ...cells.slice(0, 8),
    ].join(' ');
  }
}
