// Frames as PROTOCOL.md section 1 has them, written for these tests from the page: an encoder and a decoder that throws on any fault.

export interface Frame {
  readonly type: number;
  readonly tag: number;
  readonly body: Buffer;
}

function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return crc;
}

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** The bytes on the line, delimiter included. */
export function encode({ type, tag, body }: Frame): Buffer {
  const plain = Buffer.concat([Buffer.from([type, tag]), body, Buffer.alloc(2)]);
  plain.writeUInt16LE(crc16(plain.subarray(0, -2)), plain.length - 2);
  const wire: number[] = [];
  let run: number[] = [];
  for (const byte of [...plain, 0]) {
    if (byte !== 0) {
      run.push(byte);
      continue;
    }
    wire.push(run.length + 1, ...run);
    run = [];
  }
  return Buffer.from([...wire, 0]);
}

/** One frame without its delimiter. */
function decode(wire: Buffer): Frame {
  const plain: number[] = [];
  for (let at = 0; at < wire.length;) {
    const code = wire[at] ?? 0;
    if (at > 0) plain.push(0);
    if (code === 0 || at + code > wire.length) throw new Error(`not COBS: ${wire.toString('hex')}`);
    plain.push(...wire.subarray(at + 1, at + code));
    at += code;
  }
  const bytes = Buffer.from(plain);
  if (bytes.length < 4 || crc16(bytes.subarray(0, -2)) !== bytes.readUInt16LE(bytes.length - 2)) {
    throw new Error(`bad frame: ${wire.toString('hex')}`);
  }
  return { type: bytes.readUInt8(0), tag: bytes.readUInt8(1), body: bytes.subarray(2, -2) };
}

/** Cuts a line's bytes into frames; what is not yet ended waits for the next call. */
export class FrameReader {
  private rest = Buffer.alloc(0);

  take(bytes: Buffer): Frame[] {
    const all = Buffer.concat([this.rest, bytes]);
    const frames: Frame[] = [];
    let from = 0;
    for (let end = all.indexOf(0); end >= 0; end = all.indexOf(0, from)) {
      frames.push(decode(all.subarray(from, end)));
      from = end + 1;
    }
    this.rest = all.subarray(from);
    return frames;
  }
}
