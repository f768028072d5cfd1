// USART0: datasheet section 19, and the two faults of stock avr8js that ours must not have.
import { beforeEach, describe, expect, test } from 'vitest';
import { SerialLine } from '../../../device/emulator/serial-line';
import { Bench, GLOBAL_INTERRUPT } from './bench';

const UCSR0A = 0xc0;
const UCSR0B = 0xc1;
const UCSR0C = 0xc2;
const UBRR0L = 0xc4;
const UBRR0H = 0xc5;
const UDR0 = 0xc6;

const RXC = 0x80;
const TXC = 0x40;
const UDRE = 0x20;
const DOR = 0x08;
const U2X = 0x02;
const RXCIE = 0x80;
const UDRIE = 0x20;
const RXEN = 0x10;
const TXEN = 0x08;

const RX_COMPLETE_VECTOR = 0x24;
const DATA_EMPTY_VECTOR = 0x26;
const RETI = 0x9518;
const RJMP_HERE = 0xcfff;
const INC_R17 = 0x9513;
const LDS_R18_UDR0 = [0x9120, UDR0];
const STS_UCSR0B_R20 = [0x9340, UCSR0B];

/** 16 MHz, doubled speed, UBRR 16: what an Arduino calls 115200 baud. */
const CHARACTER = 10 * 8 * 17;

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  open(bench);
});

function open(target: Bench, controlB = RXEN | TXEN): void {
  target.write(UCSR0A, U2X);
  target.write(UBRR0H, 0);
  target.write(UBRR0L, 16);
  target.write(UCSR0B, controlB);
}

/** One character after the other, each complete after CHARACTER cycles. */
function arrive(target: Bench, ...bytes: number[]): void {
  for (const byte of bytes) {
    target.chip.usart.startBit();
    target.run(CHARACTER);
    target.chip.usart.character(byte);
  }
}

describe('transmitter', () => {
  test('takes a second byte while the first goes out, and sends them without a gap', () => {
    bench.write(UDR0, 0x41);
    expect(bench.read(UCSR0A)).toBe(UDRE | U2X);
    bench.write(UDR0, 0x42);
    expect(bench.read(UCSR0A)).toBe(U2X);
    bench.run(CHARACTER);
    expect(bench.read(UCSR0A)).toBe(U2X);
    bench.run(1);
    expect(bench.read(UCSR0A)).toBe(UDRE | U2X);
    bench.run(CHARACTER);
    expect(bench.read(UCSR0A)).toBe(TXC | UDRE | U2X);
    expect(bench.sent).toEqual([
      { byte: 0x41, atCycle: CHARACTER },
      { byte: 0x42, atCycle: 2 * CHARACTER },
    ]);
  });

  test('ignores a byte written to a full buffer', () => {
    for (const byte of [1, 2, 3]) bench.write(UDR0, byte);
    bench.run(4 * CHARACTER);
    expect(bench.sent.map((s) => s.byte)).toEqual([1, 2]);
  });

  test.each([
    { format: '8N1 at 9600 baud', a: 0, c: 0x06, ubrr: 103, cycles: 10 * 16 * 104 },
    { format: '8N2 at 9600 baud', a: 0, c: 0x0e, ubrr: 103, cycles: 11 * 16 * 104 },
    { format: '7E1 at 1 Mbaud', a: U2X, c: 0x24, ubrr: 1, cycles: 10 * 8 * 2 },
    { format: '5N1 at 2400 baud', a: 0, c: 0x00, ubrr: 416, cycles: 7 * 16 * 417 },
  ])('takes the time of a character in $format', ({ a, c, ubrr, cycles }) => {
    bench.write(UCSR0A, a);
    bench.write(UCSR0C, c);
    bench.write(UBRR0H, ubrr >> 8);
    bench.write(UBRR0L, ubrr & 0xff);
    bench.write(UDR0, 0x15);
    bench.run(cycles + 1);
    expect(bench.sent).toEqual([{ byte: 0x15, atCycle: cycles }]);
  });

  test('clears transmit complete when one is written to it', () => {
    bench.write(UDR0, 1);
    bench.run(CHARACTER + 1);
    bench.write(UCSR0A, TXC | U2X);
    expect(bench.read(UCSR0A)).toBe(UDRE | U2X);
  });

  test('asks for data again after a handler that only turned the interrupt off', () => {
    // Stock avr8js clears UDRE when the vector is entered and would hang here for ever.
    bench = new Bench({ code: { [DATA_EMPTY_VECTOR]: [INC_R17, ...STS_UCSR0B_R20, RETI] } });
    open(bench, TXEN | UDRIE);
    const { cpu } = bench.chip;
    cpu.data[20] = TXEN;
    cpu.sreg = GLOBAL_INTERRUPT;
    cpu.pc = 0x100;
    bench.run(100);
    expect([cpu.data[17], bench.read(UCSR0A) & UDRE]).toEqual([1, UDRE]);
    bench.write(UCSR0B, TXEN | UDRIE);
    bench.run(100);
    expect(cpu.data[17]).toBe(2);
  });
});

