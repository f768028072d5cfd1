// A board that speaks PROTOCOL.md: what it is, its stream with credits and exact losses, the model on it.
import { BoardClock } from './clock';
import { DeviceFault } from './fault';
import { Link } from './link';
import { type Readings, ReadingsBuilder } from './readings';
import type { CloseReason, Transport } from './transport/transport';
import { crc32 } from './wire/crc';
import {
  type BoardCounters,
  type ChannelInfo,
  type Committed,
  Feature,
  type Hello,
  type Inferred,
  MAJOR,
  Type,
  decodeChannel,
  decodeCommitted,
  decodeCounters,
  decodeHello,
  decodeInferred,
  decodeModelData,
  decodeStarted,
  encodeChannel,
  encodeCredit,
  encodeHello,
  encodeInfer,
  encodeModelBegin,
  encodeModelCommit,
  encodeModelData,
  encodeModelRun,
  encodeStart,
} from './wire/messages';

export interface BoardHandlers {
  onReadings(readings: Readings): void;
  /** The board began to count anew: it was reset. Nothing more comes until start() is called again. */
  onRestart(): void;
  onClose(reason: CloseReason): void;
}

/** Readings lost since the stream started, exact at the moment of the board's counters. */
export interface StreamLosses {
  produced: number;
  received: number;
  device: { noCredit: number; txFull: number; missed: number };
  wire: number;
}

const HELLO_TRY_MS = 300;
const HELLO_TRIES = 12;
const PIECE_BYTES = 96;
/** Credit given ahead, in seconds of the stream. */
const CREDIT_S = 2;
/** Renewed when this share of it is spent: two notices in a row may be lost before the board has none. */
const CREDIT_RENEWAL = 0.25;

const empty = new Uint8Array(0);
const nothing = (body: Uint8Array): true | null => (body.length === 0 ? true : null);

export class Board {
  readonly link: Link;
  private hello: Hello | null = null;
  private channelInfos: ChannelInfo[] = [];
  private clock = new BoardClock();
  private builder = new ReadingsBuilder(1);
  private streaming = false;
  private creditAhead = 0;
  private creditLimit = 0;
  /** While true no new credit is given: the board drops and counts instead of the host's memory growing. */
  holdCredit = false;
  private startCounters: BoardCounters | null = null;
  private lastCounters: BoardCounters | null = null;
  private nextSequence = 0;
  private unwrapped = 0;
  private received = 0;
  /** Frames of the right type but a wrong length, repeated, or numbered beyond the credit. */
  unusable = 0;

  constructor(
    transport: Transport,
    private readonly handlers: BoardHandlers,
  ) {
    this.link = new Link(transport, {
      onUnasked: (type, tag, body, timeS) => this.onUnasked(type, tag, body, timeS),
      onChunkEnd: (timeS) => {
        if (!this.builder.empty) this.handlers.onReadings(this.builder.take(timeS));
      },
      onClose: (reason) => this.handlers.onClose(reason),
    });
  }

  get info(): Hello {
    if (this.hello === null) throw new Error('info before open()');
    return this.hello;
  }

  get channels(): readonly ChannelInfo[] {
    return this.channelInfos;
  }

  has(feature: keyof typeof Feature): boolean {
    return (this.info.features & Feature[feature]) !== 0;
  }

  /** Opens the line and learns what the board is. Closes it again when that fails. */
  async open(): Promise<void> {
    await this.link.open();
    try {
      const hello = await this.link.request(Type.hello, encodeHello(), decodeHello, {
        timeoutMs: HELLO_TRY_MS,
        tries: HELLO_TRIES,
      });
      if (hello.major !== MAJOR)
        throw this.mismatch(`protocol ${hello.major}.${hello.minor}, this program speaks ${MAJOR}`);
      this.hello = hello;
      this.link.windowBytes = hello.windowBytes;
      this.channelInfos = [];
      for (let i = 0; i < hello.channels; i++) {
        this.channelInfos.push(await this.link.request(Type.channel, encodeChannel(i), decodeChannel));
      }
      this.builder = new ReadingsBuilder(hello.channels);
    } catch (error) {
      await this.link.close();
      throw error;
    }
  }

  close(): Promise<void> {
    this.streaming = false;
    return this.link.close();
  }

  // ---------------------------------------------------------------------------------------------------------------- stream

  /** Starts or restarts the stream; losses count from here. Resolves with the rate the board keeps. */
  async start(rateHz: number): Promise<{ rateHz: number }> {
    this.creditAhead = Math.max(64, Math.ceil(rateHz * CREDIT_S));
    // From these counters on, not from the answer to START: that one may be lost while readings come, or a stream runs already.
    await this.link.request(Type.counters, empty, (body) => {
      const counters = decodeCounters(body);
      if (counters !== null) this.begin(counters);
      return counters;
    });
    const started = await this.link.request(
      Type.start,
      encodeStart(Math.round(rateHz), this.creditLimit),
      decodeStarted,
    );
    return { rateHz: 2e6 / started.periodHalfUs };
  }

  /** Stops the stream and says what was lost. */
  stop(): Promise<StreamLosses> {
    return this.link.request(Type.stop, empty, (body) => {
      const losses = this.onCounters(decodeCounters(body));
      if (losses !== null) this.streaming = false;
      return losses;
    });
  }

  /** What was lost so far. Of a stream that a reset ended: what is known of it, and then onRestart is called. */
  measureLosses(): Promise<StreamLosses> {
    return this.link.request(Type.counters, empty, (body) => {
      const wasStreaming = this.streaming;
      const losses = this.onCounters(decodeCounters(body));
      // Not before whoever asked has these losses: the new stream counts from nothing.
      if (wasStreaming && !this.streaming) setTimeout(() => this.handlers.onRestart(), 0);
      return losses;
    });
  }

