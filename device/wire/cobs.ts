// Consistent Overhead Byte Stuffing (Cheshire and Baker, 1999): bytes without 0x00, so that 0x00 can end a frame.

/** Encodes into `out` at `at` and returns the position after the last byte. No delimiter is written. `out` needs length + length/254 + 1 bytes. */
export function encodeCobs(bytes: Uint8Array, out: Uint8Array, at = 0): number {
  let codeAt = at++;
  let code = 1;
  for (const byte of bytes) {
    if (byte !== 0) {
      out[at++] = byte;
      code++;
    }
    if (byte === 0 || code === 0xff) {
      out[codeAt] = code;
      codeAt = at++;
      code = 1;
    }
  }
  out[codeAt] = code;
  return at;
}

/** Decodes `length` bytes of `bytes` into `out`; returns the decoded length, or −1 where a code runs past the end or a zero stands inside. */
export function decodeCobs(bytes: Uint8Array, length: number, out: Uint8Array): number {
  let at = 0;
  let from = 0;
  while (from < length) {
    const code = bytes[from++] as number;
    const end = from + code - 1;
    if (code === 0 || end > length) return -1;
    while (from < end) {
      const byte = bytes[from++] as number;
      if (byte === 0) return -1;
      out[at++] = byte;
    }
    if (code < 0xff && from < length) out[at++] = 0;
  }
  return at;
}
