// The store: rows appended as a recording appends them, until the last is committed; beside a plain file that is synced as often.
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ColumnData } from '../store/database';
import { Project } from '../store/project';
import { type Budget, median } from './race';
import { type BenchResult, moreThan } from './result';

const CHANNELS = 6;
const BATCH_ROWS = 2048;
const RUNS = 3;
const SYNC_MS = 500;
/** Sequence and two times as doubles, channels as 16-bit counts. */
const ROW_BYTES = 3 * 8 + CHANNELS * 2;
const LIMIT_VALUES_PER_SECOND = 1e6;

export async function store(budget: Budget): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lepton-bench-'));
  try {
    const project = await Project.open(join(folder, 'project'), { create: true });
    const rates: number[] = [];
    const fileRates: number[] = [];
    try {
      for (let run = 0; run < RUNS; run++) {
        rates.push(await appendRate(project, { ...budget, seconds: budget.seconds / 2 }));
        fileRates.push(fileRate(join(folder, `plain-${run}`), { ...budget, seconds: budget.seconds / 2 }));
      }
    } finally {
      await project.close();
    }
    const size = `${CHANNELS} channels, batches of ${BATCH_ROWS} rows`;
    const measured = { name: 'store append', size, value: median(rates), unit: 'values/s', runs: RUNS };
    return [
      moreThan({ name: 'limit', value: LIMIT_VALUES_PER_SECOND }, measured),
      moreThan({ name: 'the same bytes into a plain file', value: median(fileRates) }, measured),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function appendRate(project: Project, { seconds, nowMs }: Budget): Promise<number> {
  const channels = Array.from({ length: CHANNELS }, (_, c) => ({
    name: `A${c}`,
    unit: 'V',
    kind: 'number' as const,
    calibration: { unitPerCount: 5 / 1024, offset: 0 },
  }));
  const writer = await project.recordings.create({
    label: 'bench',
    source: 'bench',
    device: 'bench',
    firmware: '',
    simulated: true,
    rateHz: 0,
    startedMs: nowMs(),
    channels,
  });
  const sequence = new Float64Array(BATCH_ROWS);
  const timeS = Float64Array.from(sequence, (_, r) => r / 1000);
  const counts = Array.from({ length: CHANNELS }, (_, c) => new Int16Array(BATCH_ROWS).fill(c * 100));
  const columns: ColumnData[] = [sequence, timeS, timeS, ...counts];
  const startMs = nowMs();
  do {
    for (let r = 0; r < BATCH_ROWS; r++) sequence[r] = writer.rows + r;
    writer.append(columns, BATCH_ROWS, nowMs());
  } while (nowMs() - startMs < seconds * 1000);
  await writer.finish('complete');
  return (writer.rows * CHANNELS) / ((nowMs() - startMs) / 1000);
}

function fileRate(file: string, { seconds, nowMs }: Budget): number {
  const batch = new Uint8Array(BATCH_ROWS * ROW_BYTES).fill(7);
  const handle = openSync(file, 'w');
  try {
    const startMs = nowMs();
    let syncedMs = startMs;
    let rows = 0;
    do {
      writeSync(handle, batch);
      rows += BATCH_ROWS;
      if (nowMs() - syncedMs >= SYNC_MS) {
        fsyncSync(handle);
        syncedMs = nowMs();
      }
    } while (nowMs() - startMs < seconds * 1000);
    fsyncSync(handle);
    return (rows * CHANNELS) / ((nowMs() - startMs) / 1000);
  } finally {
    closeSync(handle);
  }
}
