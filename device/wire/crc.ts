// Checksums of the wire: CRC-16/CCITT-FALSE for frames, CRC-32/ISO-HDLC for whole models (PROTOCOL.md 1 and 3).

const table16 = new Uint16Array(256);
const table32 = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let c16 = byte << 8;
  let c32 = byte;
  for (let bit = 0; bit < 8; bit++) {
    c16 = c16 & 0x8000 ? (c16 << 1) ^ 0x1021 : c16 << 1;
    c32 = c32 & 1 ? (c32 >>> 1) ^ 0xedb88320 : c32 >>> 1;
  }
  table16[byte] = c16;
  table32[byte] = c32;
}

/** CRC-16/CCITT-FALSE over bytes[start, end). */
export function crc16(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = 0xffff;
  for (let i = start; i < end; i++) {
    crc = ((crc << 8) & 0xff00) ^ (table16[(crc >> 8) ^ (bytes[i] as number)] as number);
  }
  return crc;
}

/** CRC-32/ISO-HDLC, as in zlib. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table32[(crc ^ byte) & 0xff] as number);
  return (crc ^ 0xffffffff) >>> 0;
}
