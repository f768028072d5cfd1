// `train`: CSV files or a project in, a model file out, with figures on rows that were held back.
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputFault } from '../../model/fault';
import type { FitSettings } from '../../model/settings';
import type { Table } from '../../model/table';
import { startTraining } from '../engine/trainer';
import { RECORDING_LABEL, type TableOptions, tableFromCsv, tableFromProject } from '../source';
import { type CsvTable, readCsv } from '../store/csv';
import { Project, writeWhole } from '../store/project';
import { inFile } from './in-file';
import { metricsLines } from './metrics';
import { type Output, interrupted } from './output';

export interface TrainOptions extends TableOptions {
  settings: Partial<FitSettings>;
  out: string;
}

/** A project's folder, or CSV files. */
export async function readSource(
  source: readonly string[],
  options: TableOptions,
): Promise<{ table: Table; assumed: string[] }> {
  const first = source[0] ?? '';
  if (source.length === 1 && isFolder(first)) {
    const project = await Project.open(first, { create: false });
    try {
      return {
        table: await tableFromProject(project, { ...options, label: options.label ?? RECORDING_LABEL }),
        assumed: [],
      };
    } finally {
      await project.close();
    }
  }
  const files: CsvTable[] = source.map((file) => readCsv(file));
  return { table: tableFromCsv(files, options), assumed: [...new Set(files.flatMap((file) => file.assumed))] };
}

export async function train(source: readonly string[], options: TrainOptions, output: Output): Promise<void> {
  checkModelFile(options.out);
  const { table, assumed } = await readSource(source, options);
  // Ctrl-C keeps what was learnt so far.
  const stopped = interrupted();
  for (const text of assumed) output.note(text);
  const training = startTraining(table, options.settings, (progress) => {
    if (progress.epoch === 0) return;
    const loss = progress.losses.at(-1)?.toPrecision(4) ?? '';
    output.progress(`epoch ${progress.epoch} of at most ${progress.epochs}, loss ${loss}`);
  });
  void stopped.then(() => training.stop());
  const { text, sha256, report } = await training.done.catch((error: unknown) => {
    // A setting out of its bounds is no file's fault.
    const ofFile = source.length === 1 && error instanceof InputFault && error.code !== 'badSetting';
    throw ofFile ? inFile(source[0] ?? '', error) : error;
  });
  writeModelFile(options.out, text);
  output.say(
    `${options.out}: ${report.features.length} features, ${report.epochs} epochs, ${report.seconds.toFixed(1)} s`,
  );
  output.say(`Split by ${report.split.by}: ${report.split.reason}`);
  for (const line of metricsLines(report.metrics, report.classes ?? [], report.baseline)) output.say(line);
  for (const warning of report.warnings) output.note(warning);
  output.result({ model: options.out, sha256, ...report, assumed });
}

/** Nobody should wait for a training whose model has no place to go. */
function checkModelFile(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw cannotWrite(file, error);
  }
  if (isFolder(file)) throw cannotWrite(file, new Error('this is a folder'));
}

function writeModelFile(file: string, text: string): void {
  try {
    writeWhole(file, text);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

function cannotWrite(file: string, error: unknown): InputFault {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const message = error instanceof Error ? error.message : String(error);
  const why = code === 'ENOENT' ? `there is no folder ${dirname(file)}` : message;
  return new InputFault('cannotWrite', `Cannot write ${file}: ${why}. Choose another --out.`, { file });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
