// The engine as the app runs it, in this process: its state put together from what it sends, and a scope at its data port.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type {
  AnswerValue,
  DeploymentView,
  DeviceView,
  EngineState,
  PortMessage,
  Request,
} from '../../../main/contract';
import { Engine } from '../../../main/engine/engine';
import type { ScopePort } from '../../../main/engine/scope-feed';

export type Columns = Extract<PortMessage, { type: 'columns' }>;

/** Takes what it is sent; acknowledges at once, or not at all while `stalled`. */
export class Scope implements ScopePort {
  readonly columns: Columns[] = [];
  readonly announced: Extract<PortMessage, { type: 'channels' }>[] = [];
  private readonly listeners = new Map<string, () => void>();
  private owed: string[] = [];

  constructor(private stalled = false) {}

  send(message: PortMessage): void {
    if (message.type === 'channels') {
      this.announced.push(message);
      return;
    }
    this.columns.push(message);
    if (this.stalled) this.owed.push(message.device);
    else setImmediate(() => this.listeners.get(message.device)?.());
  }

  onAcknowledged(device: string, listener: () => void): void {
    this.listeners.set(device, listener);
  }

  resume(): void {
    this.stalled = false;
    for (const device of this.owed.splice(0)) this.listeners.get(device)?.();
  }

  rows(device: string): number {
    return this.columns.reduce((sum, c) => sum + (c.device === device ? c.timeS.length : 0), 0);
  }
}

export class App {
  readonly project: string;
  state: Partial<EngineState> = {};
  readonly engine: Engine;
  private nowMs = 0;

  private constructor(project: string | undefined, connect: readonly string[]) {
    this.project = project ?? join(mkdtempSync(join(tmpdir(), 'engine-')), 'project');
    this.engine = new Engine({
      project: this.project,
      connect,
      clockMs: () => this.nowMs++,
      onState: (changed) => (this.state = { ...this.state, ...changed }),
    });
  }

  static async start(connect: readonly string[] = ['demo'], project?: string): Promise<App> {
    const app = new App(project, connect);
    await app.engine.start();
    return app;
  }

  async ok<R extends Request>(request: R): Promise<AnswerValue<R['type']>> {
    const answer = await this.engine.answer(request);
    if ('error' in answer) throw new Error(`${request.type}: ${answer.error.message}`);
    return answer.ok as AnswerValue<R['type']>;
  }

  async refused(request: Request): Promise<{ code: string; message: string }> {
    const answer = await this.engine.answer(request);
    if ('ok' in answer) throw new Error(`${request.type} was not refused`);
    return answer.error;
  }

  device(id = 'demo'): DeviceView | undefined {
    return this.state.devices?.find((device) => device.id === id);
  }

  deployment(): DeploymentView | undefined {
    return this.state.deployments?.[0];
  }

  get log(): string[] {
    return this.state.log?.map(({ text }) => text) ?? [];
  }

  /** Waits until the state shows it. */
  async shows<T>(what: () => T, expected: T, timeoutMs = 10_000): Promise<void> {
    await expect.poll(what, { timeout: timeoutMs, interval: 20 }).toEqual(expected);
  }

  async received(rows: number): Promise<void> {
    const from = this.device()?.received ?? 0;
    await this.shows(() => (this.device()?.received ?? 0) >= from + rows, true);
  }

  async record(label: string, state: string, rows = 150): Promise<void> {
    await this.ok({ type: 'setScenarioState', device: 'demo', state });
    // The machine needs a moment to show it.
    await this.received(100);
    await this.ok({ type: 'startRecording', device: 'demo', label });
    await this.shows(() => (this.device()?.recording?.rows ?? 0) >= rows, true);
    await this.ok({ type: 'stopRecording', device: 'demo' });
  }

  removeProject(): void {
    rmSync(this.project, { recursive: true, force: true });
  }
}
