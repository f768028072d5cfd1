// Numbers for people: SI prefixes, at most four significant digits.

const PREFIXES: readonly (readonly [scale: number, prefix: string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
];

const DIGITS = 4;

/** `quantity(0.0004, 's')` is "400 µs". Bytes are not divided. `share` becomes per cent. */
export function quantity(value: number, unit: string): string {
  if (unit === 'share') return `${plain(value * 100)} %`;
  if (!Number.isFinite(value)) return `unlimited ${unit}`;
  const rounded = Math.abs(Number(value.toPrecision(DIGITS)));
  const usable = PREFIXES.filter(([scale]) => scale >= 1 || !unit.startsWith('B'));
  const [scale, prefix] =
    usable.find(([each]) => rounded >= each) ?? (rounded === 0 ? [1, ''] : (usable.at(-1) ?? [1, '']));
  return `${plain(value / scale)} ${prefix}${unit}`;
}

/** Money has no currency here: the file's is meant. */
export const moneyPerHour = (value: number): string => `${plain(value)} per hour`;

/** A count; beyond a million only its size matters. */
export const count = (value: number): string =>
  value < 1e6 ? String(value) : `about 10^${Math.round(Math.log10(value))}`;

/** "a", "a and b", "a, b and c". */
export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** Four significant digits without trailing zeros or, where it can be helped, an exponent. */
function plain(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}
