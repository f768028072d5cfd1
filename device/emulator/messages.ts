// What passes between the emulator's worker and the transport in the host's thread. Times are seconds of virtual time.

export interface EmulatorSettings {
  readonly scenario: string;
  readonly seed: number;
  /** The state to start in. */
  readonly state: string;
  /** `real`: by the wall clock. `free`: as fast as it goes, each step waiting for the host's acknowledgement. */
  readonly pace: 'real' | 'free';
  /** The firmware, as the text of an Intel HEX file. */
  readonly imageHex: string;
}

export type ToEmulator =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'state'; readonly id: string }
  /** The board's reset button. */
  | { readonly type: 'reset' }
  /** An `output` was dealt with, answers to it are on their way before this. */
  | { readonly type: 'acknowledge' }
  | { readonly type: 'stop' };

/** Bytes that followed each other without a pause. */
export interface TimedBytes {
  readonly bytes: Uint8Array;
  /** When the last of them was complete. */
  readonly endS: number;
}

export interface Progress {
  readonly timeS: number;
  /** Of the host's bytes since the start, how many have entered the chip. */
  readonly enteredBytes: number;
  /** Real time the emulation could not keep up with and left out. */
  readonly skippedS: number;
  /** Sent by the board while the host did not take anything. */
  readonly droppedBytes: number;
}

export type FromEmulator =
  | { readonly type: 'ready' }
  | { readonly type: 'output'; readonly pieces: readonly TimedBytes[]; readonly progress: Progress }
  | { readonly type: 'state'; readonly id: string; readonly atS: number };

/** Outputs that may be unacknowledged in real pace; more are dropped and counted. */
export const MAX_UNACKNOWLEDGED = 256;
