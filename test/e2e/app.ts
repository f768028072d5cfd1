// The real app in the real runtime, started for a test and gone after it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, type Page, _electron } from 'playwright-core';

export const root = join(import.meta.dirname, '../..');

export interface RunningApp {
  app: ElectronApplication;
  page: Page;
  /** Of the app's own process. */
  pid: number;
  folder: string;
  /** What the page wrote to its console as an error, or threw. */
  errors: string[];
}

export async function launch(
  folder = mkdtempSync(join(tmpdir(), 'lepton-e2e-')),
  args: string[] = [],
): Promise<RunningApp> {
  // Not executablePath: with it Playwright leaves out its loader, and the app may be ready before Playwright listens.
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', RUNTIME], { cwd: root, encoding: 'utf8' }),
  ) as string;
  const app = await _electron.launch({
    timeout: 60_000,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      `--user-data-dir=${folder}/user`,
      root,
      `--project=${folder}/project`,
      ...args,
    ],
    cwd: root,
  });
  const page = await app.firstWindow();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { app, page, pid: app.process().pid ?? 0, folder, errors };
}

const RUNTIME = `
  const { ensureRuntime } = await import('./scripts/runtime.mjs');
  console.log(JSON.stringify((await ensureRuntime()).folder));`;

export function remove({ folder }: RunningApp): void {
  rmSync(folder, { recursive: true, force: true });
}

/** A process and all that it started, by the system's process table. */
export function processTree(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${entry}/status`, 'utf8'))?.[1]);
      parents.set(parent, [...(parents.get(parent) ?? []), Number(entry)]);
    } catch {
      // It ended meanwhile.
    }
  }
  const all = [pid];
  for (const id of all) all.push(...(parents.get(id) ?? []));
  return all;
}

export const alive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
