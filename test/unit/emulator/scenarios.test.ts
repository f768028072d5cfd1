import { describe, expect, test } from 'vitest';
import { DeviceFault } from '../../../device/fault';
import { scenario, scenarioNames, type Signals } from '../../../device/emulator/scenarios/scenario';

const PINS = [0, 1, 2, 3, 4, 5];
const RATE_HZ = 200;

/** Voltages of all pins at 200 Hz in [fromS, toS). */
function record(signals: Signals, fromS: number, toS: number): number[][] {
  const rows: number[][] = [];
  for (let i = Math.round(fromS * RATE_HZ); i < toS * RATE_HZ; i++)
    rows.push(PINS.map((pin) => signals.voltsAt(pin, i / RATE_HZ)));
  return rows;
}

const mean = (rows: readonly number[][], pin: number): number =>
  rows.reduce((sum, row) => sum + (row[pin] ?? NaN), 0) / rows.length;

test('an unknown scenario is refused with those there are', () => {
  expect(() => scenario('submarine')).toThrow(DeviceFault);
  expect(() => scenario('submarine')).toThrow(/industrial/);
});

describe.each(scenarioNames)('%s', (name) => {
  const wired = scenario(name);

  test('names its states and its channels, one to a pin, and says that it is simulated', () => {
    expect(wired).toMatchObject({ id: name, simulated: true });
    expect(new Set(wired.states.map((s) => s.id)).size).toBe(wired.states.length);
    expect(wired.channels.map((c) => c.pin)).toEqual(PINS);
    expect(wired.channels.every((c) => c.unitPerVolt > 0 && c.unit !== '' && c.name !== '')).toBe(true);
  });

  test('gives the same voltages for the same seed and history, others for another seed', () => {
    const history = (seed: number): number[][] => {
      const signals = wired.create(seed);
      return wired.states.flatMap((state, i) => {
        signals.setState(state.id, 2 * i);
        return record(signals, 2 * i, 2 * i + 2);
      });
    };
    const first = history(5);
    expect(history(5)).toEqual(first);
    expect(history(6)).not.toEqual(first);
  });

  test('stays between ground and supply in every state', () => {
    const signals = wired.create(2);
    wired.states.forEach((state, i) => {
      signals.setState(state.id, 5 * i);
      expect(
        record(signals, 5 * i, 5 * i + 5)
          .flat()
          .every((v) => v >= 0 && v <= 5),
      ).toBe(true);
    });
  });

  test('refuses a state it does not have', () => {
    expect(() => wired.create(1).setState('on fire', 0)).toThrow(RangeError);
  });

  test('goes on after an hour nobody looked', () => {
    const signals = wired.create(3);
    const before = record(signals, 3, 8);
    const after = record(signals, 3600, 3605);
    for (const pin of PINS) expect(Math.abs(mean(after, pin) - mean(before, pin))).toBeLessThan(0.25);
  });
});

describe('industrial', () => {
  const wired = scenario('industrial');
  const [x, y, z, current, temperature, speed] = PINS as [number, number, number, number, number, number];

  /** Mean values in units over 19 s, one second after the switch. */
  function means(signals: Signals, id: string, fromS: number): number[] {
    signals.setState(id, fromS);
    record(signals, fromS, fromS + 1);
    const rows = record(signals, fromS + 1, fromS + 20);
    return wired.channels.map((c) => mean(rows, c.pin) * c.unitPerVolt + c.offset);
  }

  test('each fault shows where the physics says', () => {
    const signals = wired.create(1);
    const [normal, imbalance, bearing, blocked] = wired.states.map((s, i) => means(signals, s.id, 20 * i)) as [
      number[],
      number[],
      number[],
      number[],
    ];
    const at = (values: number[], pin: number): number => values[pin] ?? NaN;
    expect(at(normal, speed)).toBeGreaterThan(2500);
    for (const pin of [x, y]) expect(at(imbalance, pin)).toBeGreaterThan(1.5 * at(normal, pin));
    expect(at(bearing, z)).toBeGreaterThan(1.5 * at(normal, z));
    expect(at(bearing, current)).toBeGreaterThan(at(normal, current));
    expect(at(blocked, current)).toBeGreaterThan(2 * at(normal, current));
    expect(at(blocked, speed)).toBeLessThan(20);
    for (const pin of [x, y, z]) expect(at(blocked, pin)).toBeLessThan(0.2 * at(normal, pin));
  });

  test('a blocked rotor runs up again within a second', () => {
    const signals = wired.create(1);
    signals.setState('blocked', 0);
    record(signals, 0, 2);
    signals.setState('normal', 2);
    record(signals, 2, 3);
    const [atOnce, later] = [record(signals, 3, 3.5), record(signals, 10, 20)];
    expect(mean(atOnce, speed) / mean(later, speed)).toBeCloseTo(1, 1);
    expect(mean(atOnce, current) / mean(later, current)).toBeCloseTo(1, 1);
  });

  test('temperature remembers: a blocked rotor leaves it warmer', () => {
    const [calm, strained] = [wired.create(4), wired.create(4)];
    means(calm, 'normal', 0);
    means(strained, 'blocked', 0);
    const [cool, warm] = [means(calm, 'normal', 20), means(strained, 'normal', 20)];
    expect((warm[temperature] ?? 0) - (cool[temperature] ?? 0)).toBeGreaterThan(0.2);
  });

  test('single readings overlap a little, but a nearest-mean rule on later visits is right far more often than not', () => {
    const signals = wired.create(1);
    const visit = (fromS: number): { state: number; row: number[] }[] =>
      wired.states.flatMap((state, i) => {
        const startS = fromS + 10 * i;
        signals.setState(state.id, startS);
        record(signals, startS, startS + 1);
        return record(signals, startS + 1, startS + 10).map((row) => ({ state: i, row }));
      });
    const [first, second] = [visit(0), visit(40)];
    const features = [x, y, z, current];
    const centres = wired.states.map((_, i) => {
      const rows = first.filter((r) => r.state === i).map((r) => r.row);
      return features.map((pin) => {
        const centre = mean(rows, pin);
        return {
          centre,
          spread: Math.sqrt(
            mean(
              rows.map((row) => row.map((v) => (v - centre) ** 2)),
              pin,
            ),
          ),
        };
      });
    });
    const distance = (row: number[], i: number): number =>
      features.reduce((sum, pin, k) => {
        const { centre = 0, spread = 1 } = centres[i]?.[k] ?? {};
        return sum + (((row[pin] ?? 0) - centre) / spread) ** 2 + 2 * Math.log(spread);
      }, 0);
    const right = second.filter(({ state, row }) => {
      const distances = wired.states.map((_, i) => distance(row, i));
      return distances.indexOf(Math.min(...distances)) === state;
    });
    expect(right.length / second.length).toBeGreaterThan(0.9);
    expect(right.length / second.length).toBeLessThan(1);
  });
});
