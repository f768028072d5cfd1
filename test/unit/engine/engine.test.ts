// The engine from plug-in to prediction, as the page drives it, on the emulated board by the wall clock.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Request, TrainSettings } from '../../../main/contract';
import { Project } from '../../../main/store/project';
import { App, Scope } from './app';

const settings: TrainSettings = {
  recordings: [],
  features: [],
  scaling: 'standardise',
  hidden: [12],
  activation: 'relu',
  optimiser: 'adam',
  learningRate: 0.01,
  batchSize: 32,
  epochs: 40,
  seed: 1,
};

describe('the whole chain', () => {
  let app: App;
  const scope = new Scope();

  beforeAll(async () => {
    app = await App.start();
    app.engine.attachPort(scope);
  }, 30_000);
  afterAll(async () => {
    await app.engine.stop();
    app.removeProject();
  });

  test('the demo board streams at its rate, and its readings reach the scope in their units', async () => {
    await app.shows(() => app.device()?.status, 'streaming');
    await app.received(200);
    expect(app.device()).toMatchObject({ simulated: true, rateHz: 200, fault: null, losses: { total: 0 } });
    expect(scope.announced[0]).toMatchObject({ device: 'demo', channels: app.device()?.channels, classes: [] });
    expect(scope.columns[0]?.values.length).toBe((scope.columns[0]?.timeS.length ?? 0) * 6);
    const timeS = scope.columns.flatMap((columns) => [...columns.timeS]);
    expect(timeS.every((t, i) => i === 0 || t >= (timeS[i - 1] ?? NaN))).toBe(true);
  });

  test('two labels are recorded without a gap', async () => {
    await app.record('normal', 'normal');
    await app.record('imbalance', 'imbalance');
    await app.record('normal', 'normal');
    await app.record('imbalance', 'imbalance');
    await app.shows(
      () => app.state.recordings?.map(({ label, state, gaps }) => [label, state, gaps]),
      [
        ['normal', 'complete', 0],
        ['imbalance', 'complete', 0],
        ['normal', 'complete', 0],
        ['imbalance', 'complete', 0],
      ],
    );
    const signal = await app.ok({ type: 'recordingSignal', recording: 1, columns: 50 });
    expect(signal.timeS).toHaveLength(50);
    expect(signal.min.every((low, c) => low.every((v, i) => v <= (signal.max[c]?.[i] ?? NaN)))).toBe(true);
  }, 30_000);

  test('a recording is deleted, restored and relabelled', async () => {
    const stateOf = (id: number): unknown => app.state.recordings?.find((r) => r.id === id)?.state;
    await app.ok({ type: 'deleteRecording', recording: 1 });
    await app.shows(() => stateOf(1), 'deleted');
    await app.ok({ type: 'restoreRecording', recording: 1 });
    await app.shows(() => stateOf(1), 'complete');
    await app.ok({ type: 'relabelRecording', recording: 1, label: 'calm' });
    await app.shows(() => app.state.recordings?.[0]?.label, 'calm');
    await app.ok({ type: 'relabelRecording', recording: 1, label: 'normal' });
  });

  test('a training runs alone, shows each epoch, and leaves a model', async () => {
    await app.ok({ type: 'train', settings: { ...settings, epochs: 300 } });
    await expect(app.refused({ type: 'train', settings })).resolves.toMatchObject({ code: 'busy' });
    await app.shows(() => app.state.training?.state !== 'running' && app.state.models?.length, 1, 20_000);
    expect(app.state.training).toMatchObject({ state: 'done', model: 'model-1', classes: ['imbalance', 'normal'] });
    expect(app.state.training?.loss).toHaveLength(app.state.training?.epoch ?? NaN);
    expect(app.state.training?.metrics?.accuracy).toBeGreaterThan(0.9);
  }, 30_000);

  test('a training that is stopped keeps what it learnt, and another may follow', async () => {
    await app.ok({ type: 'train', settings: { ...settings, epochs: 10_000 } });
    await app.shows(() => (app.state.training?.epoch ?? 0) > 0, true);
    await app.ok({ type: 'stopTraining' });
    await app.shows(() => app.state.training?.state === 'stopped' && app.state.models?.length, 2);
    expect(app.state.training?.epoch).toBeLessThan(10_000);
  });

  test('a plan is made and followed', async () => {
    await app.ok({ type: 'makePlan', model: 'model-1', device: 'demo' });
    await app.shows(() => app.state.plan?.state, 'done');
    expect(app.state.plan?.candidates.map(({ node }) => node).sort()).toEqual(['demo', 'laptop']);
    expect(app.state.plan?.explanation).not.toBe('');
    await app.ok({ type: 'followPlan' });
    await app.shows(() => app.state.plan?.followed, true);
    await app.shows(() => app.deployment()?.state, 'running');
    expect(app.deployment()?.computePoint).toBe(app.state.plan?.chosen === 'laptop' ? 'laptop' : 'board');
  }, 30_000);

  test('on the board the model computes what it computes here, in every bit, asked and live', async () => {
    await app.ok({ type: 'deploy', model: 'model-1', device: 'demo', computePoint: 'board' });
    await app.shows(() => app.deployment()?.state, 'running');
    await app.ok({ type: 'verify', device: 'demo', inputs: 200 });
    await app.shows(() => app.deployment()?.golden, {
      running: false,
      done: 200,
      total: 200,
      equal: 200,
      differing: [],
    });
    await app.shows(() => (app.deployment()?.live.compared ?? 0) > 200, true);
    const live = app.deployment()?.live;
    expect(live?.equal).toBe(live?.compared);
    expect(app.deployment()?.prediction?.scores).toHaveLength(2);
    expect(scope.announced.at(-1)?.classes).toEqual(['imbalance', 'normal']);
    expect(scope.columns.at(-1)?.agree).toContain(1);
    expect(scope.columns.some(({ agree }) => agree.includes(0))).toBe(false);
  }, 30_000);

  test('a plug pulled while it records: the recording is kept, and all goes on when the board is back', async () => {
    await app.ok({ type: 'startRecording', device: 'demo', label: 'cut' });
    await app.shows(() => (app.device()?.recording?.rows ?? 0) >= 100, true);
    const rows = app.device()?.recording?.rows ?? NaN;
    await app.ok({ type: 'pullPlug', device: 'demo' });
    await app.shows(() => app.device()?.status, 'lost');
    await app.shows(() => app.state.recordings?.at(-1)?.state, 'interrupted');
    expect(app.state.recordings?.at(-1)).toMatchObject({ label: 'cut', gaps: 0 });
    expect(app.state.recordings?.at(-1)?.rows).toBeGreaterThanOrEqual(rows);
    expect(app.device()).toMatchObject({ recording: null, fault: { code: 'unplugged' } });
    expect(app.log.some((text) => /"cut" ended early; its \d+ readings are kept/.test(text))).toBe(true);
    await expect(app.refused({ type: 'startRecording', device: 'demo', label: 'x' })).resolves.toMatchObject({
      code: 'unplugged',
    });

    await app.ok({ type: 'connect', path: 'demo' });
    await app.shows(() => app.device()?.status, 'streaming');
    const compared = app.deployment()?.live.compared ?? NaN;
    await app.received(400);
    // Two streams at once would bring twice as many.
    expect(app.device()?.measuredRateHz).toBeGreaterThan(150);
    expect(app.device()?.measuredRateHz).toBeLessThan(250);
    expect(app.device()).toMatchObject({ rateHz: 200, fault: null, scenario: { state: 'imbalance' } });
    await app.shows(() => app.deployment()?.state, 'running');
    const before = app.deployment()?.live.compared ?? NaN;
    await app.shows(() => (app.deployment()?.live.compared ?? 0) > before + 100, true);
    expect(app.deployment()?.live.equal).toBe(app.deployment()?.live.compared);
    expect(compared).not.toBeNaN();
  }, 30_000);

  test('what is not there is answered with a sentence', async () => {
    const requests: Request[] = [
      { type: 'disconnect', device: 'nowhere' },
      { type: 'setRate', device: 'nowhere', rateHz: 10 },
      { type: 'startRecording', device: 'nowhere', label: 'x' },
      { type: 'verify', device: 'nowhere', inputs: 10 },
      { type: 'connect', path: 'emulator:nowhere' },
      { type: 'setScenarioState', device: 'demo', state: 'nowhere' },
      { type: 'setRate', device: 'demo', rateHz: 9999 },
      { type: 'deploy', model: 'nothing', device: 'demo', computePoint: 'board' },
      { type: 'makePlan', model: 'nothing', device: 'demo' },
      { type: 'recordingSignal', recording: 999, columns: 10 },
      { type: 'deleteRecording', recording: 999 },
      { type: 'relabelRecording', recording: 999, label: 'x' },
      { type: 'importFiles', files: ['/nowhere/at-all.csv'] },
    ];
    for (const request of requests) {
      const { code, message } = await app.refused(request);
      expect(code, request.type).not.toBe('fault');
      expect(message, request.type).toMatch(/^\S.* .*\.$/s);
    }
    expect(app.device('nowhere')).toBeUndefined();
    expect(app.device('emulator:nowhere')).toBeUndefined();
  });

  test('the log keeps the last 200 sentences', async () => {
    for (let i = 0; i < 230; i++) await app.refused({ type: 'disconnect', device: `absent-${i}` });
    await app.shows(() => app.log.at(-1)?.includes('absent-229'), true);
    expect(app.log).toHaveLength(200);
  });

  test('it stops within two seconds, in the midst of a recording, and leaves a project that opens', async () => {
    await app.ok({ type: 'startRecording', device: 'demo', label: 'last' });
    await app.received(50);
    const startMs = performance.now();
    await app.engine.stop();
    expect(performance.now() - startMs).toBeLessThan(2000);
    const project = await Project.open(app.project, { create: false });
    const recordings = await project.recordings.list();
    expect(recordings.at(-1)).toMatchObject({ label: 'last', state: 'complete', gaps: 0 });
    expect(project.modelIds()).toEqual(['model-1', 'model-2']);
    await project.close();
  });
});

describe('a page that is slow', () => {
  test('gets two messages and no more; what it missed is told, and none of it is missing in the recording', async () => {
    const app = await App.start();
    const scope = new Scope(true);
    app.engine.attachPort(scope);
    try {
      await app.shows(() => app.device()?.status, 'streaming');
      await app.ok({ type: 'startRecording', device: 'demo', label: 'slow page' });
      await app.received(300);
      expect(scope.columns).toHaveLength(2);
      scope.resume();
      await app.shows(() => scope.columns.length > 4, true);
      await app.ok({ type: 'stopRecording', device: 'demo' });
      await app.shows(() => app.state.recordings?.[0]?.state, 'complete');
      expect(app.state.recordings?.[0]).toMatchObject({ gaps: 0 });
      expect(app.state.recordings?.[0]?.rows).toBeGreaterThanOrEqual(300);
      const shown = scope.rows('demo') + scope.columns.reduce((sum, { skippedRows }) => sum + skippedRows, 0);
      await app.shows(() => (app.device()?.received ?? 0) >= shown, true);
    } finally {
      await app.engine.stop();
      app.removeProject();
    }
  }, 30_000);
});
