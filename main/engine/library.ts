// The project as the page shows it: recordings and models, read again when something was done to them.
import { statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { InputFault } from '../../model/fault';
import type { EngineState, ModelView, RecordingView } from '../contract';
import { describe } from '../sentences';
import { readCsv } from '../store/csv';
import { columnData, importCsv } from '../store/import';
import { Project } from '../store/project';
import { modelView } from './model-view';
import { loadModel, type StoredModel } from './models';

export interface LibraryHost {
  clockMs(): number;
  changed(): void;
  log(level: 'info' | 'good' | 'warn', text: string): void;
}

export class Library {
  recordings: RecordingView[] = [];
  models: ModelView[] = [];
  view: EngineState['project'];
  private project: Project | null = null;
  private readonly stored = new Map<string, StoredModel>();

  constructor(
    private readonly path: string,
    private readonly host: LibraryHost,
  ) {
    this.view = { name: basename(path), path };
  }

  /** The project; tried again when it could not be opened before. Throws StoreFault. */
  async open(): Promise<Project> {
    if (this.project !== null) return this.project;
    const project = await Project.open(this.path, { create: true });
    this.project = project;
    this.view = { name: project.name, path: project.path };
    for (const id of project.modelIds()) {
      try {
        this.addModel(id);
      } catch (error) {
        this.host.log('warn', describe(error).message);
      }
    }
    await this.readRecordings();
    return project;
  }

  async close(): Promise<void> {
    await this.project?.close();
  }

  async readRecordings(): Promise<void> {
    if (this.project === null) return;
    this.recordings = (await this.project.recordings.list()).map((r) => ({
      id: r.id,
      label: r.label,
      device: r.device,
      simulated: r.simulated,
      state: r.deleted ? 'deleted' : r.state,
      rows: r.rows,
      seconds: r.seconds,
      rateHz: r.rateHz,
      channels: r.channels.filter((c) => c.kind === 'number').map(({ name, unit }) => ({ name, unit })),
      gaps: r.gaps,
      startedMs: r.startedMs,
    }));
    this.host.changed();
  }

  async relabel(recording: number, label: string): Promise<void> {
    await (await this.open()).recordings.relabel(recording, label);
    await this.readRecordings();
  }

  async setDeleted(recording: number, deleted: boolean): Promise<void> {
    await (await this.open()).recordings.setDeleted(recording, deleted);
    await this.readRecordings();
  }

  /** Without a label each file's name is its label. All files are read before the first is stored. */
  async importFiles(files: readonly string[], label: string | undefined): Promise<void> {
    const tables = files.map((file) => {
      const table = readCsv(file);
      return { table, data: columnData(table) };
    });
    const project = await this.open();
    for (const { table, data } of tables) {
      const name = label ?? basename(table.file, extname(table.file));
      const recording = await importCsv(project, table, name, this.host.clockMs(), data);
      this.host.log('good', `Imported ${basename(table.file)}: ${recording.rows} rows.`);
      for (const text of table.assumed) this.host.log('info', text);
    }
    await this.readRecordings();
  }

  /** Takes a model file of the project's folder into the list. Throws InputFault where it is not one. */
  addModel(id: string): void {
    if (this.project === null) return;
    const file = this.project.modelFile(id);
    const stored = loadModel(file);
    this.stored.set(id, stored);
    this.models = [...this.models.filter((view) => view.id !== id), modelView(id, stored, statSync(file).mtimeMs)];
    this.host.changed();
  }

  model(id: string): StoredModel {
    const stored = this.stored.get(id);
    if (stored === undefined)
      throw new InputFault('noModel', `There is no model "${id}" in this project. Train one first.`);
    return stored;
  }
}
