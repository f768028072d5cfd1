// A chip on the bench: its flash full of NOPs but for the words given, registers poked from outside, time run to the cycle.
import { Atmega328p } from '../../../device/emulator/avr/atmega328p';
import { FLASH_WORDS } from '../../../device/emulator/avr/decode';

export const SREG = 0x5f;
export const GLOBAL_INTERRUPT = 0x80;

export interface BenchOptions {
  /** Machine code by word address. */
  readonly code?: Readonly<Record<number, readonly number[]>>;
  readonly voltsAt?: (pin: number, atCycle: number) => number;
}

export class Bench {
  readonly chip: Atmega328p;
  readonly sent: { byte: number; atCycle: number }[] = [];

  constructor({ code = {}, voltsAt = () => 0 }: BenchOptions = {}) {
    const flash = new Uint16Array(FLASH_WORDS);
    for (const [address, words] of Object.entries(code)) flash.set(words, Number(address));
    this.chip = new Atmega328p(new Uint8Array(flash.buffer), {
      analog: { avccVolts: 5, arefVolts: 3.3, voltsAt },
      onTransmit: (byte, atCycle) => this.sent.push({ byte, atCycle }),
    });
  }

  get cycles(): number {
    return this.chip.cpu.cycles;
  }

  read(address: number): number {
    return this.chip.cpu.readIo(address);
  }

  read16(low: number): number {
    return this.read(low) | (this.read(low + 1) << 8);
  }

  write(address: number, value: number, mask = 0xff): void {
    this.chip.cpu.writeIo(address, value, mask);
  }

  write16(low: number, value: number): void {
    this.write(low + 1, value >> 8);
    this.write(low, value & 0xff);
  }

  run(cycles: number): void {
    this.chip.cpu.run(this.cycles + cycles);
  }

  /** Runs cycle by cycle until it holds; returns the cycle, or fails after `limit` cycles. */
  runUntil(holds: () => boolean, limit = 1e6): number {
    const end = this.cycles + limit;
    while (!holds()) {
      if (this.cycles >= end) throw new Error(`not within ${limit} cycles`);
      this.run(1);
    }
    return this.cycles;
  }
}
