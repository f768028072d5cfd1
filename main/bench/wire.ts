// The wire: bytes of many frames through COBS, CRC and into columns, as a chunk from a port takes them.
import { LINE_BAUD } from '../../device/emulator/board';
import { ReadingsBuilder } from '../../device/readings';
import { Framer, MAX_BODY_BYTES, encodeFrame } from '../../device/wire/framer';
import { Type } from '../../device/wire/messages';
import { type Budget, race } from './race';
import { type BenchResult, moreThan } from './result';

const CHANNELS = 6;
const READING_BODY_BYTES = 8 + 2 * CHANNELS;
const FRAMES = 2048;
const CHUNK_BYTES = 4096;
/** 8N1. */
const LINE_BYTES_PER_SECOND = LINE_BAUD / 10;

export function wire(budget: Budget): BenchResult[] {
  const builder = new ReadingsBuilder(CHANNELS);
  let sequence = 0;
  const intoColumns = (_type: number, tag: number, body: Uint8Array): void => {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    sequence++;
    const timeS = view.getUint32(4, true) / 1e6;
    builder.add(sequence, 0, timeS, timeS, tag, view, -1);
  };
  const readings = measure('readings', stream(Type.reading, READING_BODY_BYTES), intoColumns, budget, () =>
    builder.take(0),
  );
  const longest = measure('longest frames', stream(Type.ping | 0x80, MAX_BODY_BYTES), () => undefined, budget);
  return [...readings, ...longest];
}

function measure(
  what: string,
  bytes: Uint8Array,
  onFrame: (type: number, tag: number, body: Uint8Array) => void,
  budget: Budget,
  onChunkEnd: () => void = () => undefined,
): BenchResult[] {
  const framer = new Framer(onFrame);
  const copy = new Uint8Array(bytes.length);
  const decode = (): void => {
    for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
      framer.push(bytes.subarray(from, from + CHUNK_BYTES));
      onChunkEnd();
    }
  };
  const { medianS, runs } = race([decode, () => copy.set(bytes)], budget);
  const [decodeS = NaN, copyS = NaN] = medianS;
  const frameBytes = bytes.length / FRAMES;
  const size = `${what}, ${frameBytes} B each`;
  const megabytes = { name: 'wire decode', size, value: bytes.length / decodeS / 1e6, unit: 'MB/s', runs };
  const frames = { name: 'wire decode', size, value: FRAMES / decodeS, unit: 'frames/s', runs };
  const line = `a line at ${LINE_BAUD} baud`;
  return [
    moreThan({ name: line, value: LINE_BYTES_PER_SECOND / 1e6 }, megabytes),
    moreThan({ name: 'copying the same bytes', value: bytes.length / copyS / 1e6 }, megabytes),
    moreThan({ name: line, value: LINE_BYTES_PER_SECOND / frameBytes }, frames),
  ];
}

/** Bodies that differ and hold zeros as real ones do: small counts in 16 and 32 bits. */
function stream(type: number, bodyBytes: number): Uint8Array {
  const frames = Array.from({ length: FRAMES }, (_, n) => {
    const body = new Uint8Array(bodyBytes);
    const view = new DataView(body.buffer);
    view.setUint32(0, n, true);
    view.setUint32(4, n * 5000, true);
    for (let at = 8; at + 2 <= bodyBytes; at += 2) view.setInt16(at, (n * 37 + at * 101) % 1024, true);
    return encodeFrame(type, 0, body);
  });
  const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  let at = 0;
  for (const frame of frames) {
    bytes.set(frame, at);
    at += frame.length;
  }
  return bytes;
}
