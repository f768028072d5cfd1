import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../renderer/tokens.css', import.meta.url), 'utf8');

function themeOf(name: 'light' | 'dark'): Record<string, string> {
  const block = css.slice(css.indexOf(`:root[data-theme='${name}'] {`));
  const body = block.slice(block.indexOf('{') + 1, block.indexOf('}'));
  return Object.fromEntries(
    [...body.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6});/g)].map(([, token, colour]) => [token, colour]),
  );
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(['light', 'dark'] as const)('The %s theme', (name) => {
  const theme = themeOf(name);
  const token = (key: string): string => {
    const colour = theme[key];
    if (!colour) throw new Error(`The ${name} theme has no ${key}.`);
    return colour;
  };
  const grounds = ['paper', 'raised', 'sunken'].map(token);
  const eight = [...Array(8).keys()];

  it('has the contrast of AA for every colour that is written with', () => {
    for (const ground of grounds) {
      for (const text of ['ink', 'muted', 'good', 'warn', 'bad', 'accent']) {
        expect(contrast(token(text), ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(token('on-accent'), token('accent'))).toBeGreaterThanOrEqual(4.5);
  });

  it('has three to one for lines that carry meaning', () => {
    for (const line of ['edge', ...eight.map((i) => `channel-${i}`)]) {
      expect(contrast(token(line), token('raised')), line).toBeGreaterThanOrEqual(3);
    }
  });

  it('keeps the name of a class legible on its colour', () => {
    for (const i of eight)
      expect(contrast(token('ink'), token(`class-${i}`)), `class-${i}`).toBeGreaterThanOrEqual(4.5);
  });

  it('has no colour for a class that is one of the channels, and none twice', () => {
    const all = eight.flatMap((i) => [token(`channel-${i}`), token(`class-${i}`)]);
    expect(new Set(all).size).toBe(16);
  });

  it('names the same tokens as the other theme', () => {
    expect(Object.keys(theme).sort()).toEqual(Object.keys(themeOf(name === 'light' ? 'dark' : 'light')).sort());
  });
});
