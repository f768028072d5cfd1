// Turns flash words into numbered operations with ready operands, once, so that the run loop never looks at bits.
// Encodings: AVR Instruction Set Manual (Microchip DS40002198). A name's first place in the table is its number in execute.ts.

/** Words of flash in an ATmega328P. */
export const FLASH_WORDS = 0x4000;

/** After the last word the program counter starts again at 0. */
export const WRAP = 77;

// name, bit pattern, meaning of the first operand, of the second.
const TABLE = `
NOP    0000000000000000  - -
MOVW   00000001ddddrrrr  pair:d pair:r
MULS   00000010ddddrrrr  high:d high:r
MULSU  000000110ddd0rrr  high:d high:r
FMUL   000000110ddd1rrr  high:d high:r
FMULS  000000111ddd0rrr  high:d high:r
FMULSU 000000111ddd1rrr  high:d high:r
CPC    000001rdddddrrrr  d r
SBC    000010rdddddrrrr  d r
ADD    000011rdddddrrrr  d r
CPSE   000100rdddddrrrr  d r
CP     000101rdddddrrrr  d r
SUB    000110rdddddrrrr  d r
ADC    000111rdddddrrrr  d r
AND    001000rdddddrrrr  d r
EOR    001001rdddddrrrr  d r
OR     001010rdddddrrrr  d r
MOV    001011rdddddrrrr  d r
CPI    0011KKKKddddKKKK  high:d K
SBCI   0100KKKKddddKKKK  high:d K
SUBI   0101KKKKddddKKKK  high:d K
ORI    0110KKKKddddKKKK  high:d K
ANDI   0111KKKKddddKKKK  high:d K
LDDZ   10q0qq0ddddd0qqq  d q
LDDY   10q0qq0ddddd1qqq  d q
STDZ   10q0qq1ddddd0qqq  d q
STDY   10q0qq1ddddd1qqq  d q
LDS    1001000ddddd0000  d next
LDX    1001000ddddd1100  d -
LDInc  1001000ddddd0001  d Z
LDDec  1001000ddddd0010  d Z
LPM    1001000ddddd0100  d -
LPMInc 1001000ddddd0101  d -
LDInc  1001000ddddd1001  d Y
LDDec  1001000ddddd1010  d Y
LDInc  1001000ddddd1101  d X
LDDec  1001000ddddd1110  d X
POP    1001000ddddd1111  d -
STS    1001001ddddd0000  d next
STX    1001001ddddd1100  d -
STInc  1001001ddddd0001  d Z
STDec  1001001ddddd0010  d Z
STInc  1001001ddddd1001  d Y
STDec  1001001ddddd1010  d Y
STInc  1001001ddddd1101  d X
STDec  1001001ddddd1110  d X
PUSH   1001001ddddd1111  d -
COM    1001010ddddd0000  d -
NEG    1001010ddddd0001  d -
SWAP   1001010ddddd0010  d -
INC    1001010ddddd0011  d -
ASR    1001010ddddd0101  d -
LSR    1001010ddddd0110  d -
ROR    1001010ddddd0111  d -
DEC    1001010ddddd1010  d -
BSET   100101000sss1000  mask:s -
BCLR   100101001sss1000  mask:s -
RET    1001010100001000  - -
RETI   1001010100011000  - -
SLEEP  1001010110001000  - -
BREAK  1001010110011000  - -
WDR    1001010110101000  - -
LPM    1001010111001000  - -
SPM    1001010111101000  - -
IJMP   1001010000001001  - -
ICALL  1001010100001001  - -
JMP    1001010kkkkk110k  - next
CALL   1001010kkkkk111k  - next
ADIW   10010110KKddKKKK  word:d K
SBIW   10010111KKddKKKK  word:d K
CBI    10011000AAAAAbbb  io:A mask:b
SBIC   10011001AAAAAbbb  io:A mask:b
SBI    10011010AAAAAbbb  io:A mask:b
SBIS   10011011AAAAAbbb  io:A mask:b
MUL    100111rdddddrrrr  d r
IN     10110AAdddddAAAA  d io:A
OUT    10111AAdddddAAAA  d io:A
RJMP   1100kkkkkkkkkkkk  - jump:k
RCALL  1101kkkkkkkkkkkk  - jump:k
LDI    1110KKKKddddKKKK  high:d K
BRBS   111100kkkkkkksss  mask:s jump:k
BRBC   111101kkkkkkksss  mask:s jump:k
BLD    1111100ddddd0bbb  d mask:b
BST    1111101ddddd0bbb  d mask:b
SBRC   1111110ddddd0bbb  d mask:b
SBRS   1111111ddddd0bbb  d mask:b
`;

