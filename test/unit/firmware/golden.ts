// The golden vectors that the firmware's tests share with the others.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

export interface GoldenFrame {
  readonly name: string;
  readonly direction: 'toBoard' | 'toHost';
  readonly type: number;
  readonly tag: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly wire: string;
}

export const wire = read('device/wire/vectors.json') as {
  readonly crc16: readonly { hex: string; crc: number }[];
  readonly crc32: readonly { hex: string; crc: number }[];
  readonly cobs: readonly { decoded: string; encoded: string }[];
  readonly frames: readonly GoldenFrame[];
  readonly bad: readonly { name: string; wire: string; why: string }[];
};

export const int8 = read('model/int8-vectors.json') as {
  readonly cases: readonly {
    readonly name: string;
    readonly image: string;
    readonly inputs: readonly (readonly number[])[];
    readonly outputs: readonly { readonly class: number; readonly scores: readonly number[] }[];
  }[];
  readonly refused: readonly { readonly name: string; readonly image: string; readonly why: string }[];
};

export const imageFacts = read('device/firmware/images/uno.json') as {
  readonly sha256: string;
  readonly buildHash: string;
  readonly flash: number;
  readonly ram: number;
  readonly compiler: string;
};

/** A seeded generator (mulberry32): whole numbers below `limit`. */
export function seeded(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) % limit;
  };
}
