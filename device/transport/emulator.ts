// The emulated board as a transport: a worker thread that runs the real firmware image (device/emulator/worker.ts).
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { EmulatorSettings, FromEmulator, Progress, ToEmulator } from '../emulator/messages';
import { scenario, type Scenario, type ScenarioState } from '../emulator/scenarios/scenario';
import { DeviceFault } from '../fault';
import type { Transport, TransportHandlers } from './transport';

const MAX_QUEUED_BYTES = 64 * 1024;
const OPEN_LIMIT_MS = 10_000;
/** The worker gets that long for an orderly end, then the system for ending it. */
const STOP_LIMIT_MS = 400;

export interface EmulatorOptions {
  /** The built worker, `emulator.cjs`. */
  workerFile: string;
  /** One of `scenarioNames`. */
  scenario: string;
  seed: number;
  /** `free`: as fast as the receiver takes the bytes, on virtual time. */
  pace: 'real' | 'free';
  /** The firmware, as the text of an Intel HEX file. */
  imageHex: string;
  /** Default: the scenario's first. */
  state?: string;
  /** What people call it; default `emulator:SCENARIO`. */
  path?: string;
}

export class EmulatorTransport implements Transport {
  readonly path: string;
  readonly lineBytesPerSecond = 11520;
  private readonly wired: Scenario;
  private worker: Worker | null = null;
  private ended: Promise<void> = Promise.resolve();
  private killed = false;
  private sentBytes = 0;
  private baseS = 0;
  private stateId: string;
  private changedAtS = 0;
  private progress: Progress = { timeS: 0, enteredBytes: 0, skippedS: 0, droppedBytes: 0 };

  /** Throws DeviceFault `notFound` for an unknown scenario. */
  constructor(private readonly options: EmulatorOptions) {
    this.path = options.path ?? `emulator:${options.scenario}`;
    this.wired = scenario(options.scenario);
    this.stateId = this.checked(options.state ?? this.wired.states[0]?.id ?? '');
  }

  get states(): readonly ScenarioState[] {
    return this.wired.states;
  }

  /** What the simulated machine does, or is about to do. */
  get state(): string {
    return this.stateId;
  }

  /** On this transport's clock; Infinity while a change is on its way to the board. */
  get stateChangedAtS(): number {
    return this.changedAtS;
  }

  /** Wall-clock time the emulation could not keep up with, so far. */
  get skippedS(): number {
    return this.progress.skippedS;
  }

  /** Sent by the board while this thread took nothing, and gone. */
  get droppedBytes(): number {
    return this.progress.droppedBytes;
  }

  async open(handlers: TransportHandlers): Promise<void> {
    const { scenario: name, seed, pace, imageHex, workerFile } = this.options;
    const settings: EmulatorSettings = { scenario: name, seed, pace, imageHex, state: this.stateId };
    this.baseS = this.changedAtS = performance.now() / 1000;
    this.sentBytes = 0;
    this.killed = false;
    const worker = new Worker(workerFile, { workerData: settings });
    this.worker = worker;
    let failure = '';
    worker.on('error', (error) => (failure = error.message));
    this.ended = new Promise((resolve) => worker.once('exit', () => resolve()));
    const ready = new Promise<void>((resolve) =>
      worker.on('message', (message: FromEmulator) => {
        if (message.type === 'ready') resolve();
        else this.receive(message, handlers);
      }),
    );
    const limit = new AbortController();
    const problem = await Promise.race([
      ready,
      this.ended.then(() => failure),
      setTimeout(OPEN_LIMIT_MS, 'the emulator does not start', { signal: limit.signal }).catch(() => undefined),
    ]);
    limit.abort();
    if (problem !== undefined) {
      this.worker = null;
      void worker.terminate();
      throw new DeviceFault('fault', this.path, problem);
    }
    void this.ended.then(() => this.onEnd(handlers, failure));
  }

  write(bytes: Uint8Array): void {
    if (this.worker === null) return;
    if (this.sentBytes - this.progress.enteredBytes + bytes.length > MAX_QUEUED_BYTES)
      throw new DeviceFault('overflow', this.path, 'bytes to send');
    this.sentBytes += bytes.length;
    this.post({ type: 'bytes', bytes });
  }

  nowS(): number {
    return this.hostTime(this.progress.timeS);
  }

  /** Lets the simulated machine change. Throws DeviceFault `unsupported` for an unknown state. */
  setState(id: string): void {
    this.stateId = this.checked(id);
    this.changedAtS = Infinity;
    this.post({ type: 'state', id });
  }

  /** Presses the board's reset button. */
  reset(): void {
    this.post({ type: 'reset' });
  }

  /** Pulls the plug: nothing more arrives, and the receiver hears `unplugged`. */
  kill(): void {
    const { worker } = this;
    this.killed = worker !== null;
    this.worker = null;
    void worker?.terminate();
  }

  async close(): Promise<void> {
    const { worker } = this;
    if (worker !== null) {
      this.post({ type: 'stop' });
      this.worker = null;
      await Promise.race([this.ended, setTimeout(STOP_LIMIT_MS, undefined, { ref: false })]);
      void worker.terminate();
    }
    await Promise.race([this.ended, setTimeout(STOP_LIMIT_MS, undefined, { ref: false })]);
  }

  private receive(message: Exclude<FromEmulator, { type: 'ready' }>, handlers: TransportHandlers): void {
    if (this.worker === null) return;
    switch (message.type) {
      case 'output':
        this.progress = message.progress;
        for (const { bytes, endS } of message.pieces) handlers.onChunk(bytes, this.hostTime(endS));
        // A free-running board waits for this. Whoever was woken by the chunks may write first.
        if (this.options.pace === 'free') setImmediate(() => this.post({ type: 'acknowledge' }));
        else this.post({ type: 'acknowledge' });
        return;
      case 'state':
        if (message.id === this.stateId) this.changedAtS = this.hostTime(message.atS);
        return;
      default:
        return message satisfies never;
    }
  }

  private onEnd(handlers: TransportHandlers, failure: string): void {
    const byUs = this.worker === null && !this.killed;
    this.worker = null;
    if (this.killed) handlers.onClose({ code: 'unplugged', message: 'the emulated board was pulled' });
    else handlers.onClose(byUs ? { code: 'closed', message: 'closed' } : { code: 'fault', message: failure });
  }

  private hostTime(virtualS: number): number {
    return this.options.pace === 'free' ? this.baseS + virtualS : performance.now() / 1000;
  }

  private checked(id: string): string {
    if (this.states.some((s) => s.id === id)) return id;
    throw new DeviceFault('unsupported', this.path, `states: ${this.states.map((s) => s.id).join(', ')}`);
  }

  private post(message: ToEmulator): void {
    this.worker?.postMessage(message);
  }
}