/** The low register of each pointer pair. */
const POINTERS: Readonly<Record<string, number>> = { X: 26, Y: 28, Z: 30 };

type Operand = (word: number, next: number, address: number) => number;

interface Row {
  readonly name: string;
  readonly fixedMask: number;
  readonly fixedBits: number;
  readonly words: 1 | 2;
  readonly first: Operand;
  readonly second: Operand;
}

/** The bits of `word` under `letter` in the pattern, put together, and how many they are. */
function field(pattern: string, letter: string, word: number): { value: number; bits: number } {
  let value = 0;
  let bits = 0;
  for (let i = 0; i < 16; i++) {
    if (pattern[i] !== letter) continue;
    value = (value << 1) | ((word >> (15 - i)) & 1);
    bits++;
  }
  return { value, bits };
}

function operand(meaning: string, pattern: string): Operand {
  if (meaning === '-') return () => 0;
  if (meaning === 'next') return (_word, next) => next;
  const pointer = POINTERS[meaning];
  if (pointer !== undefined) return () => pointer;
  const [kind, letter] = meaning.includes(':') ? (meaning.split(':') as [string, string]) : ['plain', meaning];
  return (word, _next, address) => {
    const { value, bits } = field(pattern, letter, word);
    switch (kind) {
      case 'high': // r16…r31
        return 16 + value;
      case 'pair': // r1:r0, r3:r2 …
        return 2 * value;
      case 'word': // r25:r24 … r31:r30
        return 24 + 2 * value;
      case 'io': // I/O register as a data address
        return 0x20 + value;
      case 'mask':
        return 1 << value;
      case 'jump': // relative to the next word, two's complement
        return (address + 1 + value - ((value >> (bits - 1)) << bits)) & (FLASH_WORDS - 1);
      default:
        return value;
    }
  };
}

const rows: readonly Row[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [name = '', pattern = '', first = '-', second = '-'] = line.split(/\s+/);
    return {
      name,
      fixedMask: parseInt(pattern.replace(/[01]/g, '1').replace(/[^01]/g, '0'), 2),
      fixedBits: parseInt(pattern.replace(/[^01]/g, '0'), 2),
      words: second === 'next' ? 2 : 1,
      first: operand(first, pattern),
      second: operand(second, pattern),
    };
  });

/** Names in the order of their numbers. */
export const operationNames: readonly string[] = [...new Set(rows.map((row) => row.name))];

/** A flash image ready to run; all arrays are indexed by word address. */
export interface Program {
  readonly operation: Uint8Array;
  /** Usually the destination register. */
  readonly first: Uint8Array;
  /** Source register, constant, data address or jump target (absolute, in words). */
  readonly second: Uint16Array;
  /** 1 or 2: how far a skip goes. */
  readonly words: Uint8Array;
  /** For LPM. */
  readonly bytes: Uint8Array;
}

/** `image`: bytes from address 0; the rest of the flash is erased (0xFF). A reserved opcode acts as NOP. */
export function decode(image: Uint8Array): Program {
  const bytes = new Uint8Array(FLASH_WORDS * 2).fill(0xff);
  bytes.set(image);
  const word = (address: number): number => {
    const at = (address % FLASH_WORDS) * 2;
    return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  };
  const rowOf = new Map<number, number>();
  const find = (opcode: number): number => {
    const found =
      rowOf.get(opcode) ??
      Math.max(
        0,
        rows.findIndex((row) => (opcode & row.fixedMask) === row.fixedBits),
      );
    rowOf.set(opcode, found);
    return found;
  };
  const program: Program = {
    operation: new Uint8Array(FLASH_WORDS + 2).fill(WRAP),
    first: new Uint8Array(FLASH_WORDS + 2),
    second: new Uint16Array(FLASH_WORDS + 2),
    words: new Uint8Array(FLASH_WORDS + 2).fill(1),
    bytes,
  };
  for (let address = 0; address < FLASH_WORDS; address++) {
    const opcode = word(address);
    const number = find(opcode);
    const row = rows[number];
    if (row === undefined) throw new Error(`no row ${number}`);
    program.operation[address] = operationNames.indexOf(row.name);
    program.first[address] = row.first(opcode, word(address + 1), address);
    program.second[address] = row.second(opcode, word(address + 1), address);
    program.words[address] = row.words;
  }
  return program;
}
