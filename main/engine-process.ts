// The engine's process as the main side sees it: requests with answers, the state it sends, data ports, a new start when it dies.
import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import type { Answer, EngineState, LogEntry, Request } from './contract';
import type { FromEngine, ToEngine } from './engine/messages';

export interface EngineOptions {
  /** The bundle. */
  file: string;
  project: string;
  /** Devices to connect at the start. */
  connect: string[];
}

type StateListener = (state: EngineState, changed: Partial<EngineState>) => void;

const EMPTY: EngineState = {
  project: { name: '', path: '' },
  devices: [],
  recordings: [],
  training: null,
  models: [],
  plan: null,
  deployments: [],
  log: [],
};

const MAX_REPORTS = 20;
const MAX_OPEN_REQUESTS = 256;
const RESTART_MS = 500;
/** More starts than this within a minute mean that it cannot live. */
const MAX_RESTARTS_PER_MINUTE = 3;

export class EngineProcess {
  state: EngineState | null = null;
  private child: UtilityProcess | null = null;
  private readonly open = new Map<number, (answer: Answer) => void>();
  private nextId = 1;
  private readonly starts: number[] = [];
  private stopping = false;
  /** What happened to the engine itself. */
  private reports: LogEntry[] = [];
  private readonly stateListeners = new Set<StateListener>();

  constructor(private readonly options: EngineOptions) {}

  start(): void {
    this.starts.push(Date.now());
    const child = utilityProcess.fork(this.options.file, [], { serviceName: 'Lepton engine', stdio: 'inherit' });
    this.child = child;
    child.on('message', (message: FromEngine) => this.onMessage(message));
    child.on('exit', (code) => this.onExit(code));
    this.post({ type: 'start', project: this.options.project, connect: this.options.connect });
  }

  request(request: Request): Promise<Answer> {
    if (this.child === null)
      return Promise.resolve(failure('engineGone', 'The engine is not running. Start the app again.'));
    if (this.open.size >= MAX_OPEN_REQUESTS) {
      return Promise.resolve(failure('overflow', 'Too many requests are waiting. Wait a moment, then try again.'));
    }
    const id = this.nextId++;
    return new Promise((resolve) => {
      this.open.set(id, resolve);
      this.post({ type: 'request', id, request });
    });
  }

  attachPort(port: MessagePortMain): void {
    if (this.child === null) port.close();
    else this.child.postMessage({ type: 'port' } satisfies ToEngine, [port]);
  }

  onState(listener: StateListener): void {
    this.stateListeners.add(listener);
  }

  /** Asks it to end, and ends it after the limit. */
  stop(limitMs: number): Promise<void> {
    this.stopping = true;
    const child = this.child;
    if (child === null) return Promise.resolve();
    return new Promise((resolve) => {
      const limit = setTimeout(() => child.kill(), limitMs);
      child.once('exit', () => {
        clearTimeout(limit);
        resolve();
      });
      this.post({ type: 'stop' });
    });
  }

  private post(message: ToEngine): void {
    this.child?.postMessage(message);
  }

  private onMessage(message: FromEngine): void {
    switch (message.type) {
      case 'state':
        this.change(message.changed);
        return;
      case 'answer': {
        const resolve = this.open.get(message.id);
        this.open.delete(message.id);
        resolve?.(message.answer);
        return;
      }
      default:
        message satisfies never;
    }
  }

  private onExit(code: number): void {
    this.child = null;
    for (const resolve of this.open.values())
      resolve(failure('engineGone', 'The engine stopped while it worked on this. Try again.'));
    this.open.clear();
    if (this.stopping) return;
    const recent = this.starts.filter((at) => at > Date.now() - 60_000).length;
    if (recent > MAX_RESTARTS_PER_MINUTE) {
      this.report(
        `The engine stopped ${recent} times within a minute (exit code ${code}) and is left stopped. Start the app again.`,
      );
      return;
    }
    this.report(
      `The engine stopped unexpectedly (exit code ${code}) and is started again; recordings are whole up to the last second.`,
    );
    setTimeout(() => this.start(), RESTART_MS);
  }

  private report(text: string): void {
    if (this.state === null) return;
    const entry: LogEntry = { timeMs: Date.now(), level: 'bad', text };
    this.reports = [...this.reports, entry].slice(-MAX_REPORTS);
    this.change({ log: [...this.state.log, entry] });
  }

  /** The engine's first message is whole; after it, parts. */
  private change(changed: Partial<EngineState>): void {
    // An engine that was started anew knows nothing of what happened before it.
    const log = changed.log && merged(this.reports, changed.log);
    const parts = log === undefined ? changed : { ...changed, log };
    this.state = { ...(this.state ?? EMPTY), ...parts };
    for (const listener of this.stateListeners) listener(this.state, parts);
  }
}

function failure(code: string, message: string): Answer {
  return { error: { code, message } };
}

/** Two logs in order of time, each entry once. */
function merged(reports: readonly LogEntry[], log: readonly LogEntry[]): LogEntry[] {
  return [...reports, ...log.filter((entry) => !reports.includes(entry))].sort((a, b) => a.timeMs - b.timeMs);
}
