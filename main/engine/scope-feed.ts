// Readings to the page's scope: batches at most every 16 ms, two unacknowledged at most; a slow page is shown less, a recording never loses.
import type { Readings } from '../../device/readings';
import type { BoardChannel } from '../../model/input-map';
import type { ChannelView, PortMessage } from '../contract';
import type { Predictions } from './live-model';

/** The engine's end of a data port. */
export interface ScopePort {
  send(message: PortMessage): void;
  /** `listener` is called for each message of this device that the scope has taken. */
  onAcknowledged(device: string, listener: () => void): void;
}

const BATCH_MS = 16;
const MAX_UNACKNOWLEDGED = 2;
/** Rows kept for a page that is slow; older ones are left out and counted. */
const MAX_WAITING_ROWS = 20_000;

interface Part {
  readings: Readings;
  predictions: Predictions | null;
}

export class ScopeFeed {
  private port: ScopePort | null = null;
  private unacknowledged = 0;
  /** The scope before this one may not have taken what was sent last. */
  private interrupted = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private parts: Part[] = [];
  private waitingRows = 0;
  private skippedRows = 0;
  private announced = false;
  private channels: readonly BoardChannel[] = [];
  private classes: readonly string[] = [];

  constructor(private readonly device: string) {}

  attach(port: ScopePort): void {
    this.port = port;
    if (this.unacknowledged > 0) this.interrupted = true;
    this.unacknowledged = 0;
    this.announced = false;
    port.onAcknowledged(this.device, () => {
      if (this.port !== port) return;
      this.unacknowledged = Math.max(0, this.unacknowledged - 1);
      this.schedule();
    });
  }

  /** The stream was cut: what comes next is not to be joined to what came before. */
  interrupt(): void {
    this.interrupted = true;
  }

  /** What the columns mean from here on. */
  describe(channels: readonly BoardChannel[], classes: readonly string[]): void {
    this.flush();
    this.channels = channels;
    this.classes = classes;
    this.announced = false;
  }

  add(readings: Readings, predictions: Predictions | null): void {
    if (this.port === null) return;
    this.parts.push({ readings, predictions });
    this.waitingRows += readings.rows;
    while (this.waitingRows > MAX_WAITING_ROWS) {
      const dropped = this.parts.shift()?.readings.rows ?? 0;
      this.waitingRows -= dropped;
      this.skippedRows += dropped;
    }
    this.schedule();
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.port = null;
  }

  private schedule(): void {
    if (this.timer !== null || this.waitingRows === 0 || this.unacknowledged >= MAX_UNACKNOWLEDGED) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.flush();
    }, BATCH_MS);
  }

  private flush(): void {
    const port = this.port;
    if (port === null || this.waitingRows === 0 || this.unacknowledged >= MAX_UNACKNOWLEDGED) return;
    if (!this.announced) {
      const channels: ChannelView[] = this.channels.map(({ name, unit }) => ({ name, unit }));
      port.send({ type: 'channels', device: this.device, channels, classes: [...this.classes] });
      this.announced = true;
    }
    port.send(this.columns());
    this.unacknowledged++;
  }

  private columns(): PortMessage {
    const rows = this.waitingRows;
    const n = this.channels.length;
    const message = {
      type: 'columns' as const,
      device: this.device,
      timeS: new Float64Array(rows),
      gapBefore: new Uint8Array(rows),
      values: new Float32Array(rows * n),
      classes: new Int8Array(rows).fill(-1),
      agree: new Uint8Array(rows).fill(2),
      skippedRows: this.skippedRows,
    };
    if (this.interrupted || this.skippedRows > 0) message.gapBefore[0] = 1;
    this.interrupted = false;
    let at = 0;
    for (const { readings, predictions } of this.parts) {
      message.timeS.set(readings.timeS, at);
      for (let r = 0; r < readings.rows; r++) {
        if ((readings.missing[r] as number) > 0) message.gapBefore[at + r] = 1;
        for (let c = 0; c < n; c++) {
          const { unitPerCount, offset } = this.channels[c] as BoardChannel;
          message.values[c * rows + at + r] =
            (readings.raw[r * readings.channels + c] as number) * unitPerCount + offset;
        }
      }
      if (predictions !== null) {
        message.classes.set(predictions.classes, at);
        message.agree.set(predictions.agree, at);
      }
      at += readings.rows;
    }
    this.parts = [];
    this.waitingRows = 0;
    this.skippedRows = 0;
    return message;
  }
}
