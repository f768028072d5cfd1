// An emulated Arduino Uno: a firmware image on the chip, signals at its analog pins, a serial line. Pure: virtual time only.
import { Atmega328p } from './avr/atmega328p';
import { FLASH_WORDS } from './avr/decode';
import type { Signals } from './scenarios/scenario';
import { SerialLine } from './serial-line';

export const CLOCK_HZ = 16e6;
export const FLASH_BYTES = FLASH_WORDS * 2;
export const LINE_BAUD = 115200;
/** More than that is not taken from the host. */
export const LINE_LIMIT_BYTES = 0x10000;
const SUPPLY_VOLTS = 5;

export interface EmulatedBoardOptions {
  /** Flash contents from address 0. */
  readonly image: Uint8Array;
  readonly signals: Pick<Signals, 'voltsAt'>;
  /** Each character the board sent, and the virtual time of its last bit. */
  onByte(byte: number, timeS: number): void;
}

export class EmulatedBoard {
  private readonly chip: Atmega328p;
  private readonly line: SerialLine;

  constructor({ image, signals, onByte }: EmulatedBoardOptions) {
    this.chip = new Atmega328p(image, {
      analog: {
        avccVolts: SUPPLY_VOLTS,
        arefVolts: SUPPLY_VOLTS,
        voltsAt: (pin, atCycle) => signals.voltsAt(pin, atCycle / CLOCK_HZ),
      },
      onTransmit: (byte, atCycle) => onByte(byte, atCycle / CLOCK_HZ),
    });
    this.line = new SerialLine(this.chip.cpu, this.chip.usart, CLOCK_HZ / LINE_BAUD, LINE_LIMIT_BYTES);
  }

  /** Virtual seconds since power on; reset does not set them back. */
  get timeS(): number {
    return this.chip.cpu.cycles / CLOCK_HZ;
  }

  /** Bytes from the host that are still on the line. */
  get waitingBytes(): number {
    return this.line.waitingBytes;
  }

  /** Runs up to this instant of virtual time, and no further than its last instruction. */
  run(untilS: number): void {
    this.chip.cpu.run(Math.ceil(untilS * CLOCK_HZ));
  }

  /** Puts bytes on the line, where they enter at line rate; returns how many there was room for. */
  receive(bytes: Uint8Array): number {
    return this.line.push(bytes);
  }

  /** As the reset button does. */
  reset(): void {
    this.chip.reset('external');
  }
}
