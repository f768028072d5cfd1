import { describe, expect, test } from 'vitest';
import { HexError, parseHex } from '../../../device/emulator/avr/hex';

const record = (address: number, type: number, ...data: number[]): string => {
  const bytes = [data.length, address >> 8, address & 0xff, type, ...data];
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  return `:${[...bytes, -sum & 0xff].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
};
const END = ':00000001FF';

describe('Intel HEX', () => {
  test('gives the bytes at their addresses, gaps erased, whatever the line ends and letter case', () => {
    // The first record is the format description's own example.
    const text = [':0300300002337A1E', record(0x40, 0, 0xab).toUpperCase(), END, ''].join('\r\n');
    const image = parseHex(text, 1000);
    expect(image.length).toBe(0x41);
    expect([image[0], image[0x30], image[0x31], image[0x32], image[0x33], image[0x40]]).toEqual([
      0xff, 0x02, 0x33, 0x7a, 0xff, 0xab,
    ]);
  });

  test('follows segment and linear base addresses', () => {
    const segment = [record(0, 2, 0x00, 0x10), record(4, 0, 1), END].join('\n');
    expect(parseHex(segment, 0x200)[0x104]).toBe(1);
    const linear = [record(0, 4, 0x00, 0x01), record(2, 0, 7), END].join('\n');
    expect(parseHex(linear, 0x20000)[0x10002]).toBe(7);
  });

  test.each([
    { name: 'a wrong checksum', text: `:0300300002337A1F\n${END}`, line: 1, problem: /checksum/ },
    { name: 'a record cut short', text: `${record(0, 0, 1)}\n:0300300002337A\n${END}`, line: 2, problem: /announced/ },
    { name: 'what is not hexadecimal', text: `hello\n${END}`, line: 1, problem: /not a record/ },
    { name: 'half a byte', text: `:0300300002337A1\n${END}`, line: 1, problem: /not a record/ },
    { name: 'data beyond the flash', text: `${record(0x7fff, 0, 1, 2)}\n${END}`, line: 1, problem: /32768/ },
    { name: 'a missing end', text: `${record(0, 0, 1)}`, line: 1, problem: /end record/ },
    { name: 'an empty file', text: '', line: 1, problem: /end record/ },
    { name: 'data behind the end', text: `${END}\n${record(0, 0, 1)}`, line: 2, problem: /behind/ },
    { name: 'an unknown type', text: `${record(0, 9, 1)}\n${END}`, line: 1, problem: /type 9/ },
  ])('refuses $name and says where', ({ text, line, problem }) => {
    const parse = (): unknown => parseHex(text, 0x8000);
    expect(parse).toThrow(HexError);
    expect(parse).toThrow(problem);
    expect(parse).toThrow(expect.objectContaining({ line }));
  });
});
