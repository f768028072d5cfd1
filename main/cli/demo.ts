// `demo`: the whole chain on the emulated board — record, train, evaluate, plan, deploy, verify, predict live — as fast as it can run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeviceFault } from '../../device/fault';
import { scenarioNames } from '../../device/emulator/scenarios/scenario';
import type { Readings } from '../../device/readings';
import { InputFault } from '../../model/fault';
import { evaluate } from '../../model/report';
import { channelIndices } from '../engine/columns';
import { deviceSource } from '../engine/devices';
import { deploy, verify } from '../engine/deployer';
import { LaptopModel, type LiveModel } from '../engine/live-model';
import { loadModel } from '../engine/models';
import { LAPTOP, measureAndPlan } from '../engine/planning';
import { Recorder } from '../engine/recorder';
import { DeviceSession } from '../engine/session';
import { startTraining } from '../engine/trainer';
import { Interrupted } from '../sentences';
import { RECORDING_LABEL, tableFromProject } from '../source';
import { Project, writeWhole } from '../store/project';
import { metricsLines } from './metrics';
import { type Output, interrupted, percent } from './output';

export interface DemoOptions {
  scenario: string;
  project?: string | undefined;
  seed: number;
}

/** A machine that changes its state shows neither the old nor the new one at first. */
const SETTLE_S = 1;
/** Each state is visited this often for training, so that what drifts (a motor's temperature) is not taken for the state. */
const VISITS = 2;
const TRAIN_S = 10;
const LATER_S = 10;
const LIVE_S = 5;
const COMPARE_S = 2;
const GOLDEN_INPUTS = 1000;
/** A board that stops sending must not leave the demo waiting. */
const STALL_LIMIT_MS = 30_000;

