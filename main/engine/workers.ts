// Where the built worker programs are: beside the bundle in the app and on the command line, in dist/main for tests.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export type WorkerName = 'emulator' | 'trainer';

export function workerFile(name: WorkerName): string {
  const candidates = [__dirname, join(process.cwd(), 'dist/main')].map((folder) => join(folder, `${name}.cjs`));
  const found = candidates.find((file) => existsSync(file));
  if (found === undefined) throw new Error(`${name}.cjs is not built; looked in ${candidates.join(' and ')}`);
  return found;
}
