import { expect, test } from 'vitest';
import { median, race } from '../../../main/bench/race';
import { lessThan, moreThan } from '../../../main/bench/result';

/** A clock that only the work moves. */
function clock(): { nowMs(): number; pass(ms: number): void } {
  let ms = 0;
  return { nowMs: () => ms, pass: (more) => void (ms += more) };
}

test('contenders take turns and each gets the time of one call', () => {
  const { nowMs, pass } = clock();
  const order: string[] = [];
  const work = (name: string, ms: number) => (): void => {
    if (order.at(-1) !== name) order.push(name);
    pass(ms);
  };
  const { medianS, runs } = race([work('slow', 3), work('quick', 0.01)], { seconds: 1, nowMs });
  expect(medianS[0]).toBeCloseTo(0.003, 12);
  expect(medianS[1]).toBeCloseTo(0.00001, 12);
  expect(runs).toBeGreaterThan(3);
  expect(order.slice(2)).toEqual(order.slice(2).map((_, i) => (i % 2 === 0 ? 'slow' : 'quick')));
  expect(nowMs()).toBeLessThan(1500);
});

test('one slow round does not move the result', () => {
  const { nowMs, pass } = clock();
  let calls = 0;
  const { medianS } = race([() => pass(calls++ === 10 ? 400 : 2)], { seconds: 1, nowMs });
  expect(medianS[0]).toBeCloseTo(0.002, 12);
});

test('no budget still gives three rounds', () => {
  const { nowMs, pass } = clock();
  expect(race([() => pass(5)], { seconds: 0, nowMs }).runs).toBe(3);
});

test('the median of an even number lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
});

test('a ratio above 1 is better than the peer, for rates and for times', () => {
  const measured = { name: 'n', size: 's', value: 20, unit: 'u', runs: 3 };
  expect(moreThan({ name: 'p', value: 10 }, measured).ratio).toBe(2);
  expect(lessThan({ name: 'p', value: 10 }, measured).ratio).toBe(0.5);
});
