// The time axis under the lanes, in seconds.
import { font, type Context } from './ink';
import type { Box } from './lanes';
import type { Palette } from './messages';
import { ticks } from './ticks';
import { number, thin } from '../lib/format';

export const axisHeight = 22;
const pixelsPerTick = 70;

/** `fromS` and `toS` are what the box's edges show; `zero` is written instead of 0 where given. */
export function drawTimeAxis(
  ctx: Context,
  box: Box,
  fromS: number,
  toS: number,
  zero: string | null,
  palette: Palette,
): void {
  ctx.font = font(palette.values, 12);
  ctx.textBaseline = 'middle';
  for (const t of ticks(fromS, toS, Math.max(2, Math.floor(box.width / pixelsPerTick)))) {
    const x = Math.round(box.x + ((t - fromS) / (toS - fromS)) * box.width);
    ctx.fillStyle = palette.edge;
    ctx.fillRect(Math.min(x, box.x + box.width - 1), box.y, 1, 5);
    ctx.fillStyle = palette.muted;
    ctx.textAlign = x > box.x + box.width - 30 ? 'right' : x < box.x + 30 ? 'left' : 'center';
    ctx.fillText(t === 0 && zero !== null ? zero : `${number(t, 4)}${thin}s`, x, box.y + 14);
  }
}
