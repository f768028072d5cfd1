// How numbers are written in the window: at most four significant digits, SI prefixes, a thin space before the unit.
// Counts of whole things are exact up to seven digits. Pure; the worker uses it too.

/** Narrow no-break space (U+202F). */
export const thin = '\u202f';
/** What stands where no number is. */
export const none = '–';

const prefixes = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
] as const;

/** At most `digits` significant digits, without trailing zeros and without an exponent where it can be avoided. */
export function number(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return none;
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const magnitude = Math.abs(rounded);
  if (magnitude >= 1e7 || magnitude < 1e-4) return signed(rounded.toExponential(digits - 1).replace(/\.?0*e\+?/, 'e'));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude)));
  const text = rounded.toFixed(decimals);
  return signed(group(text.includes('.') ? text.replace(/\.?0+$/, '') : text));
}

/** With an SI prefix: 12.4 kB/s, 360 µs. For units that take prefixes. */
export function quantity(value: number, unit: string, digits = 3): string {
  if (!Number.isFinite(value)) return none;
  if (value === 0) return `0${thin}${unit}`;
  const rounded = Number(value.toPrecision(digits));
  const [factor, prefix] = prefixes.find(([f]) => Math.abs(rounded) >= f) ?? [1e-9, 'n'];
  return `${number(rounded / factor, digits)}${thin}${prefix}${unit}`;
}

/** A number of whole things, exact to seven digits: 12 345. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return none;
  return Math.abs(value) < 1e7 ? signed(group(String(Math.round(value)))) : quantity(value, '', 4).trimEnd();
}

/** A part of one as per cent: 95.3 %. Never rounds up to 100. */
export function share(value: number): string {
  if (!Number.isFinite(value)) return none;
  const percent = value * 100;
  const text = percent >= 99.95 && value < 1 ? '99.9' : percent.toFixed(Math.abs(percent) >= 99.95 ? 0 : 1);
  return `${text}${thin}%`;
}

/** Something each second: 200/s. */
export function perSecond(value: number): string {
  return Number.isFinite(value) ? `${number(value, value >= 100 ? 4 : 3)}/s` : none;
}

export const bytes = (value: number): string => quantity(value, 'B');

/** Time as it is spoken: 3 min 20 s. Below a second with a prefix. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return none;
  if (Math.abs(seconds) < 1) return quantity(seconds, 's');
  if (Math.abs(seconds) < 9.95) return `${seconds.toFixed(1)}${thin}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${thin}s`;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return `${count(hours)}${thin}h${minutes > 0 ? ` ${minutes}${thin}min` : ''}`;
  return `${minutes}${thin}min${rest > 0 ? ` ${rest}${thin}s` : ''}`;
}

/** Running time of a stopwatch, which must not change its width: 0:07, 12:40, 1:02:03. */
export function stopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A reading, with as many decimals as the shown span needs, so that its width stays while it changes. */
export function reading(value: number, span: number): string {
  if (!Number.isFinite(value)) return none;
  return signed(group(value.toFixed(decimalsFor(value, span))));
}

function decimalsFor(value: number, span: number): number {
  const fromSpan = span > 0 ? 2 - Math.floor(Math.log10(span)) : 2;
  const fromValue = value === 0 ? 3 : 3 - Math.floor(Math.log10(Math.abs(value)));
  return Math.max(0, Math.min(fromSpan, Math.max(0, fromValue), 6));
}

/** 14:03:21 in the computer's zone. */
export function clock(unixMs: number): string {
  const t = new Date(unixMs);
  return [t.getHours(), t.getMinutes(), t.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}

/** 2026-11-23 14:03 in the computer's zone. */
export function dateTime(unixMs: number): string {
  const t = new Date(unixMs);
  const date = [t.getFullYear(), t.getMonth() + 1, t.getDate()].map((n) => String(n).padStart(2, '0')).join('-');
  return `${date} ${clock(unixMs).slice(0, 5)}`;
}

/** Groups of three from five digits on. */
function group(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const digits = whole.replace('-', '');
  const grouped = digits.length >= 5 ? whole.replace(/\B(?=(\d{3})+$)/g, thin) : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** The minus sign of typography, as wide as a digit. */
const signed = (text: string): string => text.replaceAll('-', '−');
