// A recorded signal on a canvas: the scope's lanes over the whole recording, its label as a band, gaps hatched.
import type { RecordingSignal } from '../../main/contract';
import { axisHeight, drawTimeAxis } from './axis';
import { bandHeight, drawBand } from './band';
import { hatch } from './ink';
import { drawLaneEnd, drawLaneFrame, gutter, traceColumns, yScale, type Box, type ColumnTrace } from './lanes';
import type { Sheet } from './picture';
import { roundRange } from './range';

export const plotWidth = (width: number): number => Math.max(0, width - gutter.left - gutter.right);

export function drawRecording(
  sheet: Omit<Sheet, 'words' | 'colourNames'>,
  signal: RecordingSignal,
  label: { name: string; index: number },
): void {
  const { ctx, palette } = sheet;
  const columns = signal.timeS.length;
  const plot: Box = {
    x: gutter.left,
    y: 0,
    width: Math.max(1, plotWidth(sheet.width)),
    height: Math.max(1, sheet.height - axisHeight - bandHeight),
  };
  ctx.setTransform(sheet.ratio, 0, 0, sheet.ratio, 0, 0);
  ctx.clearRect(0, 0, sheet.width, sheet.height);
  if (columns < 2) return;
  const firstS = signal.timeS[0] ?? 0;
  const columnS = ((signal.timeS[columns - 1] ?? 0) - firstS) / (columns - 1);
  // A first column that holds the start is drawn from the start; the last column has a width too.
  const fromS = firstS < columnS ? 0 : firstS;
  const toS = fromS + columns * columnS;
  const step = plot.width / columns;
  const x = (timeS: number): number => plot.x + ((timeS - fromS) / (toS - fromS)) * plot.width;

  ctx.fillStyle = hatch(ctx, palette.edge, sheet.ratio) ?? palette.line;
  for (const { first, end } of emptyColumns(signal.min[0] ?? new Float32Array())) {
    ctx.fillRect(plot.x + first * step, plot.y, Math.max(2, (end - first) * step), plot.height);
  }
  const laneHeight = plot.height / Math.max(1, signal.channels.length);
  ctx.lineWidth = 1;
  ctx.lineJoin = 'bevel';
  signal.channels.forEach((channel, c) => {
    const min = signal.min[c];
    const max = signal.max[c];
    if (!min || !max) return;
    const box: Box = { x: plot.x, y: c * laneHeight, width: plot.width, height: laneHeight };
    const range = roundRange(...bounds(min, max));
    drawLaneFrame(ctx, box, range, palette);
    const colour = palette.channels[c % palette.channels.length] ?? palette.ink;
    ctx.strokeStyle = colour;
    const trace: ColumnTrace = {
      extremes: { min, max },
      first: 0,
      end: columns,
      mask: -1,
      x: (column) => plot.x + (column + 0.5) * step,
      breaks: null,
    };
    traceColumns(ctx, trace, yScale(box, range));
    drawLaneEnd(ctx, box, { ...channel, value: null, span: range.high - range.low, colour }, palette);
  });
  const band: Box = { ...plot, y: plot.height + 2, height: bandHeight - 4 };
  drawBand(ctx, band, [{ value: 0, fromS, toS }], [label.name], x, palette, [label.index]);
  drawTimeAxis(ctx, { ...plot, y: sheet.height - axisHeight, height: axisHeight }, fromS, toS, null, palette);
}

/** Stretches of columns without a reading. */
export function emptyColumns(min: Float32Array): { first: number; end: number }[] {
  const found: { first: number; end: number }[] = [];
  for (let i = 0; i < min.length; i++) {
    if (!Number.isNaN(min[i])) continue;
    const last = found[found.length - 1];
    if (last?.end === i) last.end = i + 1;
    else found.push({ first: i, end: i + 1 });
  }
  return found;
}

function bounds(min: Float32Array, max: Float32Array): [least: number, greatest: number] {
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of min) if (value < least) least = value;
  for (const value of max) if (value > greatest) greatest = value;
  return least <= greatest ? [least, greatest] : [0, 1];
}
