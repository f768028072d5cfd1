import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCsv } from '../../../main/store/csv';
import { Database } from '../../../main/store/database';
import { importCsv } from '../../../main/store/import';
import { Project, writeWhole } from '../../../main/store/project';
import type { NewRecording } from '../../../main/store/recordings';
import { start } from '../cli/cli';

const empty = (): string => join(mkdtempSync(join(tmpdir(), 'lepton-store-')), 'project');
const open = (path: string): Promise<Project> => Project.open(path, { create: true });

const plain: NewRecording = {
  label: 'a',
  source: 'test',
  device: 'board',
  firmware: 'f00d',
  simulated: true,
  rateHz: 10,
  startedMs: 0,
  channels: [{ name: 'x', unit: 'g', kind: 'number', calibration: { unitPerCount: 0.5, offset: -1 } }],
};

/** One row for each sequence number, ten a second, the count being the sequence. */
async function record(project: Project, sequence: readonly number[]): Promise<number> {
  const writer = await project.recordings.create(plain);
  const s = Float64Array.from(sequence);
  const t = s.map((n) => n / 10);
  writer.append([s, t, t, Int16Array.from(sequence)], sequence.length, 0);
  await writer.finish('complete');
  return writer.id;
}

test('counts come back as values by their calibration, in their order', async () => {
  const project = await open(empty());
  const recording = await project.recordings.get(await record(project, [5, 6, 7]));
  const { timeS, sequence, values } = await project.recordings.values(recording);
  expect([...sequence]).toEqual([5, 6, 7]);
  expect(timeS[2]).toBeCloseTo(0.2, 12);
  expect(values.map((v) => [...v])).toEqual([[1.5, 2, 2.5]]);
  expect([...((await project.recordings.raw(recording)) ?? [])]).toEqual([5, 6, 7]);
  await project.close();
});

test('more rows than one chunk of the database holds are kept', async () => {
  const project = await open(empty());
  const all = Array.from({ length: 5000 }, (_, i) => i);
  const recording = await project.recordings.get(await record(project, all));
  expect(recording.rows).toBe(5000);
  expect([...(await project.recordings.values(recording)).sequence]).toEqual(all);
  await project.close();
});

test('gaps and missing readings follow from the sequence numbers', async () => {
  const project = await open(empty());
  const id = await record(project, [10, 11, 14, 15, 25]);
  expect(await project.recordings.get(id)).toMatchObject({ rows: 5, gaps: 2, missing: 11 });
  await project.close();
});

test('a deleted recording can be restored until the project is opened next; then it is gone, and nothing else', async () => {
  const path = empty();
  const first = await open(path);
  const [kept, restored, gone] = [await record(first, [1]), await record(first, [2]), await record(first, [3])];
  for (const id of [restored, gone]) await first.recordings.setDeleted(id, true);
  await first.recordings.setDeleted(restored, false);
  expect((await first.recordings.list()).filter((r) => r.deleted).map((r) => r.id)).toEqual([gone]);
  await first.close();

  const second = await open(path);
  expect((await second.recordings.list()).map((r) => r.id)).toEqual([kept, restored]);
  await expect(second.recordings.get(gone)).rejects.toMatchObject({ code: 'noRecording' });
  await second.close();

  const database = await Database.open(join(path, 'project.duckdb'));
  expect(
    await database.rows("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'recording\\_%' ESCAPE '\\'"),
  ).toHaveLength(2);
  expect(await database.rows(`SELECT * FROM channels WHERE recording = ${gone}`)).toEqual([]);
  database.close();
});

test('a recording that is being written cannot be deleted', async () => {
  const project = await open(empty());
  const writer = await project.recordings.create(plain);
  await expect(project.recordings.setDeleted(writer.id, true)).rejects.toMatchObject({ code: 'fault' });
  await project.close();
});

test('a recording gets another label, and only one that is there does', async () => {
  const path = empty();
  const project = await open(path);
  const id = await record(project, [1]);
  await project.recordings.relabel(id, "b'; DROP TABLE recordings; --");
  await expect(project.recordings.relabel(99, 'b')).rejects.toMatchObject({ code: 'noRecording' });
  await project.close();
  const again = await open(path);
  expect((await again.recordings.get(id)).label).toBe("b'; DROP TABLE recordings; --");
  await again.close();
});

