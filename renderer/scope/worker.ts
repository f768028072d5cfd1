// The scope's worker: takes the data port, keeps a ring for each device, draws the chosen one on an OffscreenCanvas, one frame a batch.
import type { PortAcknowledgement, PortMessage } from '../../main/contract';
import type { FromWorker, Palette, ToWorker, Words } from './messages';
import { Picture, type Signal } from './picture';
import { Ring } from './ring';

/** Rows held for each device: a minute at 2,000 readings a second. */
const capacity = 131_072;
const deviceLimit = 16;

interface Held extends Signal {
  skipped: number;
}

const held = new Map<string, Held>();
const picture = new Picture();
let port: MessagePort | null = null;
let canvas: OffscreenCanvas | null = null;
let context: OffscreenCanvasRenderingContext2D | null = null;
let size = { width: 1, height: 1, ratio: 1 };
let style: { palette: Palette; words: Words; colourNames: string[] } | null = null;
let shown: { device: string | null; windowS: number; paused: boolean } = { device: null, windowS: 10, paused: false };
let frozen: Held | null = null;
let cursorX: number | null = null;
let asked = false;
let frames = 0;
let summarisedMs = 0;

self.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  switch (message.type) {
    case 'port':
      takePort(event.ports[0]);
      break;
    case 'canvas':
      canvas = message.canvas;
      context = canvas.getContext('2d');
      resize(message);
      break;
    case 'detach':
      canvas = null;
      context = null;
      break;
    case 'resize':
      resize(message);
      break;
    case 'show':
      show(message);
      break;
    case 'palette':
      style = { palette: message.palette, words: message.words, colourNames: message.colourNames };
      break;
    case 'cursor':
      cursorX = message.x;
      break;
    default:
      message satisfies never;
  }
  askForFrame();
};

function takePort(next: MessagePort | undefined): void {
  if (!next) return;
  port?.close();
  port = next;
  next.onmessage = (event: MessageEvent<PortMessage>) => takeData(next, event.data);
  // The engine ended: its port is closed for us. The page asks for another.
  next.addEventListener('close', () => {
    if (port === next) send({ type: 'portClosed' });
  });
  next.start();
}

function takeData(from: MessagePort, message: PortMessage): void {
  switch (message.type) {
    case 'channels': {
      const known = held.get(message.device);
      if (known && sameChannels(known, message.channels)) known.classes = message.classes;
      else {
        const oldest = held.keys().next();
        if (!known && held.size >= deviceLimit && !oldest.done) held.delete(oldest.value);
        held.set(message.device, {
          ring: new Ring(message.channels.length, capacity),
          channels: message.channels,
          classes: message.classes,
          skipped: 0,
        });
        if (message.device === shown.device) picture.forget();
      }
      break;
    }
    case 'columns': {
      const signal = held.get(message.device);
      if (signal) {
        signal.ring.push({ ...message, classes: message.classes });
        signal.skipped += message.skippedRows;
      }
      from.postMessage({ type: 'ack', device: message.device } satisfies PortAcknowledgement);
      break;
    }
    default:
      message satisfies never;
  }
  if (message.device === shown.device) askForFrame();
}

const sameChannels = (signal: Signal, channels: Signal['channels']): boolean =>
  signal.channels.length === channels.length &&
  signal.channels.every((c, i) => c.name === channels[i]?.name && c.unit === channels[i]?.unit);

function resize(to: { width: number; height: number; ratio: number }): void {
  size = { width: to.width, height: to.height, ratio: to.ratio };
  if (!canvas) return;
  canvas.width = Math.max(1, Math.round(to.width * to.ratio));
  canvas.height = Math.max(1, Math.round(to.height * to.ratio));
}

function show(next: typeof shown): void {
  if (next.device !== shown.device) picture.forget();
  const signal = next.device === null ? undefined : held.get(next.device);
  if (!next.paused) frozen = null;
  else if (signal && (!frozen || next.device !== shown.device)) frozen = { ...signal, ring: signal.ring.clone() };
  shown = { device: next.device, windowS: next.windowS, paused: next.paused };
}

function askForFrame(): void {
  if (asked || !context) return;
  asked = true;
  requestAnimationFrame(drawFrame);
}

function drawFrame(): void {
  asked = false;
  if (!context || !style) return;
  const signal = frozen ?? (shown.device === null ? undefined : held.get(shown.device));
  if (!signal || shown.device === null) {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, size.width * size.ratio, size.height * size.ratio);
    return;
  }
  const nowMs = performance.now();
  const drawn = picture.draw({ ctx: context, ...size, ...style }, signal, shown.windowS, cursorX, nowMs);
  frames++;
  const sinceMs = nowMs - summarisedMs;
  if (sinceMs < 1000) return;
  const framesPerSecond = (frames * 1000) / sinceMs;
  send({ type: 'summary', summary: { ...drawn, device: shown.device, framesPerSecond, skipped: signal.skipped } });
  frames = 0;
  summarisedMs = nowMs;
}

function send(message: FromWorker): void {
  self.postMessage(message);
}
