// A device at work in the app: its session, what is recorded of it, the model that is placed for it, and how all that is shown.
import type { Readings } from '../../device/readings';
import type { DeviceView } from '../contract';
import { InputFault } from '../../model/fault';
import { describe } from '../sentences';
import type { Project } from '../store/project';
import type { DeviceSource } from './devices';
import { LatencyMeter } from './latency';
import { Placement } from './placement';
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

export class Station {
  readonly session: DeviceSession;
  readonly feed: ScopeFeed;
  readonly placement: Placement;
  link: DeviceView['link'] = null;
  private readonly latency = new LatencyMeter();
  private status: SessionStatus = 'connecting';
  private sinceMs: number;
  private recorder: Recorder | null = null;
  private startingRecorder = false;
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
        void this.placement.restore();
      },
    });
    this.placement = new Placement(this.session, {
      clockMs: () => host.clockMs(),
      changed: () => host.changed(),
      log: (level, text) => host.log(level, text),
      classesChanged: (classes) => this.feed.describe(this.session.channels, classes),
    });
  }

  get id(): string {
    return this.session.path;
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

  // -------------------------------------------------------------------------------------------------------------- stream

  private onReadings(readings: Readings): void {
    this.recorder?.add(readings);
    this.feed.add(readings, this.placement.predict(readings));
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
    this.feed.describe(this.session.channels, this.placement.classes);
    await this.placement.restore();
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
}
