// Stock avr8js running an image, as its documentation wires it up: the peer of our emulator. A development dependency: where it is absent
// (an installed app), there is no peer.
import type * as Avr8js from 'avr8js';
import { CLOCK_HZ, LINE_BAUD } from '../../device/emulator/board';
import { FLASH_WORDS } from '../../device/emulator/avr/decode';

type Library = typeof Avr8js;

const SRAM_BYTES = 2048;
const CHARACTER_CYCLES = Math.ceil((10 * CLOCK_HZ) / LINE_BAUD);

/** Null where it is not installed. */
export async function loadAvr8js(): Promise<Library | null> {
  // Not a literal, so that the bundler leaves it out of the app.
  const name: string = 'avr8js';
  try {
    return (await import(/* @vite-ignore */ name)) as Library;
  } catch {
    return null;
  }
}

export class StockBoard {
  sentBytes = 0;
  private readonly cpu: Avr8js.CPU;
  private readonly usart: Avr8js.AVRUSART;

  constructor(
    private readonly library: Library,
    image: Uint8Array,
    volts: number,
  ) {
    const { CPU, AVRTimer, AVRUSART, AVRADC, timer0Config, timer1Config, timer2Config, usart0Config, adcConfig } =
      library;
    const words = new Uint16Array(FLASH_WORDS);
    new Uint8Array(words.buffer).set(image);
    this.cpu = new CPU(words, SRAM_BYTES);
    for (const config of [timer0Config, timer1Config, timer2Config]) new AVRTimer(this.cpu, config);
    this.usart = new AVRUSART(this.cpu, usart0Config, CLOCK_HZ);
    this.usart.onByteTransmit = () => void this.sentBytes++;
    new AVRADC(this.cpu, adcConfig).channelValues.fill(volts);
  }

  get timeS(): number {
    return this.cpu.cycles / CLOCK_HZ;
  }

  run(untilS: number): void {
    this.runCycles(untilS * CLOCK_HZ);
  }

  /** Runs meanwhile: the bytes enter at line rate. */
  receive(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.usart.writeByte(byte);
      this.runCycles(this.cpu.cycles + 2 * CHARACTER_CYCLES);
    }
  }

  private runCycles(until: number): void {
    const { cpu } = this;
    const { avrInstruction } = this.library;
    while (cpu.cycles < until) {
      avrInstruction(cpu);
      cpu.tick();
    }
  }
}
