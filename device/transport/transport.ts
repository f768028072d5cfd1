// What carries bytes between host and board: a serial port, the emulator, a recording. Everything above depends on this alone.

/** Why a transport closed. `unplugged`: the far side is gone; `closed`: by our own close(); `fault`: anything else. */
export interface CloseReason {
  readonly code: 'closed' | 'unplugged' | 'fault';
  readonly message: string;
}

export interface TransportHandlers {
  /** Bytes as they arrived; `timeS` is the transport's clock when the last of them did. The array is the receiver's to keep. */
  onChunk(bytes: Uint8Array, timeS: number): void;
  /** Called once, after the last chunk; nothing follows. */
  onClose(reason: CloseReason): void;
}

export interface Transport {
  /** As a person names it: a port's path, `emulator:industrial`. */
  readonly path: string;
  /** Bytes per second the line can carry, for limits and plans; a guess where the line does not say. */
  readonly lineBytesPerSecond: number;
  /** Rejects with a DeviceFault. */
  open(handlers: TransportHandlers): Promise<void>;
  /** Queues bytes. Throws DeviceFault `overflow` when more than 64 KiB are waiting; ignored after close. */
  write(bytes: Uint8Array): void;
  /** Seconds on the transport's monotonic clock: the host's, or virtual time for an emulator that runs unpaced. */
  nowS(): number;
  /** Resolves within a second, whatever the far side does. */
  close(): Promise<void>;
}
