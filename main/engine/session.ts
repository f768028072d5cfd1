// One device from plug-in to plug-out: connects, streams, counts, and connects again when it was lost.
import { Board, type StreamLosses } from '../../device/board';
import { DeviceFault } from '../../device/fault';
import type { Readings } from '../../device/readings';
import { EmulatorTransport } from '../../device/transport/emulator';
import type { CloseReason } from '../../device/transport/transport';
import type { Losses } from '../contract';
import type { BoardChannel } from '../../model/input-map';
import type { DeviceSource } from './devices';
import { RateMeter } from './rate';

export type SessionStatus = 'connecting' | 'streaming' | 'lost' | 'failed';

export interface SessionHandlers {
  onReadings(readings: Readings, session: DeviceSession): void;
  /** Status, counters or fault changed. */
  onChange(session: DeviceSession): void;
  /** The stream ended; a new one has other sequence numbers. */
  onStreamEnd?(session: DeviceSession): void;
  /** The board was reset and streams again; what was in its memory is gone. */
  onRestart?(session: DeviceSession): void;
}

export interface SessionOptions {
  rateHz?: number;
  /** Connect again after a loss. The command line does not. Default true. */
  reconnect?: boolean;
}

const RECONNECT_MS = 500;
const COUNT_MS = 1000;
const DEFAULT_RATE_HZ = 200;