describe('receiver', () => {
  test('holds two characters and a third in the shift register, in order and without loss', () => {
    arrive(bench, 1, 2, 3);
    expect(bench.read(UCSR0A) & (RXC | DOR)).toBe(RXC);
    expect([bench.read(UDR0), bench.read(UDR0), bench.read(UDR0)]).toEqual([1, 2, 3]);
    expect(bench.read(UCSR0A) & (RXC | DOR)).toBe(0);
  });

  test('loses what waits in the shift register when a fourth begins, and says so until data is read', () => {
    arrive(bench, 1, 2, 3);
    bench.chip.usart.startBit();
    expect(bench.read(UCSR0A) & DOR).toBe(DOR);
    bench.run(CHARACTER);
    bench.chip.usart.character(4);
    expect(bench.read(UDR0)).toBe(1);
    expect(bench.read(UCSR0A) & DOR).toBe(0);
    expect([bench.read(UDR0), bench.read(UDR0)]).toEqual([2, 4]);
  });

  test('keeps a waiting character when its control register is written', () => {
    // Stock avr8js clears a pending RXC at any write of UCSR0B.
    arrive(bench, 7);
    bench.write(UCSR0B, RXEN | TXEN | UDRIE);
    expect(bench.read(UCSR0A) & RXC).toBe(RXC);
    expect(bench.read(UDR0)).toBe(7);
  });

  test('interrupts as long as there is something to read', () => {
    bench = new Bench({ code: { 0: [RJMP_HERE], [RX_COMPLETE_VECTOR]: [INC_R17, ...LDS_R18_UDR0, RETI] } });
    open(bench, RXEN | RXCIE);
    arrive(bench, 5, 6);
    const { cpu } = bench.chip;
    cpu.sreg = GLOBAL_INTERRUPT;
    bench.run(100);
    expect([cpu.data[17], cpu.data[18]]).toEqual([2, 6]);
  });

  test('is deaf while it is off, and forgets what it held', () => {
    arrive(bench, 1);
    bench.write(UCSR0B, TXEN);
    arrive(bench, 2);
    bench.write(UCSR0B, TXEN | RXEN);
    expect(bench.read(UCSR0A) & RXC).toBe(0);
  });
});

describe('line', () => {
  const CYCLES_PER_BIT = 16e6 / 115200;

  test('brings characters in at its rate, without drift', () => {
    const line = new SerialLine(bench.chip.cpu, bench.chip.usart, CYCLES_PER_BIT, 1000);
    line.push(new Uint8Array(600).fill(9));
    for (let received = 1; received <= 600; received++) {
      const cycle = bench.runUntil(() => (bench.read(UCSR0A) & RXC) !== 0, 2000);
      expect(Math.abs(cycle - 1 - received * 10 * CYCLES_PER_BIT)).toBeLessThan(1.5);
      bench.read(UDR0);
    }
    expect(line.waitingBytes).toBe(0);
  });

  test('takes no more than its limit and tells how much', () => {
    const line = new SerialLine(bench.chip.cpu, bench.chip.usart, CYCLES_PER_BIT, 100);
    expect([line.push(new Uint8Array(60)), line.push(new Uint8Array(60)), line.waitingBytes]).toEqual([60, 40, 100]);
  });
});
