// Collects the bytes a board sends until they are handed on, in pieces without pauses.
import type { TimedBytes } from './messages';

export class Output {
  private pieces: TimedBytes[] = [];
  private buffer = new Uint8Array(256);
  private length = 0;
  private lastS = -Infinity;

  /** `pauseS`: silence that starts a new piece; Infinity: all becomes one. */
  constructor(private readonly pauseS: number) {}

  /** Collected and not yet taken. */
  get pendingBytes(): number {
    return this.pieces.reduce((sum, piece) => sum + piece.bytes.length, this.length);
  }

  add(byte: number, timeS: number): void {
    if (this.length > 0 && timeS - this.lastS > this.pauseS) this.endPiece();
    if (this.length === this.buffer.length) {
      const larger = new Uint8Array(2 * this.length);
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.buffer[this.length++] = byte;
    this.lastS = timeS;
  }

  take(): TimedBytes[] {
    this.endPiece();
    const { pieces } = this;
    this.pieces = [];
    return pieces;
  }

  private endPiece(): void {
    if (this.length === 0) return;
    this.pieces.push({ bytes: this.buffer.slice(0, this.length), endS: this.lastS });
    this.length = 0;
  }
}
