// Under the signal: which class the model saw when, and a line that says whether board and laptop agreed in every bit.
import { drawSeal, fitText, font, type Context } from './ink';
import { gutter, type Box } from './lanes';
import type { Palette, Words } from './messages';
import type { Run } from './runs';

export const bandHeight = 24;
export const sealHeight = 18;
/** Narrower runs are drawn without their name. */
const namedFrom = 28;
/** Narrower ones without the edge at their beginning: it would hide the colour. */
const edgedFrom = 4;

export function drawBand(
  ctx: Context,
  box: Box,
  found: Run[],
  classes: string[],
  x: (timeS: number) => number,
  palette: Palette,
  colours: readonly number[],
): void {
  ctx.font = font(palette.words, 12);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const run of found) {
    const name = classes[run.value];
    if (name === undefined) continue;
    const left = Math.max(box.x, x(run.fromS));
    const right = Math.min(box.x + box.width, x(run.toS));
    if (right <= left) continue;
    ctx.fillStyle = classColour(palette, colours[run.value] ?? run.value);
    ctx.fillRect(left, box.y, right - left, box.height);
    if (right - left < edgedFrom) continue;
    ctx.fillStyle = palette.edge;
    ctx.fillRect(left, box.y, 1, box.height);
    if (right - left < namedFrom) continue;
    ctx.fillStyle = palette.ink;
    ctx.fillText(fitText(ctx, name, right - left - 10), left + 6, box.y + box.height / 2 + 0.5);
  }
}

export function drawBandEnd(ctx: Context, box: Box, name: string, palette: Palette): void {
  ctx.font = font(palette.words, 13, 600);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillStyle = palette.ink;
  ctx.fillText(fitText(ctx, name, gutter.right - 16), box.x + box.width + 8, box.y + box.height / 2);
}

/** A thin line where the bits are equal, a tall mark where they differ, nothing where nobody compared. */
export function drawSealLine(
  ctx: Context,
  box: Box,
  found: Run[],
  x: (timeS: number) => number,
  palette: Palette,
): void {
  const middle = Math.round(box.y + box.height / 2);
  for (const run of found) {
    if (run.value > 1) continue;
    const left = Math.max(box.x, x(run.fromS));
    const width = Math.min(box.x + box.width, x(run.toS)) - left;
    if (run.value === 1 && width > 0) {
      ctx.fillStyle = palette.good;
      ctx.fillRect(left, middle - 1, width, 2);
    } else if (run.value === 0) {
      ctx.fillStyle = palette.bad;
      ctx.fillRect(left, middle - 6, Math.max(2, width), 12);
    }
  }
}

export function drawSealEnd(ctx: Context, box: Box, agree: number, words: Words, palette: Palette): void {
  if (agree > 1) return;
  const x = box.x + box.width + 8;
  const y = box.y + box.height / 2;
  const colour = agree === 1 ? palette.good : palette.bad;
  drawSeal(ctx, x + 7, y, 12, agree === 1, colour);
  ctx.font = font(palette.words, 12);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillStyle = colour;
  ctx.fillText(fitText(ctx, agree === 1 ? words.equal : words.differ, gutter.right - 34), x + 20, y);
}

export const classColour = (palette: Palette, index: number): string =>
  palette.classes[index % palette.classes.length] ?? palette.line;
