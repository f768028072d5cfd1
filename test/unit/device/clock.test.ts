// A board's microseconds on the host's clock: over their wrap, with drift and jitter, against times that are known.
import { describe, expect, test } from 'vitest';
import { BoardClock } from '../../../device/clock';
import { Random } from '../../../device/emulator/random';

const WRAP = 2 ** 32;

describe('the wrap of 32-bit microseconds', () => {
  test('is followed over and over', () => {
    const clock = new BoardClock();
    const trueUs = Array.from({ length: 400 }, (_, i) => 1_000_000 + i * 60_000_000);
    const seconds = trueUs.map((us) => clock.unwrap(us % WRAP));
    expect(seconds).toEqual(trueUs.map((us) => us / 1e6));
    expect((trueUs.at(-1) ?? 0) / WRAP).toBeGreaterThan(5);
  });

  test('a clock that begins shortly before it needs no reading before', () => {
    const clock = new BoardClock();
    expect(clock.unwrap(WRAP - 1)).toBe((WRAP - 1) / 1e6);
    expect(clock.unwrap(0)).toBe(WRAP / 1e6);
  });
});

describe('time on the host', () => {
  // An Uno's resonator may be off by half a percent, a crystal by some ten ppm.
  test.each([-5000, -200, -20, 0, 20, 200, 5000])(
    'is right to 10 ms over an hour when the board runs %i ppm fast and readings arrive late by up to 16 ms',
    (ppm) => {
      const clock = new BoardClock();
      const random = new Random(11);
      const delayS = 0.003;
      let last = -Infinity;
      let worst = 0;
      let backwards = 0;
      for (let i = 0; i < 3600 * 20; i++) {
        const hostS = 1000 + i / 20;
        const deviceS = clock.unwrap(Math.round((i / 20) * (1 + ppm * 1e-6) * 1e6 + 4e9) % WRAP);
        // One in four is not held up: there is always one soon that shows the line's own delay.
        const late = random.uniform() < 0.25 ? 0 : random.uniform() * 0.016;
        const timeS = clock.hostTimeS(deviceS, hostS + delayS + late);
        if (timeS < last) backwards++;
        last = timeS;
        if (i > 200) worst = Math.max(worst, Math.abs(timeS - hostS - delayS));
      }
      expect(backwards).toBe(0);
      expect(worst).toBeLessThan(0.01);
    },
  );

  test('is never later than the arrival, and never runs backwards when a stall makes all arrive at once', () => {
    const clock = new BoardClock();
    let last = -Infinity;
    for (let i = 0; i < 2000; i++) {
      const deviceS = i * 0.005;
      const stalled = i >= 800 && i < 1000;
      const arrivalS = stalled ? 1000 * 0.005 + 50 : deviceS + 50.001;
      const timeS = clock.hostTimeS(deviceS, arrivalS);
      expect(timeS).toBeGreaterThanOrEqual(last);
      expect(timeS).toBeLessThanOrEqual(Math.max(arrivalS, last) + 1e-9);
      expect(Math.abs(timeS - deviceS - 50.001)).toBeLessThan(0.007);
      last = timeS;
    }
  });
});
