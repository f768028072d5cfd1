// The style sheet's tokens as values, for what is drawn on a canvas.
import type { Palette } from '../scope/messages';

export const channelColours = 8;
export const classColours = 8;

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: token('ink'),
    muted: token('muted'),
    line: token('line'),
    edge: token('edge'),
    raised: token('raised'),
    good: token('good'),
    bad: token('bad'),
    channels: Array.from({ length: channelColours }, (_, i) => token(`channel-${i}`)),
    classes: Array.from({ length: classColours }, (_, i) => token(`class-${i}`)),
    words: token('font-words'),
    values: token('font-values'),
  };
}

/** A CSS colour for a class's area. */
export const classColour = (index: number): string => `var(--class-${index % classColours})`;
