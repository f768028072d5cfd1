// What a plan needs to know, measured: the link's round trip and goodput, one inference on the board and on the laptop.
import type { DeviceSession } from './session';
import type { Model } from '../../model/model';
import { predictor } from '../../model/predict';

/** A measured number: the median, half the distance between the quartiles, and how many measurements. */
export interface Measured {
  value: number;
  spread: number;
  count: number;
}

const PINGS = 24;
const LONG_PING_BYTES = 100;
const INFERENCES = 24;
const LAPTOP_ROUNDS = 15;
const LAPTOP_CALLS = 2000;

export interface LinkMeasures {
  /** Of an empty message and its answer. */
  roundTripS: Measured;
  /** Each way, from how much longer long messages take. */
  bytesPerSecond: Measured;
}

export async function measureLink(session: DeviceSession, progress: (share: number) => void): Promise<LinkMeasures> {
  const board = session.connectedBoard();
  const short: number[] = [];
  const goodput: number[] = [];
  const long = Uint8Array.from({ length: LONG_PING_BYTES }, (_, i) => i);
  for (let i = 0; i < PINGS; i++) {
    // In turn, so that both meet the same moments of a busy line.
    const shortS = await board.ping(new Uint8Array(0));
    const longS = await board.ping(long);
    short.push(shortS);
    if (longS > shortS) goodput.push((2 * LONG_PING_BYTES) / (longS - shortS));
    progress((i + 1) / PINGS);
  }
  return { roundTripS: summary(short), bytesPerSecond: summary(goodput) };
}

/** Seconds of one inference of the model that the board holds. */
export async function measureBoardInference(session: DeviceSession): Promise<Measured> {
  const board = session.connectedBoard();
  const raw = Int16Array.from(session.channels, (channel) => Math.round(channel.maxCount / 2));
  const seconds: number[] = [];
  for (let i = 0; i < INFERENCES; i++) seconds.push((await board.infer(raw)).elapsedHalfUs / 2e6);
  return summary(seconds);
}

/** Seconds of one prediction on the laptop under its present load. */
export function measureLaptopInference(model: Model): Measured {
  const answer = predictor(model);
  const values = model.features.map((feature) => feature.mean);
  const seconds: number[] = [];
  for (let round = 0; round < LAPTOP_ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < LAPTOP_CALLS; i++) answer(values);
    seconds.push((performance.now() - start) / 1000 / LAPTOP_CALLS);
  }
  return summary(seconds);
}

function summary(values: number[]): Measured {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { value: at(0.5), spread: (at(0.75) - at(0.25)) / 2, count: sorted.length };
}
