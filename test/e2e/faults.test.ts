// What must not bring the app down: refused requests, an engine that dies, the whole app killed. Recordings stay.
import { execFileSync } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import type { EngineState, LeptonBridge, Request } from '../../main/contract';
import { type RunningApp, alive, launch, processTree, remove, root } from './app';

let running: RunningApp | null = null;

afterEach(async () => {
  if (running === null) return;
  await running.app.close();
  remove(running);
  running = null;
});

const state = ({ page }: RunningApp): Promise<EngineState> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const { lepton } = window as unknown as { lepton: LeptonBridge };
        const end = lepton.onState((now) => {
          resolve(now);
          queueMicrotask(() => end());
        });
      }),
  );
const ask = ({ page }: RunningApp, request: Request): Promise<unknown> =>
  page.evaluate((sent) => (window as unknown as { lepton: LeptonBridge }).lepton.request(sent), request);
const received = async (app: RunningApp): Promise<number> => (await state(app)).devices[0]?.received ?? 0;
const log = async (app: RunningApp): Promise<string> => (await state(app)).log.map(({ text }) => text).join('\n');

async function recordSome(app: RunningApp, label: string): Promise<void> {
  await expect.poll(() => received(app), { timeout: 20_000 }).toBeGreaterThan(50);
  expect(await ask(app, { type: 'startRecording', device: 'demo', label })).toEqual({ ok: null });
  await expect
    .poll(async () => (await state(app)).devices[0]?.recording?.rows ?? 0, { timeout: 20_000 })
    .toBeGreaterThan(400);
}

test('devices that are none are refused in words, and the stream goes on', async () => {
  running = await launch();
  const app = running;
  await expect.poll(() => received(app), { timeout: 20_000 }).toBeGreaterThan(50);
  expect(await ask(app, { type: 'connect', path: 'emulator:nowhere' })).toMatchObject({ error: { code: 'notFound' } });
  await ask(app, { type: 'connect', path: '/dev/null' });
  await ask(app, { type: 'connect', path: '/no/such/port' });
  await expect.poll(() => log(app), { timeout: 10_000 }).toContain('There is no port /no/such/port');
  const before = await received(app);
  await expect.poll(() => received(app), { timeout: 20_000 }).toBeGreaterThan(before + 100);
});

test('an engine that dies is started again, that is said, and its recording is kept', async () => {
  running = await launch();
  const app = running;
  await recordSome(app, 'engine dies');
  const pid = await app.app.evaluate(
    ({ app: electron }) => electron.getAppMetrics().find((metric) => metric.name === 'Lepton engine')?.pid ?? 0,
  );
  expect(pid).toBeGreaterThan(1);
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => log(app), { timeout: 20_000 }).toContain('stopped unexpectedly');
  await expect
    .poll(async () => (await state(app)).recordings.map(({ state: s }) => s), { timeout: 20_000 })
    .toEqual(['interrupted']);
  expect((await state(app)).recordings[0]?.rows).toBeGreaterThan(200);
  const before = await received(app);
  await expect.poll(() => received(app), { timeout: 20_000 }).toBeGreaterThan(before + 100);
});

test('an app that is killed leaves its recording to the next start; meanwhile the command line is told who has the project', async () => {
  running = await launch();
  const first = running;
  await recordSome(first, 'app dies');
  const refused = (): unknown => {
    try {
      return execFileSync(
        process.execPath,
        [
          'dist/main/cli.cjs',
          'record',
          'demo',
          '--project',
          `${first.folder}/project`,
          '--label',
          'x',
          '--seconds',
          '1',
          '--json',
        ],
        { cwd: root, encoding: 'utf8', stdio: 'pipe' },
      );
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      return [status, (JSON.parse(stdout) as { error: { code: string } }).error.code];
    }
  };
  expect(refused()).toEqual([3, 'projectBusy']);
  const processes = processTree(first.pid);
  for (const pid of processes) process.kill(pid, 'SIGKILL');
  await expect.poll(() => processes.filter(alive), { timeout: 10_000 }).toEqual([]);
  running = await launch(first.folder);
  const second = running;
  await expect
    .poll(async () => (await state(second)).recordings?.map((r) => [r.label, r.state]), { timeout: 20_000 })
    .toEqual([['app dies', 'interrupted']]);
  expect((await state(second)).recordings[0]?.rows).toBeGreaterThan(200);
});
