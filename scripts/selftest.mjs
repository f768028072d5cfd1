// Starts the packaged app with --selftest on a hidden display: it must load its page, connect the emulated board, receive readings,
// say so in one line of JSON and end with 0.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Refusal, script } from './child.mjs';
import { switches, withHiddenDisplay } from './display.mjs';
import { release } from './place.mjs';

const limitMs = 90_000;

const executables = {
  linux: 'linux-unpacked/lepton-point',
  win32: 'win-unpacked/Lepton Point.exe',
  darwin: `mac${process.arch === 'arm64' ? '-arm64' : ''}/Lepton Point.app/Contents/MacOS/Lepton Point`,
};

/** The app's one line among what else a program prints, or undefined. */
export function resultIn(text) {
  for (const line of text.split('\n')) {
    if (!line.startsWith('{')) continue;
    try {
      const value = JSON.parse(line);
      if ('selftest' in value) return value;
    } catch {
      // another program's line
    }
  }
  return undefined;
}

/** Why the run is not good, or undefined. */
export function faultIn(code, result) {
  if (result === undefined) return `it ended with code ${code} and no result`;
  if (result.selftest !== 'ok') return `it says ${JSON.stringify(result)}`;
  if (code !== 0) return `it ended with code ${code}`;
  return undefined;
}

function capture(command, args, env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.on('close', (code, signal) => (clearTimeout(timer), resolve({ code: code ?? signal, text })));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(async () => {
    const executable = join(release, executables[process.platform]);
    if (!existsSync(executable)) throw new Refusal(`${executable} is not there: run npm run dist -- --dir first.`);
    const folder = mkdtempSync(join(tmpdir(), 'lepton-point-selftest-'));
    try {
      const args = [...switches().list, `--user-data-dir=${folder}`, '--selftest'];
      const { code, text } = await withHiddenDisplay(process.env, (env) => capture(executable, args, env));
      const result = resultIn(text);
      const fault = faultIn(code, result);
      if (fault) throw new Refusal(`The packaged app failed its self-test: ${fault}.`);
      process.stdout.write(`${JSON.stringify(result)}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
