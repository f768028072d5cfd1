// One frame of the live scope: lanes, gaps, class band, seal line, axis, cursor. Holds the buffers that every frame reuses.
import { axisHeight, drawTimeAxis } from './axis';
import { bandHeight, drawBand, drawBandEnd, drawSealEnd, drawSealLine, sealHeight } from './band';
import { Columns } from './columns';
import { gapsBetween } from './gaps';
import { font, hatch, type Context } from './ink';
import { drawLaneEnd, drawLaneFrame, gutter, traceColumns, tracePoints, yScale, type Box } from './lanes';
import type { Palette, Summary, Words } from './messages';
import { SteadyRange } from './range';
import type { Ring } from './ring';
import { runs } from './runs';
import { number, thin } from '../lib/format';

export interface Signal {
  ring: Ring;
  channels: { name: string; unit: string }[];
  classes: string[];
}

export interface Sheet {
  ctx: Context;
  width: number;
  height: number;
  ratio: number;
  palette: Palette;
  words: Words;
  /** Names whose place is the number of their colour. */
  colourNames: readonly string[];
}

/** What is in sight, and where it lies. */
interface Sight {
  plot: Box;
  windowS: number;
  fromS: number;
  toS: number;
  /** One row before the window too, so that the line enters from the edge. */
  firstRow: number;
  endRow: number;
  /** Pixel columns of the plot. */
  columns: number;
  x: (timeS: number) => number;
}

export class Picture {
  #columns = new Columns();
  #ranges: SteadyRange[] = [];
  #pattern: { colour: string; ratio: number; pattern: CanvasPattern | null } | null = null;

  /** Other channels: other ranges. */
  forget(): void {
    this.#ranges = [];
  }

  draw(
    sheet: Sheet,
    signal: Signal,
    windowS: number,
    cursorX: number | null,
    nowMs: number,
  ): Omit<Summary, 'device' | 'framesPerSecond' | 'skipped'> {
    const { ctx, palette, words } = sheet;
    const { ring, classes } = signal;
    ctx.setTransform(sheet.ratio, 0, 0, sheet.ratio, 0, 0);
    ctx.clearRect(0, 0, sheet.width, sheet.height);
    const sight = sightOf(sheet, signal, windowS);
    const { plot, toS } = sight;
    const cursor = cursorRow(ring, sight, cursorX);
    // Values at the line's end are those under the pointer, else the newest.
    const shown = cursor ?? ring.end - 1;

    this.#drawGaps(sheet, ring, sight);
    const latest = this.#drawLanes(sheet, signal, sight, shown, nowMs);
    const classIndex = ring.end === 0 ? -1 : (ring.classes[shown & ring.mask] ?? -1);
    const agree = ring.end === 0 ? 2 : (ring.agree[shown & ring.mask] ?? 2);
    const className = classes[classIndex] ?? null;
    if (classes.length > 0) {
      drawClasses(sheet, signal, sight);
      drawBandEnd(ctx, bandBox(plot), className ?? words.noClass, palette);
      drawSealEnd(ctx, sealBox(plot), agree, words, palette);
    }
    const axis: Box = { ...plot, y: sheet.height - axisHeight, height: axisHeight };
    drawTimeAxis(ctx, axis, -windowS, 0, words.now, palette);
    if (cursor !== null) drawCursor(sheet, sight, (ring.timeS[cursor & ring.mask] ?? toS) - toS);
    return { rows: sight.endRow - sight.firstRow, latest, className, agree };
  }

