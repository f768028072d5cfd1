// The emulated chip: how fast it computes without pause, and how fast the real firmware streams on it; beside real time and stock avr8js.
import unoImage from '../../device/firmware/images/uno.hex?raw';
import { parseHex } from '../../device/emulator/avr/hex';
import { CLOCK_HZ, EmulatedBoard, FLASH_BYTES } from '../../device/emulator/board';
import { scenario } from '../../device/emulator/scenarios/scenario';
import { encodeFrame } from '../../device/wire/framer';
import { Type, encodeStart } from '../../device/wire/messages';
import { type Budget, race } from './race';
import { type BenchResult, moreThan } from './result';
import { StockBoard, loadAvr8js } from './stock-avr';

interface Emulation {
  readonly timeS: number;
  run(untilS: number): void;
  receive(bytes: Uint8Array): void;
}

const RATE_HZ = 200;
const ENOUGH_CREDIT = 0x7fff_ffff;
const VOLTS = 2.5;
const BOOT_S = 0.01;
const MEGA = 1e6;

/** Sums the squares of what lies in RAM, for ever: loads, multiplications, additions, a branch; never asleep. */
const BUSY_LOOP = Uint16Array.of(
  0xe0a0, // ldi r26, 0x00  X = 0x0100, where RAM begins
  0xe0b1, // ldi r27, 0x01
  0xe51a, // ldi r17, 0x5a
  0xe030, // ldi r19, 0     256 times
  0x912d, // ld r18, X+
  0x9f21, // mul r18, r17
  0x0d40, // add r20, r0
  0x1d51, // adc r21, r1
  0x2712, // eor r17, r18
  0x953a, // dec r19
  0xf7c9, // brne -7
  0xcff4, // rjmp -12
);

export async function emulator(budget: Budget, note: (text: string) => void): Promise<BenchResult[]> {
  const avr8js = await loadAvr8js();
  if (avr8js === null) note('avr8js is not installed here, so the emulator has no peer but real time.');
  const firmware = parseHex(unoImage, FLASH_BYTES);
  const loop = new Uint8Array(BUSY_LOOP.buffer);
  const stockOf = (image: Uint8Array): StockBoard | null => avr8js && new StockBoard(avr8js, image, VOLTS);

  const busy = { name: 'emulator', size: 'a loop without sleep', unit: 'MHz', scale: CLOCK_HZ / MEGA };
  const still = { name: 'emulator', size: `${RATE_HZ} readings/s, inputs at rest`, unit: 'virtual s/s', scale: 1 };
  const moving = { ...still, size: `${RATE_HZ} readings/s, the simulated motor` };
  const motor = scenario('industrial').create(1);
  return [
    ...compare(
      busy,
      ours(loop, () => VOLTS),
      stockOf(loop),
      budget,
    ),
    ...compare(still, streaming(ours(firmware, () => VOLTS)), streamingOrNull(stockOf(firmware), note), budget),
    ...compare(moving, streaming(ours(firmware, (pin, timeS) => motor.voltsAt(pin, timeS))), null, budget),
  ];
}

/** Stretches of virtual time in turn: short for what is slow, so that many fit. */
const STRETCH_S = 0.005;

function compare(
  what: { name: string; size: string; unit: string; scale: number },
  board: Emulation,
  stock: Emulation | null,
  budget: Budget,
): BenchResult[] {
  const boards = stock === null ? [board] : [board, stock];
  const { medianS, runs } = race(
    boards.map((each) => () => each.run(each.timeS + STRETCH_S)),
    budget,
  );
  const rateOf = (seconds = NaN): number => (STRETCH_S / seconds) * what.scale;
  const { name, size, unit } = what;
  const measured = { name, size, value: rateOf(medianS[0]), unit, runs };
  const results = [moreThan({ name: 'real time', value: what.scale }, measured)];
  if (stock !== null) results.push(moreThan({ name: 'avr8js', value: rateOf(medianS[1]) }, measured));
  return results;
}

function ours(image: Uint8Array, voltsAt: (pin: number, timeS: number) => number): EmulatedBoard {
  return new EmulatedBoard({ image, signals: { voltsAt }, onByte: () => undefined });
}

function streaming<E extends Emulation>(board: E): E {
  board.run(BOOT_S);
  board.receive(encodeFrame(Type.start, 1, encodeStart(RATE_HZ, ENOUGH_CREDIT)));
  board.run(board.timeS + 10 / RATE_HZ);
  return board;
}

/** Its USART may lose bytes of START: then there is nothing to compare. */
function streamingOrNull(stock: StockBoard | null, note: (text: string) => void): StockBoard | null {
  if (stock === null || streaming(stock).sentBytes > 0) return stock;
  note('The firmware does not stream on avr8js, so streaming has no peer but real time.');
  return null;
}
