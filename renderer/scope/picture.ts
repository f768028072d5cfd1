// One frame of the live scope: lanes, gaps, class band, seal line, axis, cursor. Holds the buffers that every frame reuses.
import { axisHeight, drawTimeAxis } from './axis';
import { bandHeight, drawBand, drawBandEnd, drawSealEnd, drawSealLine, sealHeight } from './band';
import { font, hatch, type Context } from './ink';
import { drawLaneEnd, drawLaneFrame, gutter, traceExtremes, tracePoints, yScale, type Box } from './lanes';
import type { Palette, Summary, Words } from './messages';
import { columnEdges, extremes, gapsBetween, type Extremes } from './minmax';
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

/** More columns than any screen has. */
const columnLimit = 8192;

export class Picture {
  #edges = new Float64Array(columnLimit + 1);
  #columns: Extremes = { min: new Float32Array(columnLimit), max: new Float32Array(columnLimit) };
  #breaks = new Uint8Array(columnLimit);
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

    const below = axisHeight + (classes.length > 0 ? bandHeight + sealHeight : 0);
    const plot: Box = {
      x: gutter.left,
      y: 0,
      width: Math.max(1, sheet.width - gutter.left - gutter.right),
      height: Math.max(1, sheet.height - below),
    };
    const toS = ring.end === 0 ? 0 : ring.newestS;
    const fromS = toS - windowS;
    const x = (timeS: number): number => plot.x + ((timeS - fromS) / windowS) * plot.width;
    // One row before the window, so that the line enters from the edge.
    const first = Math.max(ring.start, ring.rowAt(fromS) - 1);
    const rows = { first, end: ring.end };
    const columns = Math.min(columnLimit, Math.ceil(plot.width));
    const cursor = this.#cursorRow(ring, rows, plot, cursorX, fromS, windowS);

    this.#gaps(sheet, ring, rows, plot, x, columns, windowS, fromS);
    const latest = this.#lanes(sheet, signal, rows, plot, x, columns, fromS, toS, cursor ?? ring.end - 1, nowMs);

