// A device at work in the app: its session, what is recorded of it, the model that runs on its readings, and how all that is shown.
import type { Readings } from '../../device/readings';
import type { DeploymentView, DeviceView } from '../contract';
import { InputFault } from '../../model/fault';
import { describe } from '../sentences';
import type { Project } from '../store/project';
import { channelIndices } from './columns';
import { type BoardImage, deploy, holds, imageFor, verify } from './deployer';
import type { DeviceSource } from './devices';
import { LatencyMeter } from './latency';
import { LaptopModel, type LiveModel } from './live-model';
import type { StoredModel } from './models';
import { Recorder } from './recorder';
import { ScopeFeed } from './scope-feed';
import { DeviceSession, type SessionStatus } from './session';

const SKIP_WORTH_SAYING_S = 1;

export interface StationHost {
  clockMs(): number;
  changed(): void;
  log(level: 'info' | 'good' | 'warn' | 'bad', text: string): void;
  recordingsChanged(): void;
}

interface Placed {
  id: string;
  stored: StoredModel;
  computePoint: 'board' | 'laptop';
  built: BoardImage | null;
  view: DeploymentView;
}

export class Station {
  readonly session: DeviceSession;
  readonly feed: ScopeFeed;
  link: DeviceView['link'] = null;
  private readonly latency = new LatencyMeter();
  private status: SessionStatus = 'connecting';
  private sinceMs: number;
  private recorder: Recorder | null = null;
  private startingRecorder = false;
  /** What the board is busy with. */
  private task: string | null = null;
  private live: LiveModel | null = null;
  private placed: Placed | null = null;
  private predictedMs = 0;
  private reportedSkipS = 0;

  constructor(
    source: DeviceSource,
    private readonly host: StationHost,
  ) {
    this.sinceMs = host.clockMs();
    this.feed = new ScopeFeed(source.path);
    this.session = new DeviceSession(source, {
      onReadings: (readings) => this.onReadings(readings),
      onChange: () => this.onChange(),
      onRestart: () => {
        this.host.log('warn', `${this.id} was reset; its stream goes on.`);
        this.feed.interrupt();
        void this.restoreModel();
      },
    });
  }

  get id(): string {
    return this.session.path;
  }

  /** Where predictions are computed now. */
  get computePoint(): 'board' | 'laptop' | null {
    return this.live?.computePoint ?? null;
  }

  async close(): Promise<void> {
    await this.stopRecording('complete');
    await this.session.close();
    this.feed.close();
  }

  // ----------------------------------------------------------------------------------------------------------- recording

  async startRecording(project: Project, label: string): Promise<void> {
    if (this.recorder !== null || this.startingRecorder) {
      throw new InputFault('busy', `${this.id} is being recorded already. Stop that recording first.`);
    }
    this.startingRecorder = true;
    try {
      this.recorder = await Recorder.start(project, this.session, label, () => this.host.clockMs());
    } finally {
      this.startingRecorder = false;
    }
    this.host.log('info', `Recording "${label}" from ${this.id}.`);
    this.host.recordingsChanged();
  }

  async stopRecording(state: 'complete' | 'interrupted'): Promise<void> {
    const recorder = this.recorder;
    if (recorder === null) return;
    this.recorder = null;
    await recorder.finish(state);
    if (state === 'complete') this.host.log('good', `Recorded "${recorder.label}": ${recorder.rows} readings.`);
    else
      this.host.log('warn', `The recording "${recorder.label}" ended early; its ${recorder.rows} readings are kept.`);
    this.host.recordingsChanged();
  }

  // --------------------------------------------------------------------------------------------------------------- model

  deploy(id: string, stored: StoredModel, computePoint: 'board' | 'laptop'): Promise<void> {
    return this.alone('a model is being put there', () => this.place(id, stored, computePoint));
  }

  undeploy(): Promise<void> {
    return this.alone('its model is being taken off', () => this.takeOff());
  }

