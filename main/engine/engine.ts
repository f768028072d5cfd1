// The engine of the app: devices, project, training, plan and deployment behind requests; its state goes to the page when it changes.
import { listPorts } from '../../device/transport/serialport';
import { DeviceFault } from '../../device/fault';
import { InputFault } from '../../model/fault';
import type {
  Answer,
  AnswerValue,
  EngineState,
  LogEntry,
  PlanView,
  RecordingView,
  Request,
  TrainSettings,
} from '../contract';
import { describe } from '../sentences';
import { deviceSource } from './devices';
import { Library } from './library';
import { LAPTOP, measureAndPlan, planView } from './planning';
import type { ScopePort } from './scope-feed';
import { recordingSignal } from './signal';
import { Station, type StationHost } from './station';
import { TrainingJob } from './training-job';

export interface EngineOptions {
  project: string;
  /** Paths to connect at the start. */
  connect: readonly string[];
  clockMs(): number;
  /** The parts of the state that changed. */
  onState(changed: Partial<EngineState>): void;
}

const STATE_MS = 100;
const MAX_LOG = 200;
const MAX_STATIONS = 16;

export class Engine {
  private readonly library: Library;
  private readonly stations = new Map<string, Station>();
  private job: TrainingJob | null = null;
  private plan: PlanView | null = null;
  private logEntries: LogEntry[] = [];
  private port: ScopePort | null = null;
  private timer: ReturnType<typeof setInterval> | null = null;
  private sent: Partial<EngineState> = {};
  private dirty = true;

  constructor(private readonly options: EngineOptions) {
    this.library = new Library(options.project, {
      clockMs: () => options.clockMs(),
      changed: () => (this.dirty = true),
      log: (level, text) => this.log(level, text),
    });
  }

  async start(): Promise<void> {
    this.timer = setInterval(() => this.sendState(), STATE_MS);
    try {
      await this.library.open();
    } catch (error) {
      this.log('bad', describe(error).message);
    }
    for (const path of this.options.connect) await this.connect(path);
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.job?.abort();
    await Promise.all([...this.stations.values()].map((station) => station.close()));
    await this.library.close();
  }

  async answer(request: Request): Promise<Answer> {
    try {
      return { ok: await this.handle(request) };
    } catch (error) {
      const { code, message } = describe(error);
      this.log('warn', message);
      return { error: { code, message } };
    }
  }

  attachPort(port: ScopePort): void {
    this.port = port;
    for (const station of this.stations.values()) station.feed.attach(port);
  }

  private async handle(request: Request): Promise<AnswerValue<Request['type']>> {
    switch (request.type) {
      case 'listPorts':
        return (await listPorts()).map((port) => ({ ...port, connected: this.stations.has(port.path) }));
      case 'connect':
        return await this.connect(request.path);
      case 'disconnect':
        await this.station(request.device).close();
        this.stations.delete(request.device);
        break;
      case 'setRate':
        await this.station(request.device).session.setRate(request.rateHz);
        break;
      case 'setScenarioState':
        this.station(request.device).session.setScenarioState(request.state);
        break;
      case 'pullPlug':
        this.station(request.device).session.pullPlug();
        break;
      case 'startRecording':
        await this.station(request.device).startRecording(await this.library.open(), request.label);
        break;
      case 'stopRecording':
        await this.station(request.device).stopRecording('complete');
        break;
      case 'relabelRecording':
        await this.library.relabel(request.recording, request.label);
        break;
      case 'deleteRecording':
      case 'restoreRecording':
        await this.library.setDeleted(request.recording, request.type === 'deleteRecording');
        break;
      case 'recordingSignal':
        return await recordingSignal(await this.library.open(), request.recording, request.columns);
      case 'importFiles':
        await this.library.importFiles(request.files ?? [], request.label);
        break;
      case 'train':
        this.train(request.settings);
        break;
      case 'stopTraining':
        this.job?.stop();
        break;
      case 'makePlan':
        await this.makePlan(request.model, request.device);
        break;
      case 'followPlan':
        await this.followPlan();
        break;
      case 'deploy':
        await this.station(request.device).placement.deploy(
          request.model,
          this.library.model(request.model),
          request.computePoint,
        );
        break;
      case 'undeploy':
        await this.station(request.device).placement.undeploy();
        break;
      case 'verify':
        await this.station(request.device).placement.verify(request.inputs);
        break;
      default:
        request satisfies never;
    }
    this.dirty = true;
    return null;
  }

  // ------------------------------------------------------------------------------------------------------------- devices

