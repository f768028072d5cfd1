// The built command line as a child process, as a person or a script runs it; and folders for it to work in.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const CLI = 'dist/main/cli.cjs';

export interface Ended {
  /** Null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves when standard output or error has shown this text. */
  shows(text: string): Promise<void>;
}

const LIMIT_MS = 100_000;

export function start(args: readonly string[]): Started {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
  let stdout = '';
  let stderr = '';
  let seen: () => void = () => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    seen();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    seen();
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return {
    child,
    ended,
    shows: (text) =>
      new Promise((resolve, reject) => {
        seen = () => {
          if (stdout.includes(text) || stderr.includes(text)) resolve();
        };
        seen();
        void ended.then(() => reject(new Error(`ended without "${text}": ${stdout}${stderr}`)));
      }),
  };
}

export const run = (...args: string[]): Promise<Ended> => start(args).ended;

/** The one JSON document that a command printed; throws when there is anything else. */
export function document<T>({ stdout, stderr }: Ended): T {
  const lines = stdout.split('\n').filter((line) => line !== '');
  if (lines.length !== 1) throw new Error(`not one document: ${stdout}${stderr}`);
  return JSON.parse(lines[0] ?? '') as T;
}

export function folder(files: Record<string, string | Uint8Array> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'lepton-cli-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

/** SHA-256 over the names and contents of all that is in a folder. */
export function hash(path: string): string {
  const sum = createHash('sha256');
  const visit = (at: string): void => {
    sum.update(`${at}\n`);
    if (statSync(at).isDirectory()) for (const name of readdirSync(at).sort()) visit(join(at, name));
    else sum.update(readFileSync(at));
  };
  visit(path);
  return sum.digest('hex');
}

/** Two classes, apart but touching: a line each way, with a spread that follows from the row's number. */
export function twoClasses(rows = 200): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const hot = i % 2;
    const a = 3 * hot + Math.sin(i * 12.9898);
    const b = -2 * hot + Math.cos(i * 78.233);
    return `${a.toFixed(3)},${b.toFixed(3)},${hot === 1 ? 'hot' : 'cold'}`;
  });
  return `a,b,kind\n${lines.join('\n')}\n`;
}
