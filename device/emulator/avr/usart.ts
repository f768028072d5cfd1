// USART0 in asynchronous mode: a transmit buffer in front of the shift register, a two-byte receive FIFO behind one.
// Datasheet section 19. The ninth data bit and multi-processor mode are not modelled; parity counts as line time.
import type { Cpu } from './cpu';

const UCSRA = 0xc0;
const UCSRB = 0xc1;
const UCSRC = 0xc2;
const UBRRL = 0xc4;
const UBRRH = 0xc5;
const UDR = 0xc6;

const RXC = 0x80;
const TXC = 0x40;
const UDRE = 0x20;
const DOR = 0x08;
const U2X = 0x02;
const MPCM = 0x01;
const RX_COMPLETE_INTERRUPT = 0x80;
const TX_COMPLETE_INTERRUPT = 0x40;
const DATA_EMPTY_INTERRUPT = 0x20;
const RX_ENABLE = 0x10;
const TX_ENABLE = 0x08;

const RX_COMPLETE_VECTOR = 18;
const DATA_EMPTY_VECTOR = 19;
const TX_COMPLETE_VECTOR = 20;

const FIFO_BYTES = 2;

export class Usart {
  private controlA = 0;
  private controlB = 0;
  private controlC = 0;
  private baudRegister = 0;
  /** Waiting in the transmit buffer, and going out. */
  private buffered: number | undefined;
  private shifting: number | undefined;
  private transmitComplete = false;
  private readonly fifo: number[] = [];
  /** Complete in the receive shift register while the FIFO is full. */
  private waiting: number | undefined;
  private receiving = false;
  private overrun = false;
  private readonly txEvent: number;

  /** `onTransmit` gets each character at the end of its last stop bit. */
  constructor(
    private readonly cpu: Cpu,
    private readonly onTransmit: (byte: number, atCycle: number) => void,
  ) {
    this.txEvent = cpu.addEvent((atCycle) => this.characterSent(atCycle));
    cpu.onInterrupt(TX_COMPLETE_VECTOR, () => {
      this.transmitComplete = false;
      this.raise();
    });
    cpu.onIo(UCSRA, { read: () => this.status(), write: (value) => this.writeStatus(value) });
    cpu.onIo(UCSRB, { read: () => this.controlB, write: (value) => this.writeControl(value) });
    cpu.onIo(UCSRC, { read: () => this.controlC, write: (value) => (this.controlC = value) });
    cpu.onIo(UBRRL, {
      read: () => this.baudRegister & 0xff,
      write: (value) => (this.baudRegister = (this.baudRegister & 0xf00) | value),
    });
    cpu.onIo(UBRRH, {
      read: () => this.baudRegister >> 8,
      write: (value) => (this.baudRegister = (this.baudRegister & 0xff) | ((value & 0x0f) << 8)),
    });
    cpu.onIo(UDR, { read: () => this.readData(), write: (value) => this.writeData(value) });
    this.reset();
  }

  reset(): void {
    this.controlA = this.controlB = this.baudRegister = 0;
    this.controlC = 0x06;
    this.buffered = this.shifting = this.waiting = undefined;
    this.transmitComplete = this.receiving = this.overrun = false;
    this.fifo.length = 0;
    this.cpu.schedule(this.txEvent, Infinity);
  }

  /** A start bit on the receive line: what still waits in the shift register is lost. */
  startBit(): void {
    this.receiving = (this.controlB & RX_ENABLE) !== 0;
    if (!this.receiving || this.waiting === undefined) return;
    this.waiting = undefined;
    this.overrun = true;
  }

  /** The character that began with the last start bit is complete. */
  character(byte: number): void {
    if (!this.receiving) return;
    this.receiving = false;
    if (this.fifo.length < FIFO_BYTES) this.fifo.push(byte);
    else this.waiting = byte;
    this.raise();
  }

  /** Clock cycles of one character, start and stop bits included. */
  get characterCycles(): number {
    const size = (this.controlB & 0x04) !== 0 ? 9 : 5 + ((this.controlC >> 1) & 3);
    const parity = (this.controlC & 0x20) !== 0 ? 1 : 0;
    const stop = (this.controlC & 0x08) !== 0 ? 2 : 1;
    const bitCycles = ((this.controlA & U2X) !== 0 ? 8 : 16) * (this.baudRegister + 1);
    return (1 + size + parity + stop) * bitCycles;
  }

  private status(): number {
    return (
      (this.fifo.length > 0 ? RXC : 0) |
      (this.transmitComplete ? TXC : 0) |
      (this.buffered === undefined ? UDRE : 0) |
      (this.overrun ? DOR : 0) |
      this.controlA
    );
  }

  private writeStatus(value: number): void {
    this.controlA = value & (U2X | MPCM);
    if ((value & TXC) !== 0) this.transmitComplete = false;
    this.raise();
  }

  private writeControl(value: number): void {
    this.controlB = value;
    if ((value & RX_ENABLE) === 0) {
      this.fifo.length = 0;
      this.waiting = undefined;
      this.receiving = this.overrun = false;
    }
    this.raise();
  }

  private readData(): number {
    const byte = this.fifo.shift() ?? 0;
    if (this.waiting !== undefined) {
      this.fifo.push(this.waiting);
      this.waiting = undefined;
    }
    this.overrun = false;
    this.raise();
    return byte;
  }

  private writeData(value: number): void {
    if ((this.controlB & TX_ENABLE) === 0 || this.buffered !== undefined) return;
    if (this.shifting === undefined) this.shift(value, this.cpu.cycles);
    else this.buffered = value;
    this.raise();
  }

  private shift(byte: number, atCycle: number): void {
    this.shifting = byte;
    this.cpu.schedule(this.txEvent, atCycle + this.characterCycles);
  }

  private characterSent(atCycle: number): void {
    const byte = this.shifting;
    this.shifting = undefined;
    if (this.buffered === undefined) this.transmitComplete = true;
    else {
      this.shift(this.buffered, atCycle);
      this.buffered = undefined;
    }
    this.raise();
    if (byte !== undefined) this.onTransmit(byte, atCycle);
  }

  /** Receive complete and data empty ask as long as their condition holds: entering their vectors clears nothing. */
  private raise(): void {
    const { cpu, controlB } = this;
    cpu.request(RX_COMPLETE_VECTOR, (controlB & RX_COMPLETE_INTERRUPT) !== 0 && this.fifo.length > 0);
    cpu.request(DATA_EMPTY_VECTOR, (controlB & DATA_EMPTY_INTERRUPT) !== 0 && this.buffered === undefined);
    cpu.request(TX_COMPLETE_VECTOR, (controlB & TX_COMPLETE_INTERRUPT) !== 0 && this.transmitComplete);
  }
}