export async function demo(options: DemoOptions, output: Output): Promise<void> {
  if (!scenarioNames.includes(options.scenario)) {
    throw new InputFault(
      'noScenario',
      `There is no scenario "${options.scenario}". There are: ${scenarioNames.join(', ')}.`,
    );
  }
  const kept = options.project;
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'lepton-demo-'));
  const project = await Project.open(folder, { create: true });
  const chain = new Demo(project, options, output);
  const stopped = interrupted().then(async () => {
    await chain.stop();
    throw new Interrupted(
      kept === undefined ? 'Stopped. Nothing was kept.' : `Stopped. What was recorded is in ${kept}.`,
    );
  });
  try {
    await Promise.race([chain.run(), stopped]);
  } finally {
    await project.close();
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

class Demo {
  private readonly stages: { name: string; seconds: number }[] = [];
  private readonly session: DeviceSession;
  private onReadings: (readings: Readings) => void = () => undefined;

  constructor(
    private readonly project: Project,
    private readonly options: DemoOptions,
    private readonly output: Output,
  ) {
    this.session = new DeviceSession(
      deviceSource(`emulator:${options.scenario}`, { pace: 'free', seed: options.seed }),
      { onReadings: (readings) => this.onReadings(readings), onChange: () => undefined },
      { reconnect: false },
    );
  }

  async run(): Promise<void> {
    const { output, session, project } = this;
    const startMs = performance.now();
    try {
      await this.stage('connect', () => session.open());
      const states = (session.source.scenario?.states ?? []).map((state) => state.id);
      output.say(
        `Connected: ${session.board?.info.name ?? ''}, the real firmware on an emulated chip; its signals are simulated.`,
      );

      const trained = await this.stage('record', () => this.record(states, VISITS, TRAIN_S));
      const modelFile = project.modelFile('demo');
      await this.stage('train', () => this.train(trained, modelFile));
      const stored = loadModel(modelFile);

      const later = await this.stage('record later', () => this.record([...states].reverse(), 1, LATER_S));
      const result = await this.stage('evaluate', async () => {
        const table = await tableFromProject(project, { label: RECORDING_LABEL }, later);
        return evaluate(stored.model, table, { int8: true });
      });
      if (!('accuracy' in result.metrics)) throw new Error('a demo model that does not classify');
      output.say('On recordings made later, not trained on:');
      for (const line of metricsLines(result.metrics, stored.model.classes)) output.say(line);

      const planned = await this.stage('plan', () =>
        measureAndPlan(stored, session, (share) => output.progress(`plan ${percent(share)}`)),
      );
      output.say(planned.explanation);
      project.savePlan('demo', `${JSON.stringify(planned.lab, null, 2)}\n`);

      const deployed = await this.stage('deploy', () => deploy(stored, session));
      const golden = await this.stage('verify', () =>
        verify(stored, session, deployed, GOLDEN_INPUTS, (done) => output.progress(`${done} golden inputs`)),
      );
      output.say(
        `On the board in ${deployed.bytes.length} bytes; ${golden.equal} of ${golden.inputs} golden inputs are equal in every bit.`,
      );

      // Whatever the plan says, the board's live results are compared while the model runs there.
      await this.stage('compare', () => this.pass(COMPARE_S, (readings) => void deployed.live.predict(readings)));
      const onBoard = planned.chosen !== LAPTOP;
      if (!onBoard) await session.connectedBoard().run(false);
      const live: LiveModel = onBoard
        ? deployed.live
        : new LaptopModel(stored.model, session.channels, channelIndices(stored.model, session.channels));
      const agreement = await this.stage('live', () => this.live(states, live));
      const { compared, equal } = deployed.live;
      output.say(`Live on the board: ${equal} of ${compared} results are equal in every bit.`);
      output.say(`Live: the predicted class is the machine's state in ${percent(agreement)} of the readings.`);
      await session.close();

      const { losses } = session;
      const seconds = (performance.now() - startMs) / 1000;
      output.say(`${session.received} readings, ${losses.total} lost; ${seconds.toFixed(1)} s in all.`);
      output.result({
        scenario: this.options.scenario,
        simulated: true,
        accuracy: result.metrics.accuracy,
        macroF1: result.metrics.macroF1,
        int8: result.int8,
        goldenInputs: golden.inputs,
        goldenEqual: golden.equal,
        losses,
        readings: session.received,
        liveAgreement: agreement,
        liveCompared: { compared, equal },
        computePoint: planned.chosen,
        plan: planned.candidates,
        model: this.options.project === undefined ? null : modelFile,
        sha256: stored.sha256,
        seconds,
        stages: this.stages,
      });
    } finally {
      await session.close();
    }
  }

  /** The board is let go; whatever still waits for it fails. */
  async stop(): Promise<void> {
    await this.session.close();
  }

  private async stage<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.output.progress(`${name} …`);
    const startMs = performance.now();
    const value = await work();
    this.stages.push({ name, seconds: (performance.now() - startMs) / 1000 });
    return value;
  }

  /** Visits each state in turn; resolves with the recordings' ids. */
  private async record(states: readonly string[], visits: number, seconds: number): Promise<number[]> {
    const ids: number[] = [];
    for (let visit = 0; visit < visits; visit++) {
      // Another order each time, so that a state does not always follow the same one.
      for (const state of visit % 2 === 0 ? states : [...states].reverse()) {
        this.session.setScenarioState(state);
        await this.pass(SETTLE_S, () => undefined);
        const recorder = await Recorder.start(this.project, this.session, state, Date.now);
        await this.pass(seconds, (readings) => recorder.add(readings));
        await recorder.finish('complete');
        ids.push(recorder.id);
        this.output.progress(`recorded ${state}, ${recorder.rows} readings`);
      }
    }
    return ids;
  }

  private async train(recordings: readonly number[], file: string): Promise<void> {
    const table = await tableFromProject(this.project, { label: RECORDING_LABEL }, recordings);
    const training = startTraining(table, { hidden: [16], seed: this.options.seed }, ({ epoch, losses }) => {
      if (epoch > 0) this.output.progress(`epoch ${epoch}, loss ${losses.at(-1)?.toPrecision(3) ?? ''}`);
    });
    const { text, report } = await training.done;
    writeWhole(file, text);
    this.output.say(
      `Trained on ${table.rows} readings of ${recordings.length} recordings: ${report.epochs} epochs in ${report.seconds.toFixed(1)} s.`,
    );
  }

  /** Share of live readings, after settling, whose predicted class is the state that the machine is in. */
  private async live(states: readonly string[], live: LiveModel): Promise<number> {
    let right = 0;
    let all = 0;
    for (const state of states) {
      this.session.setScenarioState(state);
      await this.pass(SETTLE_S, (readings) => void live.predict(readings));
      await this.pass(LIVE_S, (readings) => {
        for (const c of live.predict(readings).classes) {
          all++;
          if (live.model.classes[c] === state) right++;
        }
      });
    }
    return all === 0 ? 0 : right / all;
  }

  /** Hands on the readings of the next `seconds` of the board's time. */
  private pass(seconds: number, take: (readings: Readings) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      let startS = NaN;
      const stalled = (): void => reject(new DeviceFault('noAnswer', this.session.path, 'readings'));
      let limit = setTimeout(stalled, STALL_LIMIT_MS);
      this.onReadings = (readings) => {
        clearTimeout(limit);
        limit = setTimeout(stalled, STALL_LIMIT_MS);
        take(readings);
        const last = readings.timeS.at(-1) ?? NaN;
        if (Number.isNaN(startS)) startS = readings.timeS[0] ?? NaN;
        if (last - startS < seconds) return;
        clearTimeout(limit);
        this.onReadings = () => undefined;
        resolve();
      };
    });
  }
}
