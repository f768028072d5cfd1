// The run loop: one switch over decoded operations (numbers: decode.ts), state in locals. Long because splitting it costs
// two thirds of its speed; case labels are literals because only those become a jump table. Flags and cycles: AVR Instruction
// Set Manual, column AVRe. Indices are bounded by decoding (registers) or by their 16 bits, hence the assertions without checks.
import { IO_END, RAM_END, type Cpu } from './cpu';
import { FLASH_WORDS } from './decode';

const C = 0x01;
const Z = 0x02;
const N = 0x04;
const V = 0x08;
const S = 0x10;
const H = 0x20;
const T = 0x40;
const I = 0x80;

/** Z, N, V and S of a result: index = result | overflow << 8. */
const ZNVS = Uint8Array.from({ length: 0x200 }, (_, i) => {
  const negative = (i & 0x80) !== 0;
  const overflow = i > 0xff;
  return ((i & 0xff) === 0 ? Z : 0) | (negative ? N : 0) | (overflow ? V : 0) | (negative !== overflow ? S : 0);
});

/** Sum of a and b (with carry): H from bit 3, V when both signs differ from the sum's, C from bit 8. */
const addFlags = (sreg: number, a: number, b: number, sum: number): number =>
  (sreg & (I | T)) |
  ZNVS[(sum & 0xff) | (((a ^ sum) & (b ^ sum) & 0x80) << 1)]! |
  (((a ^ b ^ sum) & 0x10) << 1) |
  (sum >> 8);

/** a − b (− carry): borrows instead of carries. */
const subtractFlags = (sreg: number, a: number, b: number, difference: number): number =>
  (sreg & (I | T)) |
  ZNVS[(difference & 0xff) | (((a ^ b) & (a ^ difference) & 0x80) << 1)]! |
  (((a ^ b ^ difference) & 0x10) << 1) |
  ((difference >> 8) & C);

/** With a carry from a lower byte, Z stays set only if it was. */
const subtractCarryFlags = (sreg: number, a: number, b: number, difference: number): number =>
  subtractFlags(sreg, a, b, difference) & (sreg | ~Z);

const logicFlags = (sreg: number, result: number): number => (sreg & (I | T | H | C)) | ZNVS[result]!;

/** Shifts right: V = N xor C. */
const shiftFlags = (sreg: number, result: number, carry: number): number =>
  (sreg & (I | T | H)) | ZNVS[result | (((result >> 7) ^ carry) << 8)]! | carry;

const wordFlags = (sreg: number, result: number, overflow: boolean, carry: boolean): number => {
  const negative = (result & 0x8000) !== 0;
  return (
    (sreg & (I | T | H)) |
    (result === 0 ? Z : 0) |
    (negative ? N : 0) |
    (overflow ? V : 0) |
    (negative !== overflow ? S : 0) |
    (carry ? C : 0)
  );
};

const productFlags = (sreg: number, product: number, carry: number): number =>
  (sreg & ~(Z | C)) | ((product & 0xffff) === 0 ? Z : 0) | carry;

/** A read that may have effects: the hooks see the core as it is at that cycle. */
function loadIo(cpu: Cpu, address: number, atCycle: number, sreg: number, sp: number): number {
  cpu.cycles = atCycle;
  cpu.sreg = sreg;
  cpu.sp = sp;
  return cpu.readIo(address);
}

/**
 * Runs instructions until `budget` cycles have passed or something needs attention. A read sees the clock in the last cycle
 * of its instruction, a write at its end.
 */