test('an import comes in whole, numbers and texts', async () => {
  const project = await open(empty());
  const r = await importCsv(project, parseCsv('x [V],t\n1,a\n,b\n', 'f.csv'), 'imported', 0);
  expect(r).toMatchObject({ label: 'imported', rows: 2, state: 'complete' });
  expect(r.channels.map(({ name, unit }) => [name, unit])).toEqual([
    ['x', 'V'],
    ['t', ''],
  ]);
  expect([...((await project.recordings.values(r)).values[0] ?? [])]).toEqual([1, NaN]);
  expect(await project.recordings.texts(r, 1)).toEqual(['a', 'b']);
  await project.close();
});

test('an import that did not end leaves nothing: not listed, and erased at the next opening', async () => {
  const path = empty();
  const project = await open(path);
  const writer = await project.recordings.create(plain, 'importing');
  const one = Float64Array.of(1);
  writer.append([one, one, one, Int16Array.of(1)], 1, 0);
  writer.flush(0);
  expect(await project.recordings.list()).toEqual([]);
  await project.close();
  // As a process that ended in the middle leaves it.
  const database = await Database.open(join(path, 'project.duckdb'));
  await database.run("UPDATE recordings SET state = 'importing'");
  database.close();
  const again = await open(path);
  await expect(again.recordings.get(writer.id)).rejects.toMatchObject({ code: 'noRecording' });
  await again.close();
});

test('a folder that is no project is refused, and is not made into one', async () => {
  const path = mkdtempSync(join(tmpdir(), 'lepton-store-'));
  await expect(Project.open(path, { create: false })).rejects.toMatchObject({ code: 'notAProject' });
  writeFileSync(join(path, 'other'), '');
  await expect(open(path)).rejects.toMatchObject({ code: 'notAProject' });
  await expect(open(join(path, 'other'))).rejects.toMatchObject({ code: 'notAProject' });
  expect(existsSync(join(path, 'project.duckdb'))).toBe(false);
});

test('a project of a later format is refused by its number', async () => {
  const path = empty();
  await (await open(path)).close();
  const database = await Database.open(join(path, 'project.duckdb'));
  await database.run("UPDATE meta SET value = '7' WHERE key = 'format'");
  database.close();
  await expect(open(path)).rejects.toMatchObject({
    code: 'newerFormat',
    detail: expect.stringContaining('7') as string,
  });
});

test('a file that cannot be put in its place leaves no part of itself', () => {
  const path = mkdtempSync(join(tmpdir(), 'lepton-store-'));
  expect(() => writeWhole(path, 'text')).toThrow();
  expect(existsSync(`${path}.${process.pid}.part`)).toBe(false);
});

test('what was committed survives the sudden end of the process, and the recording is marked as interrupted', async () => {
  const path = empty();
  const child = start(['record', 'demo', '--project', path, '--label', 'a', '--seconds', '60']);
  const log = join(path, 'project.duckdb.wal');
  const grown = (bytes: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const timer = setInterval(() => {
        const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
        if (size <= bytes) return;
        clearInterval(timer);
        resolve(size);
      }, 10);
      void child.ended.then(({ stderr }) => (clearInterval(timer), reject(new Error(stderr))));
    });
  // The tables first, then three commits of rows: each 6 counts and 3 doubles.
  let size = await grown(3000);
  for (let commits = 0; commits < 3; commits++) size = await grown(size);
  child.child.kill('SIGKILL');
  await child.ended;
  const killedMs = Date.now();

  const project = await Project.open(path, { create: false });
  const [recording] = await project.recordings.list();
  expect(recording).toMatchObject({ state: 'interrupted', label: 'a', gaps: 0, missing: 0 });
  if (recording === undefined) return;
  expect(recording.rows).toBeGreaterThan(0);
  // At most the last second; the clock began before the first reading came.
  expect((killedMs - recording.startedMs) / 1000 - recording.seconds).toBeLessThan(1.2);
  const { values } = await project.recordings.values(recording);
  expect(values.every((column) => column.length === recording.rows)).toBe(true);
  await project.close();
});
