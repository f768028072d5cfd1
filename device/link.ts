// Requests and answers over a transport (PROTOCOL.md 2): tags, the window of unanswered bytes, repetition, limits.
import { DeviceFault } from './fault';
import type { CloseReason, Transport } from './transport/transport';
import { Framer, encodeFrame } from './wire/framer';
import { Type, answerTo, decodeError, errorNames } from './wire/messages';

export interface RequestOptions {
  /** How long one try waits. Default 500. */
  timeoutMs?: number;
  /** Default 3. */
  tries?: number;
}

interface Pending {
  type: number;
  tag: number;
  wire: Uint8Array;
  triesLeft: number;
  timeoutMs: number;
  timer: ReturnType<typeof setTimeout> | null;
  answer(body: Uint8Array): void;
  fail(fault: DeviceFault): void;
}

export interface LinkHandlers {
  /** A frame nobody asked for; the body holds during the call only. */
  onUnasked(type: number, tag: number, body: Uint8Array, timeS: number): void;
  /** After the last frame of a chunk. */
  onChunkEnd(timeS: number): void;
  onClose(reason: CloseReason): void;
}

const MAX_WAITING = 64;
/** Until hello has told the board's own. */
const FIRST_WINDOW_BYTES = 64;

export class Link {
  windowBytes = FIRST_WINDOW_BYTES;
  /** Frames that fit nothing: an answer after its time, an unknown type. */
  strays = 0;
  /** Requests sent again because no answer came. */
  repeats = 0;
  readonly framer: Framer;
  private readonly waiting: Pending[] = [];
  private readonly sent = new Map<number, Pending>();
  private sentBytes = 0;
  private lastTag = 0;
  private closed: CloseReason | null = null;
  private chunkTimeS = 0;

  constructor(
    readonly transport: Transport,
    private readonly handlers: LinkHandlers,
  ) {
    this.framer = new Framer((type, tag, body) => this.onFrame(type, tag, body));
  }

  open(): Promise<void> {
    return this.transport.open({
      onChunk: (bytes, timeS) => {
        this.chunkTimeS = timeS;
        this.framer.push(bytes);
        this.handlers.onChunkEnd(timeS);
      },
      onClose: (reason) => {
        this.closed = reason;
        this.failAll('unplugged', reason.message);
        this.handlers.onClose(reason);
      },
    });
  }

  async close(): Promise<void> {
    this.closed ??= { code: 'closed', message: 'closed' };
    this.failAll('unplugged', 'closed');
    await this.transport.close();
  }

  /**
   * Asks and resolves with what `decode` makes of the answer. Rejects with a DeviceFault: `noAnswer` after the last try, `refused` by the board,
   * `mismatch` for an answer that `decode` does not understand (null), `overflow` when 64 requests wait already, `unplugged`.
   */
  request<T>(
    type: number,
    body: Uint8Array,
    decode: (body: Uint8Array) => T | null,
    options: RequestOptions = {},
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.closed !== null) return reject(this.fault('unplugged', this.closed.message));
      if (this.waiting.length >= MAX_WAITING) return reject(this.fault('overflow', 'requests'));
      const tag = this.nextTag();
      this.waiting.push({
        type,
        tag,
        wire: encodeFrame(type, tag, body),
        triesLeft: options.tries ?? 3,
        timeoutMs: options.timeoutMs ?? 500,
        timer: null,
        answer: (answer) => {
          const value = decode(answer);
          if (value === null)
            reject(this.fault('mismatch', `answer to 0x${type.toString(16)} of ${answer.length} bytes`));
          else resolve(value);
        },
        fail: reject,
      });
      this.pump();
    });
  }

  /** Sends what needs no answer. */
  notify(type: number, body: Uint8Array): void {
    if (this.closed === null) this.transport.write(encodeFrame(type, 0, body));
  }

  private pump(): void {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      if (this.sent.size > 0 && this.sentBytes + next.wire.length > this.windowBytes) return;
      this.waiting.shift();
      this.sent.set(next.tag, next);
      this.sentBytes += next.wire.length;
      this.send(next);
    }
  }

  private send(pending: Pending): void {
    pending.triesLeft--;
    pending.timer = setTimeout(() => this.onTimeout(pending), pending.timeoutMs);
    try {
      this.transport.write(pending.wire);
    } catch (error) {
      this.settle(pending);
      pending.fail(error instanceof DeviceFault ? error : this.fault('fault', String(error)));
    }
  }

  private onTimeout(pending: Pending): void {
    if (pending.triesLeft > 0) {
      this.repeats++;
      this.send(pending);
      return;
    }
    this.settle(pending);
    pending.fail(this.fault('noAnswer', `request 0x${pending.type.toString(16)}`));
    this.pump();
  }

  private settle(pending: Pending): void {
    if (pending.timer !== null) clearTimeout(pending.timer);
    if (this.sent.delete(pending.tag)) this.sentBytes -= pending.wire.length;
  }

  private onFrame(type: number, tag: number, body: Uint8Array): void {
    if (type >= 0x40 && type < 0x80) {
      this.handlers.onUnasked(type, tag, body, this.chunkTimeS);
      return;
    }
    const pending = this.sent.get(tag);
    const error = type === Type.error ? decodeError(body) : null;
    if (pending === undefined || (error === null ? type !== answerTo(pending.type) : error.request !== pending.type)) {
      this.strays++;
      return;
    }
    this.settle(pending);
    if (error === null) pending.answer(body);
    else pending.fail(this.fault('refused', errorNames[error.code] ?? `error ${error.code}`));
    this.pump();
  }

  private failAll(code: 'unplugged', detail: string): void {
    const all = [...this.sent.values(), ...this.waiting.splice(0)];
    for (const pending of all) {
      this.settle(pending);
      pending.fail(this.fault(code, detail));
    }
  }

  private nextTag(): number {
    do {
      this.lastTag = (this.lastTag % 255) + 1;
    } while (this.sent.has(this.lastTag));
    return this.lastTag;
  }

  private fault(code: DeviceFault['code'], detail: string): DeviceFault {
    return new DeviceFault(code, this.transport.path, detail);
  }
}
