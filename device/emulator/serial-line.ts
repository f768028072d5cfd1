// The wire from the host to the board: bytes wait here and enter the chip one after the other at line rate, 8N1.
import type { Cpu } from './avr/cpu';
import type { Usart } from './avr/usart';

const BITS = 10;

export class SerialLine {
  private readonly ring: Uint8Array;
  private head = 0;
  private waiting = 0;
  private busy = false;
  /** Not rounded to cycles, so that the rate is kept over many characters. */
  private startAt = 0;
  private readonly characterCycles: number;
  private readonly startEvent: number;
  private readonly endEvent: number;

  constructor(
    private readonly cpu: Cpu,
    private readonly usart: Usart,
    cyclesPerBit: number,
    limitBytes: number,
  ) {
    this.ring = new Uint8Array(limitBytes);
    this.characterCycles = BITS * cyclesPerBit;
    this.startEvent = cpu.addEvent(() => this.start());
    this.endEvent = cpu.addEvent(() => this.end());
  }

  /** Bytes that have not yet fully entered the chip. */
  get waitingBytes(): number {
    return this.waiting;
  }

  /** Takes as many as there is room for, and says how many. */
  push(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, this.ring.length - this.waiting);
    for (let i = 0; i < taken; i++) this.ring[(this.head + this.waiting + i) % this.ring.length] = bytes[i] ?? 0;
    this.waiting += taken;
    if (!this.busy && taken > 0) {
      this.busy = true;
      this.startAt = this.cpu.cycles;
      this.cpu.schedule(this.startEvent, this.startAt);
    }
    return taken;
  }

  private start(): void {
    this.usart.startBit();
    this.startAt += this.characterCycles;
    this.cpu.schedule(this.endEvent, Math.ceil(this.startAt));
  }

  private end(): void {
    this.usart.character(this.ring[this.head] ?? 0);
    this.head = (this.head + 1) % this.ring.length;
    this.waiting--;
    this.busy = this.waiting > 0;
    if (this.busy) this.start();
  }
}
