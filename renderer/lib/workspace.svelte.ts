// The one state of the window: what the engine says, what the person looks at, and the requests that views send.
import { createContext } from 'svelte';
import type {
  Answer,
  DeploymentView,
  DeviceView,
  EngineState,
  Failure,
  LeptonBridge,
  LogEntry,
  ModelView,
  Request,
} from '../../main/contract';
import { m } from '../paraglide/messages.js';
import { ScopeLink } from '../scope/link.svelte';
import { TrainForm } from './train-form.svelte';
import { classColour } from './palette';
import { namesInOrder } from './recordings';
import { viewOf, type ViewName } from './views';
import { worksOf } from './works';

/** Messages of the page itself; the engine keeps its own log. */
const noticeLimit = 50;

/** Between the names in `classNames`; no label contains it. */
export const separator = '\n';

export class Workspace {
  /** Null until the engine has spoken. Replaced as a whole, at most ten times a second. */
  engine = $state.raw<EngineState | null>(null);
  view = $state<ViewName>(viewOf(location.hash));
  windowS = $state(10);
  paused = $state(false);
  /** What is recorded or imported next is called so. */
  label = $state('');
  /** The model that Plan and Deploy are about; the newest without a choice. */
  #chosenModel = $state<string | null>(null);
  readonly trainForm = new TrainForm();
  /** The recording whose deletion the footer offers to undo. */
  undoable = $state.raw<{ recording: number; label: string } | null>(null);
  notices = $state.raw<LogEntry[]>([]);
  readonly scope: ScopeLink;

  #chosenDevice = $state<string | null>(null);
  #bridge: LeptonBridge;

  readonly devices: DeviceView[] = $derived(this.engine?.devices ?? []);
  readonly device: DeviceView | null = $derived(
    this.devices.find((device) => device.id === this.#chosenDevice) ??
      this.devices.find((device) => device.status === 'streaming') ??
      this.devices[0] ??
      null,
  );
  readonly deployment: DeploymentView | null = $derived(
    this.engine?.deployments.find((deployment) => deployment.device === this.device?.id) ?? null,
  );
  readonly models: ModelView[] = $derived([...(this.engine?.models ?? [])].sort((a, b) => b.createdMs - a.createdMs));
  readonly model: ModelView | null = $derived(
    this.models.find((model) => model.id === this.#chosenModel) ?? this.models[0] ?? null,
  );
  /** Labels and classes, joined: a text, so that what draws with it is disturbed only when it differs. */
  readonly classNames: string = $derived(
    this.engine
      ? namesInOrder(
          this.engine.recordings,
          [...this.engine.models, ...this.engine.deployments].map((one) => one.classes),
        ).join(separator)
      : '',
  );
  readonly works = $derived(this.engine ? worksOf(this.engine) : []);
  /** Engine and page together, newest last. */
  readonly log: LogEntry[] = $derived(
    [...(this.engine?.log ?? []), ...this.notices].sort((a, b) => a.timeMs - b.timeMs).slice(-200),
  );

  constructor(bridge: LeptonBridge) {
    this.#bridge = bridge;
    this.scope = new ScopeLink(bridge);
    bridge.onState((state) => (this.engine = state));
    window.addEventListener('hashchange', () => this.#enter(viewOf(location.hash)));
  }

  get platform(): LeptonBridge['platform'] {
    return this.#bridge.platform;
  }

  go(view: ViewName): void {
    location.hash = view;
  }

  choose(device: string): void {
    this.#chosenDevice = device;
  }

  /** A CSS colour for a class or label, the same wherever it is shown. */
  classColour(name: string): string {
    return classColour(Math.max(0, this.classNames.split(separator).indexOf(name)));
  }

  chooseModel(model: string): void {
    this.#chosenModel = model;
  }

  /** Sends a request; a failure is said in the footer and returned. */
  async ask<R extends Request>(request: R): Promise<Answer<R['type']>> {
    let answer: Answer<R['type']>;
    try {
      answer = await this.#bridge.request(request);
    } catch {
      answer = { error: { code: 'unanswered', message: m.request_unanswered() } };
    }
    if ('error' in answer) this.#say('bad', answer.error.message);
    return answer;
  }

  /** Like `ask`, for what has no answer but done; null when it went well. */
  async tell(request: Request): Promise<Failure | null> {
    const answer = await this.ask(request);
    return 'error' in answer ? answer.error : null;
  }

  async deleteRecording(recording: number, label: string): Promise<void> {
    if ((await this.tell({ type: 'deleteRecording', recording })) === null) this.undoable = { recording, label };
  }

  async restoreRecording(recording: number): Promise<void> {
    const failure = await this.tell({ type: 'restoreRecording', recording });
    if (failure === null && this.undoable?.recording === recording) this.undoable = null;
  }

  #enter(view: ViewName): void {
    this.view = view;
    this.undoable = null;
  }

  #say(level: LogEntry['level'], text: string): void {
    // What fails again and again is said once, with the time of the last.
    const before = this.notices.at(-1)?.text === text ? this.notices.slice(0, -1) : this.notices;
    this.notices = [...before, { timeMs: Date.now(), level, text }].slice(-noticeLimit);
  }
}

export const [useWorkspace, provideWorkspace] = createContext<Workspace>();