export function execute(cpu: Cpu, budget: number): void {
  const { data } = cpu;
  const { operation, first, second, words, bytes } = cpu.program;
  const end = cpu.cycles + budget; // the clock is at end - left
  let left = budget;
  let { pc, sp, sreg } = cpu;
  let address: number;
  let value: number;
  let mask = 0xff;

  run: while (left > 0) {
    const number = operation[pc]!;
    const d = first[pc]!;
    const k = second[pc]!;
    pc++;
    left--;
    // `continue`: done. `break`: a store of `value` to `address` follows below.
    switch (number) {
      case 0: // NOP
        continue;
      case 1: // MOVW
        data[d] = data[k]!;
        data[d + 1] = data[k + 1]!;
        continue;
      case 2: {
        // MULS
        const product = ((data[d]! << 24) >> 24) * ((data[k]! << 24) >> 24);
        data[0] = product;
        data[1] = product >> 8;
        sreg = productFlags(sreg, product, (product >> 15) & C);
        left--;
        continue;
      }
      case 3: {
        // MULSU
        const product = ((data[d]! << 24) >> 24) * data[k]!;
        data[0] = product;
        data[1] = product >> 8;
        sreg = productFlags(sreg, product, (product >> 15) & C);
        left--;
        continue;
      }
      case 4: {
        // FMUL
        const product = data[d]! * data[k]!;
        data[0] = product << 1;
        data[1] = product >> 7;
        sreg = productFlags(sreg, product << 1, (product >> 15) & C);
        left--;
        continue;
      }
      case 5: {
        // FMULS
        const product = ((data[d]! << 24) >> 24) * ((data[k]! << 24) >> 24);
        data[0] = product << 1;
        data[1] = product >> 7;
        sreg = productFlags(sreg, product << 1, (product >> 15) & C);
        left--;
        continue;
      }
      case 6: {
        // FMULSU
        const product = ((data[d]! << 24) >> 24) * data[k]!;
        data[0] = product << 1;
        data[1] = product >> 7;
        sreg = productFlags(sreg, product << 1, (product >> 15) & C);
        left--;
        continue;
      }
      case 7: {
        // CPC
        const a = data[d]!;
        const b = data[k]!;
        sreg = subtractCarryFlags(sreg, a, b, a - b - (sreg & C));
        continue;
      }
      case 8: {
        // SBC
        const a = data[d]!;
        const b = data[k]!;
        const difference = a - b - (sreg & C);
        data[d] = difference;
        sreg = subtractCarryFlags(sreg, a, b, difference);
        continue;
      }
      case 9: {
        // ADD
        const a = data[d]!;
        const b = data[k]!;
        data[d] = a + b;
        sreg = addFlags(sreg, a, b, a + b);
        continue;
      }
      case 10: // CPSE
        if (data[d] === data[k]) {
          left -= words[pc]!;
          pc += words[pc]!;
        }
        continue;
      case 11: {
        // CP
        const a = data[d]!;
        const b = data[k]!;
        sreg = subtractFlags(sreg, a, b, a - b);
        continue;
      }
      case 12: {
        // SUB
        const a = data[d]!;
        const b = data[k]!;
        data[d] = a - b;
        sreg = subtractFlags(sreg, a, b, a - b);
        continue;
      }
      case 13: {
        // ADC
        const a = data[d]!;
        const b = data[k]!;
        const sum = a + b + (sreg & C);
        data[d] = sum;
        sreg = addFlags(sreg, a, b, sum);
        continue;
      }
      case 14: // AND
        sreg = logicFlags(sreg, (data[d] = data[d]! & data[k]!));
        continue;
      case 15: // EOR
        sreg = logicFlags(sreg, (data[d] = data[d]! ^ data[k]!));
        continue;
      case 16: // OR
        sreg = logicFlags(sreg, (data[d] = data[d]! | data[k]!));
        continue;
      case 17: // MOV
        data[d] = data[k]!;
        continue;
      case 18: {
        // CPI
        const a = data[d]!;
        sreg = subtractFlags(sreg, a, k, a - k);
        continue;
      }
      case 19: {
        // SBCI
        const a = data[d]!;
        const difference = a - k - (sreg & C);
        data[d] = difference;
        sreg = subtractCarryFlags(sreg, a, k, difference);
        continue;
      }
      case 20: {
        // SUBI
        const a = data[d]!;
        data[d] = a - k;
        sreg = subtractFlags(sreg, a, k, a - k);
        continue;
      }
      case 21: // ORI
        sreg = logicFlags(sreg, (data[d] = data[d]! | k));
        continue;
      case 22: // ANDI
        sreg = logicFlags(sreg, (data[d] = data[d]! & k));
        continue;
      case 23: // LDDZ
        address = ((data[30]! | (data[31]! << 8)) + k) & 0xffff;
        data[d] = address > IO_END ? data[address]! : loadIo(cpu, address, end - left, sreg, sp);
        left--;
        continue;
      case 24: // LDDY
        address = ((data[28]! | (data[29]! << 8)) + k) & 0xffff;
        data[d] = address > IO_END ? data[address]! : loadIo(cpu, address, end - left, sreg, sp);
        left--;
        continue;
      case 25: // STDZ
        address = ((data[30]! | (data[31]! << 8)) + k) & 0xffff;
        value = data[d]!;
        left--;
        break;
      case 26: // STDY
        address = ((data[28]! | (data[29]! << 8)) + k) & 0xffff;
        value = data[d]!;
        left--;
        break;
      case 27: // LDS
        pc++;
        data[d] = k > IO_END ? data[k]! : loadIo(cpu, k, end - left, sreg, sp);
        left--;
        continue;
      case 28: // LDX
        address = data[26]! | (data[27]! << 8);
        data[d] = address > IO_END ? data[address]! : loadIo(cpu, address, end - left, sreg, sp);
        left--;
        continue;
      case 29: // LDInc
        address = data[k]! | (data[k + 1]! << 8);
        data[d] = address > IO_END ? data[address]! : loadIo(cpu, address, end - left, sreg, sp);
        data[k] = address + 1;
        data[k + 1] = (address + 1) >> 8;
        left--;
        continue;
      case 30: // LDDec
        address = ((data[k]! | (data[k + 1]! << 8)) - 1) & 0xffff;
        data[k] = address;
        data[k + 1] = address >> 8;
        data[d] = address > IO_END ? data[address]! : loadIo(cpu, address, end - left, sreg, sp);
        left--;
        continue;
      case 31: // LPM
        data[d] = bytes[(data[30]! | (data[31]! << 8)) & 0x7fff]!;
        left -= 2;
        continue;
      case 32: // LPMInc
        address = data[30]! | (data[31]! << 8);
        data[d] = bytes[address & 0x7fff]!;
        data[30] = address + 1;
        data[31] = (address + 1) >> 8;
        left -= 2;
        continue;
      case 33: // POP
        sp = (sp + 1) & 0xffff;
        data[d] = sp > IO_END ? data[sp]! : loadIo(cpu, sp, end - left, sreg, sp);
        left--;
        continue;
      case 34: // STS
        pc++;
        address = k;
        value = data[d]!;
        left--;
        break;
      case 35: // STX
        address = data[26]! | (data[27]! << 8);
        value = data[d]!;
        left--;
        break;
      case 36: // STInc
        address = data[k]! | (data[k + 1]! << 8);
        value = data[d]!;
        data[k] = address + 1;
        data[k + 1] = (address + 1) >> 8;
        left--;
        break;
      case 37: // STDec
        address = ((data[k]! | (data[k + 1]! << 8)) - 1) & 0xffff;
        value = data[d]!;
        data[k] = address;
        data[k + 1] = address >> 8;
        left--;
        break;
      case 38: // PUSH
        address = sp;
        sp = (sp - 1) & 0xffff;
        value = data[d]!;
        left--;
        break;
      case 39: // COM
        data[d] = ~data[d]!;
        sreg = logicFlags(sreg, data[d]!) | C;
        continue;
      case 40: {
        // NEG
        const b = data[d]!;
        data[d] = -b;
        sreg = subtractFlags(sreg, 0, b, -b);
        continue;
      }
      case 41: // SWAP
        data[d] = (data[d]! << 4) | (data[d]! >> 4);
        continue;
      case 42: {
        // INC
        const result = (data[d]! + 1) & 0xff;
        data[d] = result;
        sreg = (sreg & (I | T | H | C)) | ZNVS[result | (result === 0x80 ? 0x100 : 0)]!;
        continue;
      }
      case 43: {
        // ASR
        const a = data[d]!;
        const result = (a & 0x80) | (a >> 1);
        data[d] = result;
        sreg = shiftFlags(sreg, result, a & C);
        continue;
      }
      case 44: {
        // LSR
        const a = data[d]!;
        data[d] = a >> 1;
        sreg = shiftFlags(sreg, a >> 1, a & C);
        continue;
      }
      case 45: {
        // ROR
        const a = data[d]!;
        const result = ((sreg & C) << 7) | (a >> 1);
        data[d] = result;
        sreg = shiftFlags(sreg, result, a & C);
        continue;
      }
      case 46: {
        // DEC
        const result = (data[d]! - 1) & 0xff;
        data[d] = result;
        sreg = (sreg & (I | T | H | C)) | ZNVS[result | (result === 0x7f ? 0x100 : 0)]!;
        continue;
      }
      case 47: // BSET
        if ((d & ~sreg & I) === 0) {
          sreg |= d;
          continue;
        }
        sreg |= I;
        cpu.interruptsEnabled();
        break run;
      case 48: // BCLR
        sreg &= ~d;
        continue;
      case 49: // RET
        pc = ((data[sp + 1]! << 8) | data[sp + 2]!) & (FLASH_WORDS - 1);
        sp = (sp + 2) & 0xffff;
        left -= 3;
        continue;
      case 50: // RETI
        pc = ((data[sp + 1]! << 8) | data[sp + 2]!) & (FLASH_WORDS - 1);
        sp = (sp + 2) & 0xffff;
        left -= 3;
        sreg |= I;
        cpu.interruptsEnabled();
        break run;
      case 51: // SLEEP
        cpu.sleep();
        if (cpu.asleep) break run;
        continue;
      case 52: // BREAK
        continue; // no debugger is attached
      case 53: // WDR
        cpu.cycles = end - left;
        cpu.onWatchdogReset();
        if (cpu.attention) break run;
        continue;
      case 54: // SPM
        continue; // has no effect outside a boot section, and this chip is fused without one
      case 55: // IJMP
        pc = (data[30]! | (data[31]! << 8)) & (FLASH_WORDS - 1);
        left--;
        continue;
      case 56: // ICALL
        data[sp] = pc;
        data[sp - 1] = pc >> 8;
        sp = (sp - 2) & 0xffff;
        pc = (data[30]! | (data[31]! << 8)) & (FLASH_WORDS - 1);
        left -= 2;
        continue;
      case 57: // JMP
        pc = k & (FLASH_WORDS - 1);
        left -= 2;
        continue;
      case 58: // CALL
        pc++;
        data[sp] = pc;
        data[sp - 1] = pc >> 8;
        sp = (sp - 2) & 0xffff;
        pc = k & (FLASH_WORDS - 1);
        left -= 3;
        continue;
      case 59: {
        // ADIW
        const a = data[d]! | (data[d + 1]! << 8);
        const sum = (a + k) & 0xffff;
        data[d] = sum;
        data[d + 1] = sum >> 8;
        sreg = wordFlags(sreg, sum, (~a & sum & 0x8000) !== 0, (a & ~sum & 0x8000) !== 0);
        left--;
        continue;
      }
      case 60: {
        // SBIW
        const a = data[d]! | (data[d + 1]! << 8);
        const difference = (a - k) & 0xffff;
        data[d] = difference;
        data[d + 1] = difference >> 8;
        sreg = wordFlags(sreg, difference, (a & ~difference & 0x8000) !== 0, (~a & difference & 0x8000) !== 0);
        left--;
        continue;
      }
      case 61: // CBI
        address = d;
        value = loadIo(cpu, d, end - left, sreg, sp) & ~k;
        mask = k;
        left--;
        break;
      case 62: // SBIC
        if ((loadIo(cpu, d, end - left - 1, sreg, sp) & k) === 0) {
          left -= words[pc]!;
          pc += words[pc]!;
        }
        continue;
      case 63: // SBI
        address = d;
        value = loadIo(cpu, d, end - left, sreg, sp) | k;
        mask = k;
        left--;
        break;
      case 64: // SBIS
        if ((loadIo(cpu, d, end - left - 1, sreg, sp) & k) !== 0) {
          left -= words[pc]!;
          pc += words[pc]!;
        }
        continue;
      case 65: {
        // MUL
        const product = data[d]! * data[k]!;
        data[0] = product;
        data[1] = product >> 8;
        sreg = productFlags(sreg, product, (product >> 15) & C);
        left--;
        continue;
      }
      case 66: // IN
        data[d] = loadIo(cpu, k, end - left - 1, sreg, sp);
        continue;
      case 67: // OUT
        address = k;
        value = data[d]!;
        break;
      case 68: // RJMP
        pc = k;
        left--;
        continue;
      case 69: // RCALL
        data[sp] = pc;
        data[sp - 1] = pc >> 8;
        sp = (sp - 2) & 0xffff;
        pc = k;
        left -= 2;
        continue;
      case 70: // LDI
        data[d] = k;
        continue;
      case 71: // BRBS
        if ((sreg & d) !== 0) {
          pc = k;
          left--;
        }
        continue;
      case 72: // BRBC
        if ((sreg & d) === 0) {
          pc = k;
          left--;
        }
        continue;
      case 73: // BLD
        data[d] = (sreg & T) !== 0 ? data[d]! | k : data[d]! & ~k;
        continue;
      case 74: // BST
        sreg = (data[d]! & k) !== 0 ? sreg | T : sreg & ~T;
        continue;
      case 75: // SBRC
        if ((data[d]! & k) === 0) {
          left -= words[pc]!;
          pc += words[pc]!;
        }
        continue;
      case 76: // SBRS
        if ((data[d]! & k) !== 0) {
          left -= words[pc]!;
          pc += words[pc]!;
        }
        continue;
      case 77: // WRAP
        pc -= FLASH_WORDS + 1; // behind the last word: no instruction, no cycle
        left++;
        continue;
      default:
        throw new Error(`operation ${number} at ${pc - 1}`);
    }

    if (address > IO_END) {
      if (address <= RAM_END) data[address] = value;
      continue;
    }
    cpu.cycles = end - left;
    cpu.sreg = sreg;
    cpu.sp = sp;
    cpu.writeIo(address, value, mask);
    mask = 0xff;
    ({ sreg, sp } = cpu);
    if (cpu.attention) break;
  }

  cpu.cycles = end - left;
  cpu.pc = pc;
  cpu.sp = sp;
  cpu.sreg = sreg;
}