  counters(): Promise<BoardCounters> {
    return this.link.request(Type.counters, empty, decodeCounters);
  }

  /** Within the answer's call: the board answers in the order of its frames, so all that it sent before has arrived or never will. */
  private onCounters(counters: BoardCounters | null): StreamLosses | null {
    if (counters === null) return null;
    const last = this.lastCounters ?? counters;
    // Before the first reading time alone tells a reset.
    const backwards = this.received === 0 && ((counters.timeUs - last.timeUs) | 0) < 0;
    const restarted = backwards || ((counters.produced - this.nextSequence) | 0) < 0;
    if (restarted && this.streaming) {
      this.streaming = false;
      this.lastCounters = { ...last, produced: this.nextSequence };
    } else if (!restarted) {
      this.lastCounters = counters;
    }
    return this.losses(this.lastCounters ?? counters);
  }

  private losses(counters: BoardCounters): StreamLosses {
    const from = this.startCounters ?? counters;
    const since = (name: 'produced' | 'noCredit' | 'txFull' | 'missed'): number => (counters[name] - from[name]) >>> 0;
    const device = { noCredit: since('noCredit'), txFull: since('txFull'), missed: since('missed') };
    const produced = since('produced');
    const { received } = this;
    return { produced, received, device, wire: produced - received - device.noCredit - device.txFull - device.missed };
  }

  private begin(counters: BoardCounters): void {
    this.startCounters = this.lastCounters = counters;
    this.nextSequence = this.unwrapped = counters.produced;
    this.creditLimit = (counters.produced + this.creditAhead) >>> 0;
    this.received = 0;
    this.clock = new BoardClock();
    this.streaming = true;
  }

  private onUnasked(type: number, tag: number, body: Uint8Array, timeS: number): void {
    if (type !== Type.reading || !this.streaming) return;
    const valuesEnd = 8 + 2 * this.info.channels;
    if (tag === 0 ? body.length !== valuesEnd : body.length < valuesEnd + 2) {
      this.unusable++;
      return;
    }
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    const sequence = view.getUint32(0, true);
    const missing = (sequence - this.nextSequence) | 0;
    // Beyond its credit no board sends: damage that the CRC let through must not move the count.
    if (missing < 0 || ((sequence - this.creditLimit) | 0) >= 0) {
      this.unusable++;
      return;
    }
    this.unwrapped += missing + 1;
    this.nextSequence = (sequence + 1) >>> 0;
    this.received++;
    const deviceS = this.clock.unwrap(view.getUint32(4, true));
    const hostS = this.clock.hostTimeS(deviceS, timeS);
    this.builder.add(this.unwrapped - 1, missing, deviceS, hostS, tag, view, tag === 0 ? -1 : valuesEnd);
    this.renewCredit(sequence);
  }

  private renewCredit(sequence: number): void {
    const left = (this.creditLimit - sequence) | 0;
    if (this.holdCredit || left > this.creditAhead * (1 - CREDIT_RENEWAL)) return;
    this.creditLimit = (sequence + this.creditAhead) >>> 0;
    this.link.notify(Type.credit, encodeCredit(this.creditLimit));
  }

  /** Gives credit again after `holdCredit`, or when the stream ran dry: from where the board was at the last counters. */
  grantCredit(): void {
    if (!this.streaming) return;
    const { nextSequence, lastCounters } = this;
    const produced = lastCounters?.produced ?? nextSequence;
    this.renewCredit(((produced - nextSequence) | 0) > 0 ? produced : nextSequence);
  }

  // ----------------------------------------------------------------------------------------------------------------- model

  /** Uploads a model image in checked pieces and commits it; it does not run yet. `progress` from 0 to 1. */
  async upload(
    image: Uint8Array,
    generation: number,
    progress: (share: number) => void = () => undefined,
  ): Promise<Committed> {
    const capacity = this.info.modelCapacityBytes;
    if (image.length > capacity) {
      throw new DeviceFault(
        'unsupported',
        this.link.transport.path,
        `a model of ${image.length} bytes; it holds ${capacity}`,
      );
    }
    await this.link.request(Type.modelBegin, encodeModelBegin(image.length, crc32(image)), nothing);
    for (let offset = 0; offset < image.length; offset += PIECE_BYTES) {
      const piece = image.subarray(offset, offset + PIECE_BYTES);
      const answer = await this.link.request(Type.modelData, encodeModelData(offset, piece), decodeModelData);
      if (answer.receivedBytes !== offset + piece.length)
        throw this.mismatch(`${answer.receivedBytes} bytes of the model arrived`);
      progress(answer.receivedBytes / image.length);
    }
    return this.link.request(Type.modelCommit, encodeModelCommit(generation), decodeCommitted);
  }

  /** Starts (true) or stops the committed model in the stream; resolves with the generation that runs, 0 for none. */
  run(on: boolean): Promise<number> {
    return this.link.request(Type.modelRun, encodeModelRun(on), (body) =>
      body.length === 1 ? (body[0] as number) : null,
    );
  }

  /** The committed model on these raw values, one for each channel. */
  infer(raw: Int16Array): Promise<Inferred> {
    return this.link.request(Type.infer, encodeInfer(raw), decodeInferred);
  }

  /** Resolves with the seconds from sending `bytes` (at most 100) to having them back. */
  async ping(bytes: Uint8Array): Promise<number> {
    const transport = this.link.transport;
    const startS = transport.nowS();
    await this.link.request(Type.ping, bytes, (body) =>
      body.length === bytes.length && body.every((b, i) => b === bytes[i]) ? true : null,
    );
    return transport.nowS() - startS;
  }

  private mismatch(detail: string): DeviceFault {
    return new DeviceFault('mismatch', this.link.transport.path, detail);
  }
}
