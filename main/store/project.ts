// A project: a folder with one database, `models/` and `plans/`. One process has it at a time.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Database } from './database';
import { StoreFault } from './fault';
import { Recordings } from './recordings';

const FORMAT = 1;
const DATABASE_FILE = 'project.duckdb';

export class Project {
  private constructor(
    readonly path: string,
    private readonly database: Database,
    readonly recordings: Recordings,
  ) {}

  get name(): string {
    return basename(this.path);
  }

  static exists(path: string): boolean {
    return existsSync(join(path, DATABASE_FILE));
  }

  /** Opens the project in this folder; with `create` makes it where the folder is absent or empty. */
  static async open(folder: string, options: { create: boolean }): Promise<Project> {
    const path = resolve(folder);
    const there = Project.exists(path);
    if (!there && !options.create) throw new StoreFault('notAProject', path);
    if (!there && existsSync(path) && (!statSync(path).isDirectory() || readdirSync(path).length > 0)) {
      throw new StoreFault('notAProject', path, 'it holds other files');
    }
    try {
      mkdirSync(join(path, 'models'), { recursive: true });
      mkdirSync(join(path, 'plans'), { recursive: true });
    } catch (error) {
      throw new StoreFault('fault', path, error instanceof Error ? error.message : String(error));
    }
    const database = await Database.open(join(path, DATABASE_FILE));
    try {
      await checkFormat(database, path);
      return new Project(path, database, await Recordings.open(database, path));
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** Ids of the models in it: file names without ending. */
  modelIds(): string[] {
    return readdirSync(join(this.path, 'models'))
      .filter((file) => file.endsWith(MODEL_ENDING))
      .map((file) => file.slice(0, -MODEL_ENDING.length))
      .sort();
  }

  modelFile(id: string): string {
    if (!/^[\w.-]+$/.test(id)) throw new StoreFault('fault', this.path, `"${id}" cannot be a model's name`);
    return join(this.path, 'models', id + MODEL_ENDING);
  }

  readModel(id: string): string {
    return readFileSync(this.modelFile(id), 'utf8');
  }

  savePlan(name: string, text: string): void {
    writeWhole(join(this.path, 'plans', `${name}.json`), text);
  }

  async close(): Promise<void> {
    await this.recordings.close();
    await this.database.close();
  }
}

export const MODEL_ENDING = '.lepton.json';

/** Writes a file so that a reader, or a crash, meets the old one or the new one, never a part. */
export function writeWhole(file: string, text: string): void {
  const part = `${file}.${process.pid}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

async function checkFormat(database: Database, path: string): Promise<void> {
  await database.run('CREATE TABLE IF NOT EXISTS meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)');
  await database.run("INSERT OR IGNORE INTO meta VALUES ('format', $1)", [String(FORMAT)]);
  const format = Number((await database.rows("SELECT value FROM meta WHERE key = 'format'"))[0]?.['value']);
  if (!(format <= FORMAT))
    throw new StoreFault('newerFormat', path, `format ${format}, this program reads up to ${FORMAT}`);
}
