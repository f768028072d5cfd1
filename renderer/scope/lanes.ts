// How one channel is drawn: a lane with its range at the left, the trace as a single stroke, name, value and unit at the line's end.
// The live scope and the recorded signals share it.
import type { Extremes } from './columns';
import { fitText, font, type Context } from './ink';
import type { Palette } from './messages';
import type { Range } from './range';
import type { Ring } from './ring';
import { number, reading } from '../lib/format';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const gutter = { left: 60, right: 156 };
/** Free pixels above and below the trace. */
const inset = 4;

export function yScale(box: Box, range: Range): (value: number) => number {
  const bottom = box.y + box.height - inset;
  const perUnit = (box.height - 2 * inset) / (range.high - range.low);
  return (value) => bottom - (value - range.low) * perUnit;
}

export function drawLaneFrame(ctx: Context, box: Box, range: Range, palette: Palette): void {
  ctx.fillStyle = palette.line;
  ctx.fillRect(box.x, Math.round(box.y + box.height) - 1, box.width, 1);
  if (box.height < 30) return;
  ctx.fillStyle = palette.muted;
  ctx.font = font(palette.values, 12);
  ctx.textAlign = 'right';
  ctx.textBaseline = 'top';
  ctx.fillText(number(range.high, 4), box.x - 6, box.y + inset);
  ctx.textBaseline = 'bottom';
  ctx.fillText(number(range.low, 4), box.x - 6, box.y + box.height - inset);
}

/** Every reading a corner of the line; for few readings. */
export function tracePoints(
  ctx: Context,
  ring: Ring,
  channel: number,
  rows: { first: number; end: number },
  x: (timeS: number) => number,
  y: (value: number) => number,
): void {
  const values = ring.values[channel];
  if (!values) return;
  ctx.beginPath();
  for (let row = rows.first; row < rows.end; row++) {
    const slot = row & ring.mask;
    const px = x(ring.timeS[slot] as number);
    const py = y(values[slot] as number);
    if (row === rows.first || ring.gapBefore[slot] === 1) {
      ctx.moveTo(px, py);
      // A reading alone between two gaps is still seen.
      ctx.lineTo(px + 0.5, py);
    } else ctx.lineTo(px, py);
  }
  ctx.stroke();
}

/** Columns first…end of a signal thinned to pixels, and where they lie. */
export interface ColumnTrace {
  extremes: Extremes;
  first: number;
  end: number;
  /** Column k is at k & mask. */
  mask: number;
  x: (column: number) => number;
  /** 1 where the line begins anew; without it, after every empty column: in a recording empty means missing. */
  breaks: Uint8Array | null;
}

/** A vertical line from least to greatest in each column. */
export function traceColumns(ctx: Context, trace: ColumnTrace, y: (value: number) => number): void {
  const { extremes, mask, breaks } = trace;
  ctx.beginPath();
  let joined = false;
  for (let k = trace.first; k < trace.end; k++) {
    const min = extremes.min[k & mask] as number;
    if (breaks?.[k & mask] === 1) joined = false;
    if (Number.isNaN(min)) {
      if (!breaks) joined = false;
      continue;
    }
    const x = trace.x(k);
    const top = y(extremes.max[k & mask] as number);
    if (joined) ctx.lineTo(x, top);
    else ctx.moveTo(x, top);
    // A column with one value is still seen.
    ctx.lineTo(x, y(min) + 0.01);
    joined = true;
  }
  ctx.stroke();
}

/** At the line's end: a dash in the channel's colour, its name, the value (unless null) and the unit. */
export function drawLaneEnd(
  ctx: Context,
  box: Box,
  label: { name: string; unit: string; value: number | null; span: number; colour: string },
  palette: Palette,
): void {
  const x = box.x + box.width + 8;
  const width = gutter.right - 12;
  const middle = box.y + box.height / 2;
  const twoRows = box.height >= 40;
  const nameY = twoRows ? middle - 9 : middle;
  ctx.fillStyle = label.colour;
  ctx.fillRect(x, Math.round(nameY) - 1.5, 12, 3);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.font = font(palette.words, twoRows ? 13 : 12);
  ctx.fillStyle = palette.ink;
  ctx.fillText(fitText(ctx, label.name, twoRows ? width - 18 : width / 2 - 14), x + 18, nameY);

  const unit = fitText(ctx, label.unit, 44);
  ctx.font = font(palette.words, 12);
  const unitWidth = unit === '' ? 0 : ctx.measureText(unit).width + 4;
  ctx.fillStyle = palette.muted;
  const valueY = twoRows ? middle + 10 : middle;
  if (label.value === null) {
    ctx.textAlign = twoRows ? 'left' : 'right';
    ctx.fillText(unit, twoRows ? x + 18 : x + width, valueY);
    return;
  }
  const valueRight = twoRows ? x + 18 + 82 : x + width - unitWidth;
  ctx.fillText(unit, valueRight + 4, valueY);
  ctx.font = font(palette.values, twoRows ? 15 : 12);
  ctx.fillStyle = palette.ink;
  ctx.textAlign = 'right';
  ctx.fillText(reading(label.value, label.span), valueRight, valueY);
}
