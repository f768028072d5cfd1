// Draws the app's icon, a signal that ends in one point, as PNGs in scripts/assets/icons. Run again after a change: node scripts/icons.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateSync } from 'node:zlib';
import { root } from './place.mjs';

const sizes = [16, 32, 48, 64, 128, 256, 512];
const accent = [63, 75, 184];
const white = [255, 255, 255];

// Lengths are fractions of the icon's side.
const corner = 0.22;
const stroke = { from: 0.12, to: 0.68, halfWidth: 0.028 };
const point = { x: 0.72, y: 0.5, radius: 0.13 };
const signal = (x) =>
  0.5 -
  0.2 * Math.sin(((x - stroke.from) / 0.19) * Math.PI) * (1 - (x - stroke.from) / (stroke.to - stroke.from)) ** 0.6;
const trace = Array.from({ length: 121 }, (_, i) => {
  const x = stroke.from + ((stroke.to - stroke.from) * i) / 120;
  return [x, signal(x)];
});

/** Distances to the shapes' edges: negative inside. */
function toBackground(x, y) {
  const dx = Math.max(Math.abs(x - 0.5) - 0.5 + corner, 0);
  const dy = Math.max(Math.abs(y - 0.5) - 0.5 + corner, 0);
  return Math.hypot(dx, dy) - corner;
}

const toPoint = (x, y) => Math.hypot(x - point.x, y - point.y) - point.radius;

function toTrace(x, y) {
  let nearest = Infinity;
  for (let i = 1; i < trace.length; i++) {
    const [ax, ay] = trace[i - 1];
    const [bx, by] = trace[i];
    const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
    const t = Math.min(1, Math.max(0, along));
    nearest = Math.min(nearest, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)));
  }
  return nearest - stroke.halfWidth;
}

/** How much of a pixel at this distance (in pixels) from the edge is covered. */
const cover = (distance) => Math.min(1, Math.max(0, 0.5 - distance));

/** RGBA, four bytes per pixel, rows from the top. */
export function drawIcon(size) {
  const pixels = Buffer.alloc(size * size * 4);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = (column + 0.5) / size;
      const y = (row + 0.5) / size;
      const ink = cover(Math.min(toTrace(x, y), toPoint(x, y)) * size);
      const at = (row * size + column) * 4;
      for (let c = 0; c < 3; c++) pixels[at + c] = Math.round(accent[c] + (white[c] - accent[c]) * ink);
      pixels[at + 3] = Math.round(255 * cover(toBackground(x, y) * size));
    }
  }
  return pixels;
}

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** PNG (ISO/IEC 15948), 8-bit RGBA, no filter. */
export function encodePng(size, pixels) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Array.from({ length: size }, (_, row) =>
    Buffer.concat([Buffer.of(0), pixels.subarray(row * size * 4, (row + 1) * size * 4)]),
  );
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const data = deflateSync(Buffer.concat(rows), { level: 9 });
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = join(root, 'scripts', 'assets', 'icons');
  mkdirSync(folder, { recursive: true });
  for (const size of sizes) writeFileSync(join(folder, `${size}x${size}.png`), encodePng(size, drawIcon(size)));
}
