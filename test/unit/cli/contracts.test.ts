// What the commands print with --json: the names of the fields, and what must hold between them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { document, folder, run, start, twoClasses } from './cli';

const place = folder({
  'rows.csv': twoClasses(),
  'bare.csv': twoClasses().replace('a,b,kind\n', '').replaceAll('hot', '1').replaceAll('cold', '0'),
});
const at = (name: string): string => join(place, name);
const train = (out: string, seed: number): Promise<Awaited<ReturnType<typeof run>>> =>
  run(
    ...['train', at('rows.csv'), '--label', 'kind', '--hidden', '4', '--epochs', '30'],
    ...['--seed', String(seed), '--out', at(out), '--json'],
  );

interface ReadingsLine {
  type: 'readings';
  hostTimeS: number[];
  sequence: number[];
  channels: Record<string, number[]>;
}
interface SummaryLine {
  type: 'summary';
  driver: string;
  baud: number;
  frames: number;
  readings: number;
  produced: number;
  losses: { total: number; device: number; wire: number; host: number };
  rateHz: number;
  latencyUs: Record<'p50' | 'p95' | 'p99' | 'max', number>;
}

function stream(stdout: string): { readings: ReadingsLine[]; summary: SummaryLine } {
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ReadingsLine | SummaryLine);
  const summary = lines.pop();
  if (summary?.type !== 'summary') throw new Error('the last line is no summary');
  return { readings: lines as ReadingsLine[], summary };
}

test('devices lists the emulated board with the fields of a port', async () => {
  const { devices } = document<{ devices: Record<string, unknown>[] }>(await run('devices', '--json'));
  const emulated = devices.find((device) => device['path'] === 'emulator:industrial');
  expect(Object.keys(emulated ?? {})).toEqual(
    expect.arrayContaining(['path', 'product', 'vendorId', 'productId', 'serialNumber', 'driver', 'state']),
  );
});

test('monitor gives every sequence number once, and its counters add up', async () => {
  const ended = await run('monitor', 'demo', '--seconds', '2', '--json');
  expect(ended.code, ended.stderr).toBe(0);
  const { readings, summary } = stream(ended.stdout);
  const sequence = readings.flatMap((line) => line.sequence);
  const first = sequence[0] ?? NaN;
  expect(sequence).toEqual(Array.from(sequence, (_, i) => first + i));
  for (const { hostTimeS, channels, sequence: s } of readings) {
    expect(hostTimeS).toHaveLength(s.length);
    expect(Object.keys(channels)).toHaveLength(6);
    for (const values of Object.values(channels)) expect(values).toHaveLength(s.length);
  }
  expect(summary).toMatchObject({ device: 'demo', baud: 115200, readings: sequence.length });
  expect(summary.losses.total).toBe(summary.losses.device + summary.losses.wire + summary.losses.host);
  expect(summary.produced).toBe(summary.readings + summary.losses.total);
  expect(Object.keys(summary.latencyUs)).toEqual(['p50', 'p95', 'p99', 'max']);
});

test('monitor ends cleanly at Ctrl-C, with its summary', async () => {
  const { child, shows, ended } = start(['monitor', 'demo', '--json']);
  await shows('"readings"');
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  expect(code).toBe(0);
  const { readings, summary } = stream(stdout);
  expect(summary.readings).toBe(readings.flatMap((line) => line.sequence).length);
});

test('monitor ends quietly when its reader goes away', async () => {
  const { child, shows, ended } = start(['monitor', 'demo', '--json']);
  await shows('"readings"');
  child.stdout?.destroy();
  const { code, stderr } = await ended;
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/EPIPE|Error/);
});

test('record and import put recordings into one project, and training takes them from it', async () => {
  const project = at('project');
  const made: string[] = [];
  for (const label of ['a', 'b']) {
    const ended = await run('record', 'demo', '--project', project, '--label', label, '--seconds', '1', '--json');
    expect(ended.code, ended.stderr).toBe(0);
    const { recordings, assumed, warnings } = document<{
      recordings: { id: number; label: string; rows: number; channels: unknown[]; seconds: number; gaps: number }[];
      assumed: string[];
      warnings: string[];
    }>(ended);
    expect(recordings).toMatchObject([{ label, gaps: 0, state: 'complete' }]);
    expect(recordings[0]?.channels).toHaveLength(6);
    expect(recordings[0]?.seconds).toBeGreaterThanOrEqual(1);
    expect([assumed, warnings]).toEqual([[], []]);
    made.push(String(recordings[0]?.rows));
  }
  const trained = await run(
    ...['train', project, '--label', 'label', '--hidden', '2', '--epochs', '2', '--out', at('p.json'), '--json'],
  );
  expect(document<{ classes: string[] }>(trained).classes).toEqual(['a', 'b']);
  const imported = document<{ recordings: { id: number; rows: number; label: string }[] }>(
    await run('import', at('rows.csv'), '--project', project, '--json'),
  );
  expect(imported.recordings).toMatchObject([{ id: 3, rows: 200, label: 'rows' }]);
});

test('the same seed gives the same bytes, another seed others; evaluate and predict take the model', async () => {
  const [one, two, other] = [await train('1.json', 7), await train('2.json', 7), await train('3.json', 8)];
  const report = document<Record<string, unknown>>(one);
  expect(Object.keys(report)).toEqual(
    expect.arrayContaining(
      'model sha256 engine seed epochs seconds features classes split metrics baseline warnings'.split(' '),
    ),
  );
  expect(report['split']).toMatchObject({ by: 'stratified', train: 130, validation: 30, test: 40 });
  expect(document<Record<string, unknown>>(two)['sha256']).toBe(report['sha256']);
  expect(readFileSync(at('1.json')).equals(readFileSync(at('2.json')))).toBe(true);
  expect(document<Record<string, unknown>>(other)['sha256']).not.toBe(report['sha256']);

  interface Figures {
    accuracy: number;
    confusion: number[][];
  }
  const judged = document<{ rows: number; metrics: Figures; int8: { metrics: Figures; sameClass: number } }>(
    await run('evaluate', at('1.json'), at('rows.csv'), '--int8', '--json'),
  );
  const answered = document<{ rows: number; classes: string[]; predictions: { class: string; scores: number[] }[] }>(
    await run('predict', at('1.json'), at('rows.csv'), '--json'),
  );
  const truth = twoClasses()
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[2]);
  const right = answered.predictions.filter((p, i) => p.class === truth[i]).length;
  expect(judged.rows).toBe(200);
  expect(judged.metrics.accuracy).toBeCloseTo(right / 200, 12);
  expect(judged.metrics.confusion.flat().reduce((a, b) => a + b)).toBe(200);
  expect(judged.int8.sameClass).toBeGreaterThanOrEqual(0.99);
  for (const { scores } of answered.predictions) expect(scores.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
});

test('training ends at Ctrl-C with a model of what was learnt so far', async () => {
  const { child, shows, ended } = start([
    ...['train', at('bare.csv'), '--label', 'column3', '--epochs', '100000', '--patience', '100000'],
    ...['--out', at('stopped.json'), '--json'],
  ]);
  // Said when it begins.
  await shows('no header');
  child.kill('SIGINT');
  const stopped = await ended;
  expect(stopped.code, stopped.stderr).toBe(0);
  expect(document<{ epochs: number }>(stopped).epochs).toBeLessThan(100000);
  expect((await run('evaluate', at('stopped.json'), at('bare.csv'), '--json')).code).toBe(0);
});