  #drawGaps({ ctx, palette, ratio }: Sheet, ring: Ring, { plot, windowS, firstRow, endRow, columns, x }: Sight): void {
    const pixelS = windowS / plot.width;
    for (const gap of gapsBetween(ring, firstRow, endRow, pixelS, columns)) {
      const left = Math.max(plot.x, x(gap.fromS));
      const right = Math.min(plot.x + plot.width, Math.max(x(gap.toS), left + 2));
      ctx.fillStyle = this.#hatch(ctx, palette.edge, ratio) ?? palette.line;
      ctx.fillRect(left, plot.y, right - left, plot.height);
    }
  }

  #drawLanes(sheet: Sheet, signal: Signal, sight: Sight, shown: number, nowMs: number): Summary['latest'] {
    const { ctx, palette } = sheet;
    const { ring, channels } = signal;
    const { plot, fromS, toS, x } = sight;
    const stepS = sight.windowS / sight.columns;
    this.#columns.update(ring, stepS, fromS);
    const first = Math.ceil(fromS / stepS);
    const end = Math.floor(toS / stepS) + 1;
    const dense = sight.endRow - sight.firstRow > sight.columns * 2;
    // A hairline is the cheapest stroke without a GPU, and dense columns need no more.
    ctx.lineWidth = dense ? 1 : 1.25;
    ctx.lineJoin = 'bevel';
    const height = plot.height / Math.max(1, channels.length);
    return channels.map((channel, c) => {
      const box: Box = { ...plot, y: plot.y + c * height, height };
      const range = this.#range(c).update(...this.#columns.bounds(c, first, end), nowMs);
      const y = yScale(box, range);
      const colour = palette.channels[c % palette.channels.length] ?? palette.ink;
      drawLaneFrame(ctx, box, range, palette);
      ctx.strokeStyle = colour;
      const extremes = this.#columns.extremes[c];
      if (dense && extremes) {
        const { mask, breaks } = this.#columns;
        traceColumns(ctx, { extremes, first, end, mask, breaks, x: (k) => x((k + 0.5) * stepS) }, y);
      } else {
        // The row before the window lies left of the lane.
        ctx.save();
        ctx.beginPath();
        ctx.rect(box.x, box.y, box.width, box.height);
        ctx.clip();
        tracePoints(ctx, ring, c, { first: sight.firstRow, end: sight.endRow }, x, y);
        ctx.restore();
      }
      const value = ring.end === 0 ? Number.NaN : (ring.values[c]?.[shown & ring.mask] ?? Number.NaN);
      const span = range.high - range.low;
      drawLaneEnd(ctx, box, { ...channel, value, span, colour }, palette);
      return { ...channel, value, span };
    });
  }

  #range(channel: number): SteadyRange {
    return (this.#ranges[channel] ??= new SteadyRange());
  }

  #hatch(ctx: Context, colour: string, ratio: number): CanvasPattern | null {
    if (this.#pattern?.colour !== colour || this.#pattern.ratio !== ratio) {
      this.#pattern = { colour, ratio, pattern: hatch(ctx, colour, ratio) };
    }
    return this.#pattern.pattern;
  }
}

function sightOf(sheet: Sheet, { ring, classes }: Signal, windowS: number): Sight {
  const below = axisHeight + (classes.length > 0 ? bandHeight + sealHeight : 0);
  const plot: Box = {
    x: gutter.left,
    y: 0,
    width: Math.max(1, sheet.width - gutter.left - gutter.right),
    height: Math.max(1, sheet.height - below),
  };
  const toS = ring.end === 0 ? 0 : ring.newestS;
  const fromS = toS - windowS;
  return {
    plot,
    windowS,
    fromS,
    toS,
    firstRow: Math.max(ring.start, ring.rowAt(fromS) - 1),
    endRow: ring.end,
    columns: Math.ceil(plot.width),
    x: (timeS) => plot.x + ((timeS - fromS) / windowS) * plot.width,
  };
}

const bandBox = (plot: Box): Box => ({ ...plot, y: plot.height + 2, height: bandHeight - 4 });
const sealBox = (plot: Box): Box => ({ ...plot, y: plot.height + bandHeight, height: sealHeight - 2 });

function drawClasses({ ctx, palette, colourNames }: Sheet, { ring, classes }: Signal, sight: Sight): void {
  const { plot, firstRow, endRow, columns, x } = sight;
  const colours = classes.map((name, i) => {
    const place = colourNames.indexOf(name);
    return place === -1 ? i : place;
  });
  drawBand(ctx, bandBox(plot), runs(ring, ring.classes, firstRow, endRow, columns), classes, x, palette, colours);
  drawSealLine(ctx, sealBox(plot), runs(ring, ring.agree, firstRow, endRow, columns), x, palette);
}

function cursorRow(
  ring: Ring,
  { plot, fromS, windowS, firstRow, endRow }: Sight,
  cursorX: number | null,
): number | null {
  if (cursorX === null || cursorX < plot.x || cursorX > plot.x + plot.width || endRow === firstRow) return null;
  const row = ring.rowAt(fromS + ((cursorX - plot.x) / plot.width) * windowS);
  return Math.min(Math.max(row, firstRow), endRow - 1);
}

function drawCursor({ ctx, palette, height }: Sheet, { plot, toS, x }: Sight, relativeS: number): void {
  const at = x(toS + relativeS);
  ctx.fillStyle = palette.ink;
  ctx.fillRect(Math.round(at), 0, 1, height - axisHeight);
  const text = `${number(relativeS, 4)}${thin}s`;
  ctx.font = font(palette.values, 12);
  const width = ctx.measureText(text).width + 12;
  const left = Math.min(Math.max(plot.x, at - width / 2), plot.x + plot.width - width);
  ctx.fillRect(left, height - axisHeight + 4, width, axisHeight - 4);
  ctx.fillStyle = palette.raised;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillText(text, left + width / 2, height - axisHeight / 2 + 2);
}
