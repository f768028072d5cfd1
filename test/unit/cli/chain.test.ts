// The commands that need the whole chain: plan, demo, deploy, verify; and Ctrl-C in those that keep recordings.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Project } from '../../../main/store/project';
import { document, folder, run, start } from './cli';

/** Hand-computed: 600 B over 1000 B/s and 1 ms on the host, or 50 ms on the board and 4 B over the link. */
const lab = (boardInferS: number, deadlineS?: number): string =>
  JSON.stringify({
    options: { w: 1, t_ref_s: 1, c_ref_per_h: 1, queue: 'none' },
    job: { period_s: 1, result_bytes: 4 },
    nodes: [
      { id: 'board', infer_s: boardInferS },
      { id: 'host', infer_s: 0.001, required: true },
    ],
    links: [{ id: 'L1', a: 'board', b: 'host', bandwidth_Bps: 1000 }],
    sensors: [{ id: 's', node: 'board', rate_hz: 100, bytes_per_sample: 6 }],
    consumers: [{ id: 'ui', node: 'host', ...(deadlineS !== undefined && { deadline_s: deadlineS }) }],
  });

test('plan names the sole compute point and its latency; a slower board turns it', async () => {
  const place = folder({ 'fast.json': lab(0.05), 'slow.json': lab(0.9) });
  const fast = await run('plan', join(place, 'fast.json'), '--json');
  expect(fast.code, fast.stderr).toBe(0);
  const found = document<{ feasible: boolean; compute: string; latency_s: number }>(fast);
  expect(found).toMatchObject({ feasible: true, compute: 'board' });
  expect(found.latency_s).toBeCloseTo(0.054, 12);
  expect(document<{ compute: string }>(await run('plan', join(place, 'slow.json'), '--json')).compute).toBe('host');
});

test('a lab in which no node is fast enough is answered as infeasible, with exit code 5', async () => {
  const place = folder({ 'lab.json': lab(0.05, 0.01) });
  const ended = await run('plan', join(place, 'lab.json'), '--json');
  expect(ended.code, ended.stderr).toBe(5);
  expect(document<{ feasible: boolean }>(ended).feasible).toBe(false);
});

const instance = '../shared/planner/instances/01_slow_link_board_wins.json';

test.skipIf(!existsSync(instance))(`plan answers the worked case (skipped without ${instance})`, async () => {
  const whole = JSON.parse(readFileSync(instance, 'utf8')) as Record<string, unknown> & {
    expected: { compute: string; latency_s: number };
  };
  const own = ['options', 'job', 'nodes', 'links', 'sensors', 'consumers'];
  const text = JSON.stringify(Object.fromEntries(own.map((name) => [name, whole[name]])));
  const ended = await run('plan', join(folder({ 'lab.json': text }), 'lab.json'), '--json');
  const found = document<{ compute: string; latency_s: number }>(ended);
  expect(found.compute).toBe(whole.expected.compute);
  expect(found.latency_s).toBeCloseTo(whole.expected.latency_s, 12);
});

test('the demo reaches its figures; its model can be deployed and verified again', { timeout: 100_000 }, async () => {
  const project = join(folder(), 'project');
  const ended = await run('demo', '--project', project, '--json');
  expect(ended.code, ended.stderr).toBe(0);
  const found = document<Record<string, unknown>>(ended);
  expect(found).toMatchObject({
    scenario: 'industrial',
    goldenInputs: 1000,
    goldenEqual: 1000,
    losses: { total: 0, device: 0, wire: 0, host: 0 },
  });
  expect(found['accuracy']).toBeGreaterThanOrEqual(0.95);
  expect(found['liveAgreement']).toBeGreaterThanOrEqual(0.95);
  expect(found['seconds']).toBeLessThan(90);
  expect((found['stages'] as { name: string }[]).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['connect', 'record', 'train', 'evaluate', 'plan', 'deploy', 'verify', 'live']),
  );
  const model = String(found['model']);
  expect(existsSync(model)).toBe(true);

  const deployed = await run('deploy', model, 'demo', '--json');
  expect(document<object>(deployed)).toMatchObject({ device: 'demo', slot: 0, readingsLost: 0 });
  const verified = await run('verify', model, 'demo', '--inputs', '20', '--json');
  expect(verified.code, verified.stderr).toBe(0);
  expect(document<object>(verified)).toMatchObject({ inputs: 20, equal: 20 });
});

async function recordingsAfter(project: string): Promise<{ state: string; rows: number }[]> {
  const open = await Project.open(project, { create: false });
  const found = await open.recordings.list();
  await open.close();
  return found;
}

/** Ctrl-C once a recording is under way: the project's log has grown beyond its tables. */
async function interruptRecording(args: string[], project: string): ReturnType<typeof run> {
  const { child, ended } = start(args);
  const log = join(project, 'project.duckdb.wal');
  let over = false;
  void ended.then(() => (over = true));
  while (!over && !(existsSync(log) && readFileSync(log).length > 8000)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGINT');
  return ended;
}

test('record ends cleanly at Ctrl-C and keeps every reading that it reports', async () => {
  const project = join(folder(), 'project');
  const ended = await interruptRecording(['record', 'demo', '--project', project, '--label', 'a', '--json'], project);
  expect(ended.code, ended.stderr).toBe(0);
  const { recordings } = document<{ recordings: { rows: number }[] }>(ended);
  expect(recordings[0]?.rows).toBeGreaterThan(0);
  expect(await recordingsAfter(project)).toMatchObject([{ state: 'complete', rows: recordings[0]?.rows }]);
});

test('the demo ends cleanly at Ctrl-C and keeps what it recorded', async () => {
  const project = join(folder(), 'project');
  const ended = await interruptRecording(['demo', '--project', project, '--json'], project);
  expect(ended.code).toBe(130);
  expect(document<{ error: { code: string } }>(ended).error.code).toBe('interrupted');
  const kept = await recordingsAfter(project);
  expect(kept.some(({ rows }) => rows > 0)).toBe(true);
});