  private async connect(path: string): Promise<null> {
    const present = this.stations.get(path);
    if (present !== undefined) {
      present.session.plugIn();
      return null;
    }
    if (this.stations.size >= MAX_STATIONS) throw new DeviceFault('overflow', path, `${MAX_STATIONS} devices`);
    const host: StationHost = {
      clockMs: () => this.options.clockMs(),
      changed: () => (this.dirty = true),
      log: (level, text) => this.log(level, text),
      recordingsChanged: () =>
        void this.library.readRecordings().catch((error: unknown) => this.log('bad', describe(error).message)),
    };
    const station = new Station(deviceSource(path), host);
    this.stations.set(path, station);
    if (this.port !== null) station.feed.attach(this.port);
    this.dirty = true;
    await station.session.keepOpen();
    return null;
  }

  private station(id: string): Station {
    const station = this.stations.get(id);
    if (station === undefined) throw new DeviceFault('notFound', id, 'it is not connected here');
    return station;
  }

  // ---------------------------------------------------------------------------------------------------- training, models

  private train(settings: TrainSettings): void {
    if (this.job?.ended === false) {
      throw new InputFault('busy', 'A training runs already. Stop it, and try again when it has ended.');
    }
    const job = new TrainingJob(
      settings,
      () => this.options.clockMs(),
      () => (this.dirty = true),
    );
    this.job = job;
    // Answered at once; how it goes is in the state.
    void job
      .run(() => this.library.open())
      .then((id) => {
        if (id === null) return this.log('warn', job.view.fault?.message ?? '');
        this.library.addModel(id);
        const accuracy = ((job.view.metrics?.accuracy ?? NaN) * 100).toFixed(1);
        this.log('good', `Trained ${id}: accuracy ${accuracy} % on readings held back.`);
      });
  }

  // ---------------------------------------------------------------------------------------------------------------- plan

  private async makePlan(model: string, device: string): Promise<void> {
    const stored = this.library.model(model);
    const station = this.station(device);
    const show = (change: Partial<PlanView>): void => {
      this.plan = { ...(this.plan ?? planView(model, device)), ...change };
      this.dirty = true;
    };
    this.plan = null;
    show({});
    try {
      const running =
        station.placement.computePoint === 'board' ? device : (station.placement.computePoint ?? undefined);
      const planned = await station.placement.measure((session) =>
        measureAndPlan(stored, session, (progress) => show({ progress }), running),
      );
      station.link = planned.link;
      const { chosen, candidates, explanation, measures } = planned;
      show({ state: 'done', progress: 1, chosen, candidates, explanation, measures });
      (await this.library.open()).savePlan(model, `${JSON.stringify(planned.lab, null, 2)}\n`);
    } catch (error) {
      const { code, message } = describe(error);
      show({ state: 'failed', fault: { code, message } });
      throw error;
    }
  }

  private async followPlan(): Promise<void> {
    const plan = this.plan;
    if (plan?.state !== 'done' || plan.chosen === null)
      throw new InputFault('noPlan', 'There is no plan to follow. Measure and plan first.');
    await this.station(plan.device).placement.deploy(
      plan.model,
      this.library.model(plan.model),
      plan.chosen === LAPTOP ? 'laptop' : 'board',
    );
    this.plan = { ...plan, followed: true };
  }

  // --------------------------------------------------------------------------------------------------------------- state

  private log(level: LogEntry['level'], text: string): void {
    this.logEntries = [...this.logEntries, { timeMs: this.options.clockMs(), level, text }].slice(-MAX_LOG);
    this.dirty = true;
  }

  /** Sends what changed. Counters of a running stream change all the time, the rest when something was done. */
  private sendState(): void {
    const streaming = [...this.stations.values()].some((station) => station.session.status === 'streaming');
    if (!this.dirty && !streaming) return;
    const stations = [...this.stations.values()];
    const next: EngineState = {
      project: this.library.view,
      devices: stations.map((station) => station.view()),
      recordings: this.recordingsNow(stations),
      training: this.job?.view ?? null,
      models: this.library.models,
      plan: this.plan,
      deployments: stations.flatMap((station) => station.placement.view() ?? []),
      log: this.logEntries,
    };
    this.dirty = false;
    const changed = Object.fromEntries(
      Object.entries(next).filter(([key, value]) => this.sent[key as keyof EngineState] !== value),
    );
    this.sent = next;
    this.options.onState(changed);
  }

  /** The list as read last, with what has been recorded since. */
  private recordingsNow(stations: readonly Station[]): RecordingView[] {
    const running = stations.flatMap((station) => station.view().recording ?? []);
    if (running.length === 0) return this.library.recordings;
    return this.library.recordings.map((recording) => {
      const now = running.find(({ id }) => id === recording.id);
      return now === undefined ? recording : { ...recording, rows: now.rows, seconds: now.rows / recording.rateHz };
    });
  }
}
