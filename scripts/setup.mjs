// Makes a fresh clone ready: packages, Electron runtime, system packages. Quick when nothing changed; safe to interrupt and repeat.
// As a program: sets up for the app, with `--tests` for the tests too.
import { pathToFileURL } from 'node:url';
import { Refusal, say, script } from './child.mjs';
import { fallbackNotice } from './fallback.mjs';
import { installPackages } from './packages.mjs';
import { ensureRuntime } from './runtime.mjs';
import { prepareSystem } from './system.mjs';

const oldestNode = [20, 19];

/** Vite and Electron's launcher load modules in a way that came with this version. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new Refusal(`Node.js ${oldestNode.join('.')} or newer is needed; this is ${version}.`);
}

/** What the command line needs. */
export async function setUpPackages() {
  checkNode();
  await installPackages();
}

/** What the window needs. `missing` is a sentence about what only a person can install, or undefined. */
export async function setUpApp({ forTests = false } = {}) {
  await setUpPackages();
  const runtime = await ensureRuntime();
  if (runtime.isFallback) say(fallbackNotice);
  return { runtime, missing: await prepareSystem({ runtime, forTests }) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(async () => {
    const { missing } = await setUpApp({ forTests: process.argv.includes('--tests') });
    if (missing) throw new Refusal(missing);
  });
}
