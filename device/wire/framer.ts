// Frames out of bytes and bytes out of frames (PROTOCOL.md 1): a fixed buffer, a callback, and a count of what was refused.
import { decodeCobs, encodeCobs } from './cobs';
import { crc16 } from './crc';

/** Longest decoded frame: type, tag, body and CRC. */
export const MAX_FRAME_BYTES = 126;
export const MAX_BODY_BYTES = MAX_FRAME_BYTES - 4;
const MAX_ENCODED_BYTES = MAX_FRAME_BYTES + 1;

export interface FramerCounters {
  frames: number;
  /** Frames with a wrong CRC, by far the usual damage. */
  badCrc: number;
  /** Broken COBS, or shorter than type, tag and CRC. */
  badFrame: number;
  /** Longer than any frame of the protocol; skipped up to the next delimiter. */
  tooLong: number;
}

/**
 * Cuts a byte stream into frames, whatever its chunks. `onFrame` gets type, tag and a view of the body that holds only during the call.
 * Never throws for any input; damage costs the frame it is in and nothing after.
 */
export class Framer {
  readonly counters: FramerCounters = { frames: 0, badCrc: 0, badFrame: 0, tooLong: 0 };
  private readonly encoded = new Uint8Array(MAX_ENCODED_BYTES);
  private readonly decoded = new Uint8Array(MAX_ENCODED_BYTES);
  private length = 0;

  constructor(private readonly onFrame: (type: number, tag: number, body: Uint8Array) => void) {}

  push(bytes: Uint8Array): void {
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(0, start);
      this.take(bytes, start, end < 0 ? bytes.length : end);
      if (end < 0) return;
      this.finish();
      start = end + 1;
    }
  }

  /** Forgets a half-received frame, as after a reconnection. */
  reset(): void {
    this.length = 0;
  }

  private take(bytes: Uint8Array, start: number, end: number): void {
    if (end - start > MAX_ENCODED_BYTES - this.length) {
      this.length = MAX_ENCODED_BYTES + 1;
      return;
    }
    this.encoded.set(bytes.subarray(start, end), this.length);
    this.length += end - start;
  }

  private finish(): void {
    const length = this.length;
    this.length = 0;
    if (length === 0) return;
    if (length > MAX_ENCODED_BYTES) {
      this.counters.tooLong++;
      return;
    }
    const size = decodeCobs(this.encoded, length, this.decoded);
    if (size < 4) {
      this.counters.badFrame++;
      return;
    }
    const { decoded } = this;
    if (crc16(decoded, 0, size - 2) !== ((decoded[size - 2] as number) | ((decoded[size - 1] as number) << 8))) {
      this.counters.badCrc++;
      return;
    }
    this.counters.frames++;
    this.onFrame(decoded[0] as number, decoded[1] as number, decoded.subarray(2, size - 2));
  }
}

/** One frame as it stands on the wire, delimiter included. Throws RangeError for a body longer than the protocol allows. */
export function encodeFrame(type: number, tag: number, body: Uint8Array): Uint8Array {
  if (body.length > MAX_BODY_BYTES)
    throw new RangeError(`a body of ${body.length} bytes; the protocol ends at ${MAX_BODY_BYTES}`);
  const plain = new Uint8Array(body.length + 4);
  plain[0] = type;
  plain[1] = tag;
  plain.set(body, 2);
  const crc = crc16(plain, 0, body.length + 2);
  plain[body.length + 2] = crc & 0xff;
  plain[body.length + 3] = crc >> 8;
  const wire = new Uint8Array(plain.length + 2);
  encodeCobs(plain, wire);
  return wire;
}
