// `record` and `import`: readings of a device, or rows of CSV files, into a project under a label.
import { basename, extname } from 'node:path';
import { deviceSource } from '../engine/devices';
import { Recorder } from '../engine/recorder';
import { DeviceSession } from '../engine/session';
import { columnData, importCsv } from '../store/import';
import { readCsv } from '../store/csv';
import { Project } from '../store/project';
import type { Recording } from '../store/recordings';
import { type Output, interrupted } from './output';

export interface RecordOptions {
  project: string;
  label: string;
  seconds?: number | undefined;
  rate?: number | undefined;
}

export async function record(path: string, options: RecordOptions, output: Output): Promise<void> {
  const source = deviceSource(path);
  let ended: () => void = () => undefined;
  const end = new Promise<void>((resolve) => (ended = resolve));
  let recorder: Recorder | null = null;
  let startS = 0;
  const session: DeviceSession = new DeviceSession(
    source,
    {
      onReadings: (readings) => {
        if (recorder === null) return;
        recorder.add(readings);
        if (startS === 0) startS = readings.timeS[0] ?? session.nowS;
        const seconds = (readings.timeS.at(-1) ?? startS) - startS;
        output.progress(`${recorder.rows} readings, ${seconds.toFixed(1)} s, lost ${session.losses.total}`);
        if (options.seconds !== undefined && seconds >= options.seconds) ended();
      },
      onChange: ({ status }) => {
        if (status === 'lost' || status === 'failed') ended();
      },
    },
    { ...(options.rate !== undefined && { rateHz: options.rate }), reconnect: false },
  );
  // The device first: where there is none, no project is made either.
  await session.open();
  let project: Project | null = null;
  try {
    project = await Project.open(options.project, { create: true });
    recorder = await Recorder.start(project, session, options.label, Date.now);
    await Promise.race([end, interrupted()]);
    const fault = session.fault;
    await session.close();
    await recorder.finish(fault === null ? 'complete' : 'interrupted');
    report([await project.recordings.get(recorder.id)], [], output);
    if (fault !== null) throw fault;
  } finally {
    await session.close();
    await project?.close();
  }
}

export interface ImportOptions {
  project: string;
  label?: string | undefined;
}

export async function importFiles(files: readonly string[], options: ImportOptions, output: Output): Promise<void> {
  // All files are read and checked before the project is touched: one bad cell leaves it as it was.
  const tables = files.map((file) => readCsv(file));
  const columns = tables.map(columnData);
  const project = await Project.open(options.project, { create: true });
  try {
    const recordings: Recording[] = [];
    for (const [i, table] of tables.entries()) {
      const label = options.label ?? basename(table.file, extname(table.file));
      recordings.push(await importCsv(project, table, label, Date.now(), columns[i]));
    }
    report(recordings, [...new Set(tables.flatMap((table) => table.assumed))], output);
  } finally {
    await project.close();
  }
}

function report(recordings: readonly Recording[], assumed: readonly string[], output: Output): void {
  for (const r of recordings) {
    output.say(
      `Recording ${r.id} "${r.label}": ${r.rows} rows, ${r.channels.length} channels, ${r.seconds.toFixed(1)} s, ${r.gaps} gaps`,
    );
  }
  for (const text of assumed) output.say(text);
  output.result({
    recordings: recordings.map(({ id, label, rows, channels, seconds, gaps, state }) => ({
      id,
      label,
      rows,
      channels: channels.map(({ name, unit }) => ({ name, unit })),
      seconds,
      gaps,
      state,
    })),
    assumed,
    warnings: [],
  });
}
