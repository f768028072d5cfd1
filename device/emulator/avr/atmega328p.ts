// The chip: core and peripherals wired together. Not there: EEPROM, SPI, TWI, analog comparator, pin interrupts, the clock
// prescaler and power reduction; their registers are plain memory.
import { Adc, type AnalogInputs } from './adc';
import { Cpu } from './cpu';
import { connectGpio } from './gpio';
import { Timers } from './timers';
import { Usart } from './usart';
import { Watchdog, type ResetCause } from './watchdog';

export interface ChipOutside {
  readonly analog: AnalogInputs;
  /** A character has left the transmit pin. */
  onTransmit(byte: number, atCycle: number): void;
}

export class Atmega328p {
  readonly cpu: Cpu;
  readonly usart: Usart;
  readonly timers: Timers;
  private readonly adc: Adc;
  private readonly watchdog: Watchdog;

  /** `image`: flash contents from address 0. */
  constructor(image: Uint8Array, outside: ChipOutside) {
    this.cpu = new Cpu(image);
    this.timers = new Timers(this.cpu);
    this.usart = new Usart(this.cpu, (byte, atCycle) => outside.onTransmit(byte, atCycle));
    this.adc = new Adc(this.cpu, this.timers, outside.analog);
    this.watchdog = new Watchdog(this.cpu, () => this.reset('watchdog'));
    connectGpio(this.cpu);
    this.reset('powerOn');
  }

  reset(cause: ResetCause): void {
    this.cpu.reset();
    this.timers.reset();
    this.usart.reset();
    this.adc.reset();
    this.watchdog.reset(cause);
  }
}
