// Builds the three programs into dist/ when their sources have changed since the last build; `--force` builds in any case.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Refusal, say, script, step } from './child.mjs';
import { withLock } from './lock.mjs';
import { cache, dist, modules, root } from './place.mjs';
import { fingerprint, isCurrent, removeStamp, writeStamp } from './stamp.mjs';

const sources = ['main', 'renderer', 'device', 'model', 'vite.config.ts', 'tsconfig.json', 'package-lock.json'];
const stamp = join(dist, '.build-stamp');
const limitMs = 300_000;

/** Not part of the programs: what the build itself generates, texts, and the firmware's C sources (its images are). */
const skip = (path) =>
  path === 'renderer/paraglide' || /^renderer\/project\.inlang\/(?!settings\.json$)|\.(md|c|h)$/.test(path);

const print = () => fingerprint(root, sources, skip);

export const isBuilt = () => isCurrent(stamp, print());

/** For whoever writes into dist/ by other means. */
export const forgetBuild = () => removeStamp(stamp);

/** Path → time of last change, for every file under `folder`. */
export function snapshot(folder, found = new Map()) {
  if (!existsSync(folder)) return found;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) snapshot(path, found);
    else found.set(path, statSync(path).mtimeMs);
  }
  return found;
}

/** Removes what a build did not write again. Before the build nothing is removed: a program that runs from dist/ keeps its files until then. */
export function sweep(folder, before) {
  for (const [path, changedMs] of snapshot(folder)) {
    if (before.get(path) === changedMs) rmSync(path);
  }
}

/** Vite must not take over the mode of a test runner that calls this. */
function cleanEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|VITE_|NODE_ENV$|NODE_OPTIONS$|DEV$|PROD$|MODE$|TEST$)/.test(name),
  );
  return { ...Object.fromEntries(kept), NODE_ENV: 'production' };
}

export async function build({ force = false } = {}) {
  if (!force && isBuilt()) return;
  await withLock(cache, 'build', 2 * limitMs, async (share) => {
    const made = print();
    if (!force && isCurrent(stamp, made)) return;
    const vite = join(modules, 'vite', 'bin', 'vite.js');
    if (!existsSync(vite)) throw new Refusal('The build needs the packages: run npm start, or npm ci.');
    const startMs = Date.now();
    say('Building …');
    forgetBuild();
    const before = snapshot(dist);
    const code = await step(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: root,
      env: cleanEnvironment(),
      limitMs,
      share,
    });
    if (code !== 0) throw new Refusal(`The build failed (vite, code ${code}).`);
    sweep(dist, before);
    writeStamp(stamp, made);
    say(`Built in ${((Date.now() - startMs) / 1000).toFixed(1)} s.`);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await script(() => build({ force: process.argv.includes('--force') }));