    const shown = (cursor ?? ring.end - 1) & ring.mask;
    const classIndex = ring.end === 0 ? -1 : (ring.classes[shown] ?? -1);
    const agree = ring.end === 0 ? 2 : (ring.agree[shown] ?? 2);
    const className = classes[classIndex] ?? null;
    if (classes.length > 0) {
      const colours = classes.map((name, i) => colourOf(sheet.colourNames, name, i));
      const band: Box = { ...plot, y: plot.height + 2, height: bandHeight - 4 };
      const seal: Box = { ...plot, y: plot.height + bandHeight, height: sealHeight - 2 };
      drawBand(ctx, band, runs(ring, ring.classes, first, ring.end, columns), classes, x, palette, colours);
      drawBandEnd(ctx, band, className ?? words.noClass, palette);
      drawSealLine(ctx, seal, runs(ring, ring.agree, first, ring.end, columns), x, palette);
      drawSealEnd(ctx, seal, agree, words, palette);
    }
    drawTimeAxis(ctx, { ...plot, y: sheet.height - axisHeight, height: axisHeight }, -windowS, 0, words.now, palette);
    if (cursor !== null)
      this.#cursor(sheet, plot, x(ring.timeS[cursor & ring.mask] ?? 0), (ring.timeS[cursor & ring.mask] ?? 0) - toS);
    return { rows: rows.end - rows.first, latest, className, agree };
  }

  #gaps(
    sheet: Sheet,
    ring: Ring,
    rows: { first: number; end: number },
    plot: Box,
    x: (timeS: number) => number,
    columns: number,
    windowS: number,
    fromS: number,
  ): void {
    const { ctx, palette } = sheet;
    this.#breaks.fill(0, 0, columns);
    const perPixelS = windowS / plot.width;
    for (const gap of gapsBetween(ring, rows.first, rows.end, perPixelS, columns)) {
      const left = Math.max(plot.x, x(gap.fromS));
      const right = Math.min(plot.x + plot.width, Math.max(x(gap.toS), left + 2));
      ctx.fillStyle = this.#hatch(ctx, palette.edge, sheet.ratio) ?? palette.line;
      ctx.fillRect(left, plot.y, right - left, plot.height);
      const column = Math.floor((gap.toS - fromS) / (windowS / columns));
      if (column >= 0 && column < columns) this.#breaks[column] = 1;
    }
  }

  #lanes(
    sheet: Sheet,
    signal: Signal,
    rows: { first: number; end: number },
    plot: Box,
    x: (timeS: number) => number,
    columns: number,
    fromS: number,
    toS: number,
    labelRow: number,
    nowMs: number,
  ): Summary['latest'] {
    const { ctx, palette } = sheet;
    const { ring, channels } = signal;
    const laneHeight = plot.height / Math.max(1, channels.length);
    const dense = rows.end - rows.first > columns * 2;
    columnEdges(ring, fromS, toS, columns, this.#edges);
    // The newest row lies on the right edge and belongs to the last column.
    this.#edges[columns] = rows.end;
    // A hairline is the cheapest stroke without a GPU, and dense columns need no more.
    ctx.lineWidth = dense ? 1 : 1.25;
    ctx.lineJoin = 'bevel';
    return channels.map((channel, c) => {
      const box: Box = { x: plot.x, y: plot.y + c * laneHeight, width: plot.width, height: laneHeight };
      extremes(ring, c, this.#edges, columns, this.#columns);
      const range = this.#range(c).update(...bounds(this.#columns, columns), nowMs);
      drawLaneFrame(ctx, box, range, palette);
      const colour = palette.channels[c % palette.channels.length] ?? palette.ink;
      ctx.strokeStyle = colour;
      const y = yScale(box, range);
      if (dense) {
        traceExtremes(ctx, this.#columns, columns, this.#breaks, box.x, box.width / columns, y);
      } else {
        // The row before the window lies left of the lane.
        ctx.save();
        ctx.beginPath();
        ctx.rect(box.x, box.y, box.width, box.height);
        ctx.clip();
        tracePoints(ctx, ring, c, rows, x, y);
        ctx.restore();
      }
      const value = ring.end === 0 ? Number.NaN : (ring.values[c]?.[labelRow & ring.mask] ?? Number.NaN);
      const span = range.high - range.low;
      drawLaneEnd(ctx, box, { ...channel, value, span, colour }, palette);
      return { ...channel, value, span };
    });
  }

  #cursorRow(
    ring: Ring,
    rows: { first: number; end: number },
    plot: Box,
    cursorX: number | null,
    fromS: number,
    windowS: number,
  ): number | null {
    if (cursorX === null || cursorX < plot.x || cursorX > plot.x + plot.width || rows.end === rows.first) return null;
    const row = ring.rowAt(fromS + ((cursorX - plot.x) / plot.width) * windowS);
    return Math.min(Math.max(row, rows.first), rows.end - 1);
  }

  #cursor(sheet: Sheet, plot: Box, x: number, secondsAgo: number): void {
    const { ctx, palette } = sheet;
    ctx.fillStyle = palette.ink;
    ctx.fillRect(Math.round(x), 0, 1, sheet.height - axisHeight);
    const text = `${number(secondsAgo, 4)}${thin}s`;
    ctx.font = font(palette.values, 12);
    const width = ctx.measureText(text).width + 12;
    const left = Math.min(Math.max(plot.x, x - width / 2), plot.x + plot.width - width);
    ctx.fillRect(left, sheet.height - axisHeight + 4, width, axisHeight - 4);
    ctx.fillStyle = palette.raised;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillText(text, left + width / 2, sheet.height - axisHeight / 2 + 2);
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

/** Names that nobody ordered take the number they have in their model. */
const colourOf = (names: readonly string[], name: string, otherwise: number): number => {
  const place = names.indexOf(name);
  return place === -1 ? otherwise : place;
};

function bounds(columns: Extremes, count: number): [least: number, greatest: number] {
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = 0; i < count; i++) {
    // NaN compares false and is passed over.
    if ((columns.min[i] as number) < least) least = columns.min[i] as number;
    if ((columns.max[i] as number) > greatest) greatest = columns.max[i] as number;
  }
  return [least, greatest];
}
