// Reads Intel HEX (Intel, Hexadecimal Object File Format Specification, revision A, 1988), record types 00 to 05.

export class HexError extends Error {
  constructor(
    /** 1-based. */
    readonly line: number,
    readonly problem: string,
  ) {
    super(`line ${line}: ${problem}`);
    this.name = 'HexError';
  }
}

const DATA = 0;
const END = 1;
const SEGMENT = 2;
const SEGMENT_START = 3;
const LINEAR = 4;
const LINEAR_START = 5;

/** The image from address 0 to its last byte, gaps filled with 0xFF. Throws HexError. */
export function parseHex(text: string, limitBytes: number): Uint8Array {
  const image = new Uint8Array(limitBytes).fill(0xff);
  let length = 0;
  let base = 0;
  let ended = false;
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim();
    if (line === '') return;
    const number = index + 1;
    if (ended) throw new HexError(number, 'a record behind the end record');
    const { address, type, data } = parseRecord(line, number);
    switch (type) {
      case DATA: {
        const start = base + address;
        if (start + data.length > limitBytes) throw new HexError(number, `beyond ${limitBytes} bytes`);
        image.set(data, start);
        length = Math.max(length, start + data.length);
        return;
      }
      case END:
        ended = true;
        return;
      case SEGMENT:
        base = wordOf(data, number) * 16;
        return;
      case LINEAR:
        base = wordOf(data, number) * 0x10000;
        return;
      case SEGMENT_START:
      case LINEAR_START:
        return; // a start address: an AVR always starts at 0
      default:
        throw new HexError(number, `record type ${type}`);
    }
  });
  if (!ended) throw new HexError(text.split('\n').length, 'no end record: the file is cut short');
  return image.subarray(0, length);
}

function parseRecord(line: string, number: number): { address: number; type: number; data: Uint8Array } {
  if (!/^:([0-9a-f]{2}){5,}$/i.test(line)) throw new HexError(number, 'not a record');
  const bytes = Uint8Array.from({ length: (line.length - 1) / 2 }, (_, i) =>
    parseInt(line.slice(1 + 2 * i, 3 + 2 * i), 16),
  );
  const [count = 0, high = 0, low = 0, type = 0] = bytes;
  if (bytes.length !== count + 5)
    throw new HexError(number, `${bytes.length - 5} data bytes where ${count} are announced`);
  if ((bytes.reduce((sum, byte) => sum + byte, 0) & 0xff) !== 0) throw new HexError(number, 'wrong checksum');
  return { address: (high << 8) | low, type, data: bytes.subarray(4, 4 + count) };
}

function wordOf(data: Uint8Array, number: number): number {
  const [high, low] = data;
  if (data.length !== 2 || high === undefined || low === undefined)
    throw new HexError(number, 'an address of 2 bytes is due');
  return (high << 8) | low;
}
