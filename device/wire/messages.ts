// The messages of PROTOCOL.md 3 as bytes and as objects. Decoders answer null for a body that is not what the protocol says.

export const MAJOR = 1;
export const MINOR = 0;

export const Type = {
  hello: 0x01,
  channel: 0x02,
  ping: 0x03,
  start: 0x04,
  stop: 0x05,
  credit: 0x06,
  counters: 0x07,
  modelBegin: 0x10,
  modelData: 0x11,
  modelCommit: 0x12,
  modelRun: 0x13,
  infer: 0x14,
  reading: 0x40,
  error: 0xff,
} as const;

/** Type of the answer to a request. */
export const answerTo = (request: number): number => request | 0x80;

export const Feature = { readings: 1, int8: 2, hostInputs: 4, ping: 8 } as const;

export const errorNames: Readonly<Record<number, string>> = {
  1: 'unknownType',
  2: 'badLength',
  3: 'badValue',
  5: 'tooLarge',
  6: 'badOrder',
  7: 'badChecksum',
  8: 'badVersion',
  9: 'badModel',
  10: 'noModel',
};

const view = (body: Uint8Array): DataView => new DataView(body.buffer, body.byteOffset, body.byteLength);

/** Printable ASCII only: a name from a device goes into a window and into files. */
function ascii(body: Uint8Array, start: number): string {
  let text = '';
  for (const byte of body.subarray(start)) text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?';
  return text.trim();
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

function body(size: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  fill(view(bytes));
  return bytes;
}

// -------------------------------------------------------------------------------------------------------------- requests

export const encodeHello = (): Uint8Array => Uint8Array.of(MAJOR, MINOR);
export const encodeChannel = (index: number): Uint8Array => Uint8Array.of(index);
export const encodeStart = (rateHz: number, creditLimit: number): Uint8Array =>
  body(6, (v) => {
    v.setUint16(0, rateHz, true);
    v.setUint32(2, creditLimit, true);
  });
export const encodeCredit = (creditLimit: number): Uint8Array => body(4, (v) => v.setUint32(0, creditLimit, true));
export const encodeModelBegin = (sizeBytes: number, crc32: number): Uint8Array =>
  body(6, (v) => {
    v.setUint16(0, sizeBytes, true);
    v.setUint32(2, crc32, true);
  });
export function encodeModelData(offset: number, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + 2);
  view(out).setUint16(0, offset, true);
  out.set(bytes, 2);
  return out;
}
export const encodeModelCommit = (generation: number): Uint8Array => Uint8Array.of(generation);
export const encodeModelRun = (on: boolean): Uint8Array => Uint8Array.of(on ? 1 : 0);
export const encodeInfer = (raw: Int16Array): Uint8Array =>
  body(raw.length * 2, (v) => raw.forEach((value, i) => v.setInt16(i * 2, value, true)));

// --------------------------------------------------------------------------------------------------------------- answers

export interface Hello {
  major: number;
  minor: number;
  features: number;
  build: string;
  cpuHz: number;
  maxFrameBytes: number;
  windowBytes: number;
  channels: number;
  resetCause: number;
  maxRateHz: number;
  modelCapacityBytes: number;
  maxWidth: number;
  maxLayers: number;
  name: string;
}

export function decodeHello(b: Uint8Array): Hello | null {
  if (b.length < 29 || b.length > 44) return null;
  const v = view(b);
  const hello: Hello = {
    major: v.getUint8(0),
    minor: v.getUint8(1),
    features: v.getUint32(2, true),
    build: hex(b.subarray(6, 14)),
    cpuHz: v.getUint32(14, true),
    maxFrameBytes: v.getUint8(18),
    windowBytes: v.getUint8(19),
    channels: v.getUint8(20),
    resetCause: v.getUint8(21),
    maxRateHz: v.getUint16(22, true),
    modelCapacityBytes: v.getUint16(24, true),
    maxWidth: v.getUint8(26),
    maxLayers: v.getUint8(27),
    name: ascii(b, 28),
  };
  return hello.channels >= 1 && hello.channels <= 32 && hello.maxRateHz >= 1 && hello.windowBytes >= 16 ? hello : null;
}

export interface ChannelInfo {
  index: number;
  bits: number;
  referenceMillivolt: number;
  name: string;
}

export function decodeChannel(b: Uint8Array): ChannelInfo | null {
  if (b.length < 5) return null;
  const v = view(b);
  const info = {
    index: v.getUint8(0),
    bits: v.getUint8(1),
    referenceMillivolt: v.getUint16(2, true),
    name: ascii(b, 4),
  };
  return info.bits >= 1 && info.bits <= 16 && info.referenceMillivolt > 0 && info.name !== '' ? info : null;
}

export interface Started {
  periodHalfUs: number;
  sequence: number;
  timeUs: number;
}

export function decodeStarted(b: Uint8Array): Started | null {
  if (b.length !== 12) return null;
  const v = view(b);
  return { periodHalfUs: v.getUint32(0, true), sequence: v.getUint32(4, true), timeUs: v.getUint32(8, true) };
}

export interface BoardCounters {
  produced: number;
  sent: number;
  noCredit: number;
  txFull: number;
  missed: number;
  rxBad: number;
  rxOverrun: number;
  timeUs: number;
}

export function decodeCounters(b: Uint8Array): BoardCounters | null {
  if (b.length !== 28) return null;
  const v = view(b);
  return {
    produced: v.getUint32(0, true),
    sent: v.getUint32(4, true),
    noCredit: v.getUint32(8, true),
    txFull: v.getUint32(12, true),
    missed: v.getUint32(16, true),
    rxBad: v.getUint16(20, true),
    rxOverrun: v.getUint16(22, true),
    timeUs: v.getUint32(24, true),
  };
}

export function decodeModelData(b: Uint8Array): { receivedBytes: number } | null {
  return b.length === 2 ? { receivedBytes: view(b).getUint16(0, true) } : null;
}

export interface Committed {
  generation: number;
  inputs: number;
  outputs: number;
  macs: number;
}

export function decodeCommitted(b: Uint8Array): Committed | null {
  if (b.length !== 5) return null;
  const v = view(b);
  return { generation: v.getUint8(0), inputs: v.getUint8(1), outputs: v.getUint8(2), macs: v.getUint16(3, true) };
}

export interface Inferred {
  generation: number;
  elapsedHalfUs: number;
  class: number;
  scores: Uint8Array;
}

export function decodeInferred(b: Uint8Array): Inferred | null {
  if (b.length < 5) return null;
  const v = view(b);
  return { generation: v.getUint8(0), elapsedHalfUs: v.getUint16(1, true), class: v.getUint8(3), scores: b.slice(4) };
}

export function decodeError(b: Uint8Array): { request: number; code: number } | null {
  return b.length === 2 ? { request: b[0] as number, code: b[1] as number } : null;
}
