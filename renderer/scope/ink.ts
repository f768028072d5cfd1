// Small helpers for text and patterns on a canvas, in the page and in the worker.

export type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

export const font = (family: string, px: number, weight = 400): string => `${weight} ${px}px ${family}`;

const fitted = new Map<string, string>();
const fittedLimit = 500;

/** The text, or its beginning with an ellipsis where it is wider than `width` pixels in the context's font. */
export function fitText(ctx: Context, text: string, width: number): string {
  const key = `${ctx.font}|${Math.round(width)}|${text}`;
  const known = fitted.get(key);
  if (known !== undefined) return known;
  let result = text;
  for (let length = text.length; length > 0 && ctx.measureText(result).width > width; length--) {
    result = `${text.slice(0, length - 1).trimEnd()}…`;
  }
  if (fitted.size >= fittedLimit) fitted.clear();
  fitted.set(key, result);
  return result;
}

/** Diagonal lines: where readings are missing. */
export function hatch(ctx: Context, colour: string, ratio: number): CanvasPattern | null {
  const size = 8;
  const tile = new OffscreenCanvas(size * ratio, size * ratio);
  const t = tile.getContext('2d');
  if (!t) return null;
  t.scale(ratio, ratio);
  t.strokeStyle = colour;
  t.lineWidth = 1;
  t.beginPath();
  for (const shift of [-size, 0, size]) {
    t.moveTo(shift, size);
    t.lineTo(shift + size, 0);
  }
  t.stroke();
  const pattern = ctx.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix([1 / ratio, 0, 0, 1 / ratio, 0, 0]));
  return pattern;
}

/** The seal's mark, `size` pixels wide around x, y: a ring with an equals sign, or a diamond with a struck one. */
export function drawSeal(ctx: Context, x: number, y: number, size: number, equal: boolean, colour: string): void {
  const r = size / 2;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  if (equal) ctx.arc(x, y, r, 0, 2 * Math.PI);
  else {
    ctx.moveTo(x, y - r * 1.2);
    ctx.lineTo(x + r * 1.2, y);
    ctx.lineTo(x, y + r * 1.2);
    ctx.lineTo(x - r * 1.2, y);
    ctx.closePath();
  }
  for (const dy of [-r * 0.25, r * 0.25]) {
    ctx.moveTo(x - r * 0.45, y + dy);
    ctx.lineTo(x + r * 0.45, y + dy);
  }
  if (!equal) {
    ctx.moveTo(x - r * 0.35, y + r * 0.55);
    ctx.lineTo(x + r * 0.35, y - r * 0.55);
  }
  ctx.stroke();
}
