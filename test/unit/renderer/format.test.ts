import { describe, expect, it } from 'vitest';
import {
  bytes,
  count,
  duration,
  number,
  perSecond,
  quantity,
  reading,
  share,
  stopwatch,
  thin,
} from '../../../renderer/lib/format';

describe('Numbers in the window', () => {
  it('have at most four significant digits and no trailing zeros', () => {
    expect(number(3.14159)).toBe('3.142');
    expect(number(0.000412345)).toBe('0.0004123');
    expect(number(2.5)).toBe('2.5');
    expect(number(99999.6)).toBe(`100${thin}000`);
    expect(number(1234)).toBe('1234');
    expect(number(12345678)).toBe('1.235e7');
    expect(number(0)).toBe('0');
    expect(number(-1.5)).toBe('−1.5');
  });

  it('are a dash where there is no number', () => {
    for (const write of [number, count, share, perSecond, duration]) expect(write(Number.NaN)).toBe('–');
    expect(quantity(Infinity, 's')).toBe('–');
  });

  it('take SI prefixes with a thin space before the unit', () => {
    expect(quantity(12_400, 'B/s')).toBe(`12.4${thin}kB/s`);
    expect(quantity(0.00036, 's')).toBe(`360${thin}µs`);
    expect(quantity(0.0000004, 's')).toBe(`400${thin}ns`);
    expect(quantity(1, 's')).toBe(`1${thin}s`);
    expect(quantity(0, 'B')).toBe(`0${thin}B`);
    expect(quantity(-0.002, 'V')).toBe(`−2${thin}mV`);
    expect(bytes(768)).toBe(`768${thin}B`);
  });

  it('take the next prefix when rounding reaches it', () => {
    expect(quantity(999.9, 'B')).toBe(`1${thin}kB`);
    expect(quantity(0.0009999, 's')).toBe(`1${thin}ms`);
    expect(quantity(999.4, 'B')).toBe(`999${thin}B`);
  });

  it('count whole things exactly and group them in threes', () => {
    expect(count(1000)).toBe('1000');
    expect(count(12_345)).toBe(`12${thin}345`);
    expect(count(9_999_999)).toBe(`9${thin}999${thin}999`);
    expect(count(12_345_678)).toBe(`12.35${thin}M`);
  });

  it('never call a share that misses something 100 %', () => {
    expect(share(1)).toBe(`100${thin}%`);
    expect(share(0.9999)).toBe(`99.9${thin}%`);
    expect(share(0.953)).toBe(`95.3${thin}%`);
    expect(share(0)).toBe(`0.0${thin}%`);
  });

  it('say a rate each second', () => {
    expect(perSecond(199.97)).toBe('200/s');
    expect(perSecond(12.34)).toBe('12.3/s');
  });
});

describe('Time in the window', () => {
  it('is written as it is spoken', () => {
    expect(duration(200)).toBe(`3${thin}min 20${thin}s`);
    expect(duration(180)).toBe(`3${thin}min`);
    expect(duration(3900)).toBe(`1${thin}h 5${thin}min`);
    expect(duration(12.4)).toBe(`12${thin}s`);
    expect(duration(4.21)).toBe(`4.2${thin}s`);
    expect(duration(0.00036)).toBe(`360${thin}µs`);
  });

  it('does not say 60 s where a minute is meant', () => {
    expect(duration(59.7)).toBe(`1${thin}min`);
    expect(duration(9.97)).toBe(`10${thin}s`);
  });

  it('keeps its width on a stopwatch', () => {
    expect(stopwatch(7.9)).toBe('0:07');
    expect(stopwatch(760)).toBe('12:40');
    expect(stopwatch(3723)).toBe('1:02:03');
  });
});

describe('A reading', () => {
  it('has the decimals its lane needs, whatever its digits are', () => {
    expect(reading(1, 4)).toBe('1.00');
    expect(reading(1.999, 4)).toBe('2.00');
    expect(reading(-0.5, 0.05)).toBe('−0.5000');
    expect(reading(41.25, 1)).toBe('41.25');
  });

  it('has at most four significant digits', () => {
    expect(reading(1541.77, 100)).toBe('1542');
    expect(reading(123.456, 0.01)).toBe('123.5');
  });
});
