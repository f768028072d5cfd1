// Two things asked for at once, as by a double click: one happens, the other is refused in words, nothing is mixed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Request, TrainSettings } from '../../../main/contract';
import { App } from './app';

const settings: TrainSettings = {
  recordings: [],
  features: [],
  scaling: 'standardise',
  hidden: [8],
  activation: 'relu',
  optimiser: 'adam',
  learningRate: 0.01,
  batchSize: 32,
  epochs: 5,
  seed: 1,
};

describe('asked for at once', () => {
  let app: App;

  beforeAll(async () => {
    app = await App.start();
  }, 30_000);
  afterAll(async () => {
    await app.engine.stop();
    app.removeProject();
  });

  /** Answers of requests that start together. */
  const together = (...requests: Request[]): Promise<string[]> =>
    Promise.all(
      requests.map(async (request) => {
        const answer = await app.engine.answer(request);
        return 'ok' in answer ? 'ok' : answer.error.code;
      }),
    );

  test('two recordings of one board: one is made, the other refused', async () => {
    await app.shows(() => app.device()?.status, 'streaming');
    await app.record('normal', 'normal');
    await app.record('imbalance', 'imbalance');
    const start: Request = { type: 'startRecording', device: 'demo', label: 'twice' };
    expect(await together(start, start)).toEqual(['ok', 'busy']);
    await app.shows(() => (app.device()?.recording?.rows ?? 0) > 20, true);
    await app.ok({ type: 'stopRecording', device: 'demo' });
    await app.shows(
      () => app.state.recordings?.filter(({ label }) => label === 'twice').map(({ state }) => state),
      ['complete'],
    );
  });

  test('two trainings: one runs, and none starts before it has ended', async () => {
    const train: Request = { type: 'train', settings };
    expect(await together(train, train)).toEqual(['ok', 'busy']);
    await app.ok({ type: 'stopTraining' });
    expect(await together(train)).toEqual(['busy']);
    await app.shows(() => app.state.models?.map(({ id }) => id), ['model-1']);
  });

  test('a check of a board without a model is refused with what to do', async () => {
    const { message } = await app.refused({ type: 'verify', device: 'demo', inputs: 10 });
    expect(message).toContain('Put one there first');
  });

  test('work on a board is not mixed: a deployment during another, a plan or a check is refused', async () => {
    const deploy: Request = { type: 'deploy', model: 'model-1', device: 'demo', computePoint: 'board' };
    expect(await together(deploy, deploy)).toEqual(['ok', 'busy']);
    expect(
      await together({ type: 'verify', device: 'demo', inputs: 100 }, deploy, {
        type: 'makePlan',
        model: 'model-1',
        device: 'demo',
      }),
    ).toEqual(['ok', 'busy', 'busy']);
    await app.shows(() => [app.deployment()?.golden?.total, app.deployment()?.golden?.equal], [100, 100]);
    const before = app.deployment()?.live.compared ?? 0;
    await app.shows(() => (app.deployment()?.live.compared ?? 0) > before + 50, true);
    expect(app.deployment()?.live).toMatchObject({ equal: app.deployment()?.live.compared });
  }, 30_000);

  test('two boards that start to record together both do', async () => {
    await app.ok({ type: 'connect', path: 'emulator:industrial' });
    await app.shows(() => app.device('emulator:industrial')?.status, 'streaming');
    const start = (device: string): Request => ({ type: 'startRecording', device, label: `of ${device}` });
    expect(await together(start('demo'), start('emulator:industrial'))).toEqual(['ok', 'ok']);
    for (const device of ['demo', 'emulator:industrial']) {
      await app.shows(() => (app.device(device)?.recording?.rows ?? 0) > 50, true);
      await app.ok({ type: 'stopRecording', device });
    }
    await app.shows(() => app.state.recordings?.filter(({ label }) => label.startsWith('of ')).length, 2);
  }, 30_000);
});
