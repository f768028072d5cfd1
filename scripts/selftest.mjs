// Starts the packaged app with --selftest on a hidden display: it must load its page, connect the emulated board, receive readings,
// say so in one line of JSON and end with 0.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

/** Paths in the package that do not belong there: the app is dist/, package.json and the packages that it loads at run time. */
export function strayIn(paths) {
  return paths.filter(
    (path) => !/^\/(dist|node_modules)(\/|$)|^\/package\.json$/.test(path) || /\.map$|^\/dist\/\./.test(path),
  );
}

async function checkContents(folder) {
  const { listPackage } = await import('@electron/asar');
  const stray = strayIn(listPackage(join(folder, 'app.asar'), {}).map((path) => path.replaceAll('\\', '/')));
  if (stray.length > 0) throw new Refusal(`The package holds what it should not: ${stray.slice(0, 5).join(', ')} …`);
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
    await checkContents(join(dirname(executable), process.platform === 'darwin' ? '../Resources' : 'resources'));
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