export class DeviceSession {
  status: SessionStatus = 'connecting';
  fault: DeviceFault | null = null;
  board: Board | null = null;
  channels: BoardChannel[] = [];
  /** The rate the board keeps. */
  rateHz: number;
  readonly rate = new RateMeter();
  private transport: ReturnType<DeviceSource['connect']> | null = null;
  private emulator: EmulatorTransport | null = null;
  private current: StreamLosses = noLosses();
  private before = { received: 0, device: 0, wire: 0 };
  private receivedNow = 0;
  private plugged = true;
  private opening = false;
  private closed = false;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    readonly source: DeviceSource,
    private readonly handlers: SessionHandlers,
    private readonly options: SessionOptions = {},
  ) {
    this.rateHz = options.rateHz ?? DEFAULT_RATE_HZ;
  }

  get path(): string {
    return this.source.path;
  }

  /** Since the session began, over reconnections. */
  get received(): number {
    return this.before.received + this.receivedNow;
  }

  get losses(): Losses {
    const c = this.current;
    const device = this.before.device + c.device.noCredit + c.device.txFull + c.device.missed;
    const wire = this.before.wire + c.wire;
    return { total: device + wire, device, wire, host: 0 };
  }

  /** Losses of the present stream by the board's own causes. */
  get streamLosses(): StreamLosses {
    return this.current;
  }

  /** Seconds by which an emulated board fell behind the clock because the computer was busy; 0 for a real one. */
  get skippedS(): number {
    return this.emulator?.skippedS ?? 0;
  }

  get nowS(): number {
    return this.transport?.nowS() ?? performance.now() / 1000;
  }

  /** Opens the device and starts its stream. Rejects with a DeviceFault; the session may be opened again. */
  async open(): Promise<void> {
    if (!this.plugged) throw new DeviceFault('notFound', this.path, 'its plug is pulled');
    const transport = this.source.connect(this.emulator?.state);
    this.transport = transport;
    this.emulator = transport instanceof EmulatorTransport ? transport : null;
    const board = new Board(transport, {
      onReadings: (readings) => this.onReadings(readings),
      onRestart: () => void this.onRestart(board),
      onClose: (reason) => this.onClose(reason),
    });
    try {
      await board.open();
      if (this.closed) throw new DeviceFault('unplugged', this.path, 'closed');
      this.channels = this.source.calibrate(board.channels);
      this.board = board;
      await this.startStream(board);
    } catch (error) {
      this.board = null;
      await board.close();
      throw error;
    }
    this.fault = null;
    this.setStatus('streaming');
    this.schedule(COUNT_MS, () => this.count());
  }

  /** As open(), but keeps trying and reports by status instead of rejecting. One attempt at a time. */
  async keepOpen(): Promise<void> {
    if (this.closed || this.opening || this.board !== null) return;
    this.opening = true;
    try {
      await this.open();
    } catch (error) {
      this.onLost(asFault(error, this.path));
    } finally {
      this.opening = false;
    }
  }

  async setRate(rateHz: number): Promise<void> {
    const board = this.connectedBoard();
    if (rateHz < 1 || rateHz > board.info.maxRateHz) {
      throw new DeviceFault('unsupported', this.path, `${rateHz} readings/s; it does 1 to ${board.info.maxRateHz}`);
    }
    this.rateHz = rateHz;
    await this.stopStream(board);
    await this.startStream(board);
    this.handlers.onChange(this);
  }

  connectedBoard(): Board {
    if (this.board === null) throw new DeviceFault('unplugged', this.path);
    return this.board;
  }

  /** Ends the stream and the connection; the losses are exact afterwards. Never rejects. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelTimer();
    const board = this.board;
    if (board !== null) {
      await this.stopStream(board).catch(() => undefined);
      this.board = null;
      await board.close();
    } else {
      await this.transport?.close();
    }
  }

  // ---------------------------------------------------------------------------------------------- emulated boards only

  setScenarioState(state: string): void {
    if (this.emulator === null)
      throw new DeviceFault('unsupported', this.path, 'only an emulated board has states to choose');
    this.emulator.setState(state);
    this.handlers.onChange(this);
  }

  get scenarioState(): string {
    return this.emulator?.state ?? this.source.scenario?.states[0]?.id ?? '';
  }

  /** Takes an emulated board away as if its cable were pulled, until plugIn(). */
  pullPlug(): void {
    if (this.emulator === null)
      throw new DeviceFault('unsupported', this.path, 'only an emulated board can be pulled by a click');
    this.plugged = false;
    this.emulator.kill();
  }

  plugIn(): void {
    this.plugged = true;
    if (this.board === null && this.status !== 'connecting') void this.keepOpen();
  }

  // -------------------------------------------------------------------------------------------------------------- stream

  private async startStream(board: Board): Promise<void> {
    this.foldLosses();
    this.rate.reset();
    const { rateHz } = await board.start(Math.min(this.rateHz, board.info.maxRateHz));
    this.rateHz = Math.round(rateHz * 1000) / 1000;
  }

  private async stopStream(board: Board): Promise<void> {
    this.current = await board.stop();
    this.handlers.onStreamEnd?.(this);
  }

  private foldLosses(): void {
    const { device, wire } = this.losses;
    this.before = { received: this.received, device, wire };
    this.current = noLosses();
    this.receivedNow = 0;
  }

  private onReadings(readings: Readings): void {
    this.receivedNow += readings.rows;
    this.rate.add(readings.rows, readings.arrivalS);
    this.handlers.onReadings(readings, this);
  }

  /** Once a second: the board's counters. Silence here means that the board is gone although its port is not. */
  private async count(): Promise<void> {
    const board = this.board;
    if (board === null) return;
    try {
      this.current = await board.measureLosses();
      board.grantCredit();
      this.handlers.onChange(this);
      if (!this.closed && this.board === board) this.schedule(COUNT_MS, () => this.count());
    } catch {
      if (this.board === board) await board.close();
    }
  }

  /** The board was reset: its stream, and what was put on it, are gone. */
  private async onRestart(board: Board): Promise<void> {
    this.handlers.onStreamEnd?.(this);
    try {
      await this.startStream(board);
      this.handlers.onRestart?.(this);
    } catch (error) {
      this.onLost(asFault(error, this.path));
    }
  }

  private onClose(reason: CloseReason): void {
    if (this.board === null) return;
    this.board = null;
    this.handlers.onStreamEnd?.(this);
    this.onLost(new DeviceFault(reason.code === 'fault' ? 'fault' : 'unplugged', this.path, reason.message));
  }

  private onLost(fault: DeviceFault): void {
    this.fault = fault;
    if (this.closed) return;
    // Once streamed, a board is lost; one that never answered has failed. Both are tried again.
    this.setStatus(this.status === 'streaming' || this.status === 'lost' ? 'lost' : 'failed');
    if (this.options.reconnect !== false) this.schedule(RECONNECT_MS, () => this.keepOpen());
  }

  private setStatus(status: SessionStatus): void {
    this.status = status;
    this.handlers.onChange(this);
  }

  private schedule(ms: number, work: () => Promise<void>): void {
    this.cancelTimer();
    this.timer = setTimeout(() => void work(), ms);
  }

  private cancelTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

function noLosses(): StreamLosses {
  return { produced: 0, received: 0, device: { noCredit: 0, txFull: 0, missed: 0 }, wire: 0 };
}

function asFault(error: unknown, path: string): DeviceFault {
  return error instanceof DeviceFault
    ? error
    : new DeviceFault('fault', path, error instanceof Error ? error.message : String(error));
}