  /** Lets `work` measure the board, and puts back the model that it may have replaced. */
  measure<T>(work: (session: DeviceSession) => Promise<T>): Promise<T> {
    return this.alone('it is being measured', async () => {
      const found = await work(this.session);
      await this.putBack();
      return found;
    });
  }

  /** One long task at a time: a second one is refused in words instead of being mixed into the first. */
  private async alone<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.task !== null)
      throw new InputFault('busy', `${this.id} is busy: ${this.task}. Try again when that is done.`);
    this.task = what;
    try {
      return await work();
    } finally {
      this.task = null;
    }
  }

  private async place(id: string, stored: StoredModel, computePoint: 'board' | 'laptop'): Promise<void> {
    const built = computePoint === 'board' ? imageFor(stored, this.session) : null;
    const indices = channelIndices(stored.model, this.session.channels);
    await this.takeOff();
    const { info } = this.session.connectedBoard();
    const placed: Placed = {
      id,
      stored,
      computePoint,
      built,
      view: {
        device: this.id,
        model: id,
        computePoint,
        state: 'uploading',
        progress: 0,
        bytes: built?.bytes.length ?? 0,
        capacityBytes: info.modelCapacityBytes,
        seconds: 0,
        golden: null,
        live: { compared: 0, equal: 0 },
        classes: [...stored.model.classes],
        prediction: null,
        inferUs: null,
        fault: null,
      },
    };
    this.placed = placed;
    this.host.changed();
    try {
      if (built === null) this.setLive(new LaptopModel(stored.model, this.session.channels, indices));
      else await this.putOnBoard(placed);
      this.show(placed, { state: 'running', progress: 1 });
      this.host.log('good', `${id} computes on ${computePoint === 'board' ? this.id : 'the laptop'}.`);
    } catch (error) {
      const { code, message } = describe(error);
      this.show(placed, { state: 'failed', fault: { code, message } });
      throw error;
    }
  }

  private async takeOff(): Promise<void> {
    if (this.placed === null) return;
    const wasOnBoard = this.live?.computePoint === 'board';
    this.placed = null;
    this.setLive(null);
    if (wasOnBoard && this.session.board !== null) await this.session.board.run(false);
    this.host.changed();
  }

  verify(count: number): Promise<void> {
    return this.alone('golden inputs are being checked', () => this.checkGolden(count));
  }

  private async checkGolden(count: number): Promise<void> {
    const placed = this.placed;
    if (placed?.built == null)
      throw new InputFault('noModel', `There is no model on ${this.id} to check. Put one there first.`);
    const golden = { running: true, done: 0, total: count, equal: 0, differing: [] as number[] };
    this.show(placed, { golden });
    try {
      const result = await verify(placed.stored, this.session, placed.built, count, (done, equal, differing) =>
        this.show(placed, { golden: { running: true, done, total: count, equal, differing: [...differing] } }),
      );
      const { equal, differing, inferUs } = result;
      this.show(placed, { inferUs, golden: { running: false, done: count, total: count, equal, differing } });
      this.host.log(equal === count ? 'good' : 'bad', `${equal} of ${count} golden inputs are equal in every bit.`);
    } catch (error) {
      this.show(placed, { golden: { ...(placed.view.golden ?? golden), running: false } });
      throw error;
    }
  }

  private async putOnBoard(placed: Placed): Promise<void> {
    const done = await deploy(placed.stored, this.session, (progress) => this.show(placed, { progress }));
    this.setLive(done.live);
    this.show(placed, { seconds: done.seconds });
  }

  private setLive(live: LiveModel | null): void {
    this.live = live;
    this.feed.describe(this.session.channels, live?.model.classes ?? []);
  }

  private show(placed: Placed, change: Partial<DeploymentView>): void {
    placed.view = { ...placed.view, ...change };
    if (this.placed === placed) this.host.changed();
  }

  // -------------------------------------------------------------------------------------------------------------- stream

  private onReadings(readings: Readings): void {
    this.recorder?.add(readings);
    const predictions = this.live?.predict(readings) ?? null;
    this.feed.add(readings, predictions);
    if (this.live?.latest != null) this.predictedMs = this.host.clockMs();
    this.latency.add((this.session.nowS - readings.arrivalS) * 1e6);
  }

  private onChange(): void {
    const { status, fault } = this.session;
    if (status !== this.status) {
      this.status = status;
      this.sinceMs = this.host.clockMs();
      const sentence = fault === null ? '' : describe(fault).message;
      if (status === 'streaming') void this.onStreaming();
      else this.feed.interrupt();
      if (status === 'lost') this.host.log('bad', sentence);
      if (status === 'failed') this.host.log('warn', sentence);
      if (status === 'lost') void this.stopRecording('interrupted').catch((error: unknown) => this.logFault(error));
    }
    this.reportSkipped();
    this.host.changed();
  }

  /** An emulated board on a busy computer runs slower than the clock: that is said, not hidden. */
  private reportSkipped(): void {
    const { skippedS } = this.session;
    if (skippedS < this.reportedSkipS + SKIP_WORTH_SAYING_S) {
      this.reportedSkipS = Math.min(this.reportedSkipS, skippedS);
      return;
    }
    this.host.log(
      'warn',
      `${this.id} fell ${(skippedS - this.reportedSkipS).toFixed(1)} s behind the clock: this computer is busy.`,
    );
    this.reportedSkipS = skippedS;
  }

  private async onStreaming(): Promise<void> {
    this.host.log('good', `${this.id} is connected: ${this.session.rateHz} readings/s.`);
    this.feed.describe(this.session.channels, this.live?.model.classes ?? []);
    await this.restoreModel();
  }

  /** A board that is back has lost what it computed with: it is put there again. */
  private async restoreModel(): Promise<void> {
    try {
      await this.alone('its model is being put back', () => this.putBack());
    } catch (error) {
      this.logFault(error);
    }
  }

  private async putBack(): Promise<void> {
    const placed = this.placed;
    if (placed?.built == null) return;
    if (!(await holds(this.session.connectedBoard(), placed.built))) await this.putOnBoard(placed);
    this.show(placed, { state: 'running', fault: null });
  }

  private logFault(error: unknown): void {
    this.host.log('bad', describe(error).message);
  }

  // ---------------------------------------------------------------------------------------------------------------- view

  view(): DeviceView {
    const { session, recorder } = this;
    const { source, fault } = session;
    const info = session.board?.info ?? null;
    const latency = this.latency.percentiles();
    return {
      id: this.id,
      name: info?.name ?? (source.simulated ? 'Emulated Uno' : 'Board'),
      driver: 'lepton',
      simulated: source.simulated,
      status: session.status,
      sinceMs: this.sinceMs,
      fault: fault === null ? null : { code: fault.code, message: describe(fault).message },
      channels: session.channels.map(({ name, unit }) => ({ name, unit })),
      rateHz: session.rateHz,
      maxRateHz: info?.maxRateHz ?? session.rateHz,
      measuredRateHz: session.rate.hz(session.nowS),
      received: session.received,
      losses: session.losses,
      latencyUs: latency === null ? null : { p50: latency.p50, p99: latency.p99 },
      link: this.link,
      firmware: info && {
        build: info.build,
        protocol: `${info.major}.${info.minor}`,
        modelCapacityBytes: info.modelCapacityBytes,
      },
      scenario: source.scenario && {
        id: source.scenario.id,
        title: source.scenario.title,
        state: session.scenarioState,
        states: source.scenario.states.map(({ id, title }) => ({ id, title })),
      },
      recording: recorder && {
        id: recorder.id,
        label: recorder.label,
        rows: recorder.rows,
        startedMs: recorder.startedMs,
      },
    };
  }

  deployment(): DeploymentView | null {
    const { placed, live } = this;
    if (placed === null) return null;
    const latest = live?.latest ?? null;
    return {
      ...placed.view,
      live: { compared: live?.compared ?? 0, equal: live?.equal ?? 0 },
      prediction: latest && { class: latest.class, scores: latest.scores, timeMs: this.predictedMs },
    };
  }
}
