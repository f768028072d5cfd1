// npm ci, when the packages are not those of the lockfile.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal, say, step } from './child.mjs';
import { withLock } from './lock.mjs';
import { cache, modules, root } from './place.mjs';
import { fingerprint, isCurrent, removeStamp, writeStamp } from './stamp.mjs';

const stamp = join(modules, '.setup-stamp');
const limitMs = 1_200_000;

/** The npm that runs this script, or the one on the path: a program and its first arguments. */
export function npm(env = process.env) {
  if (/npm-cli\.c?js$/.test(env.npm_execpath ?? '')) return [process.execPath, env.npm_execpath];
  return process.platform === 'win32' ? ['cmd.exe', '/c', 'npm'] : ['npm'];
}

const print = () => `${process.platform} ${process.arch} ${fingerprint(root, ['package-lock.json'])}`;

/**
 * Whether npm's own record of what it installed, which it writes when it has ended well, fits the lockfile: every direct dependency
 * is there and nothing has another version. What only an optional package brings may be absent (TensorFlow where its download is unreachable).
 */
export function isInstalled(lock, installed) {
  if (!lock || !installed) return false;
  const { dependencies, devDependencies } = lock.packages[''];
  const direct = Object.keys({ ...dependencies, ...devDependencies });
  return (
    direct.every((name) => `node_modules/${name}` in installed.packages) &&
    Object.entries(installed.packages).every(([path, { version }]) => version === lock.packages[path]?.version)
  );
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const agrees = () =>
  isInstalled(readJson(join(root, 'package-lock.json')), readJson(join(modules, '.package-lock.json')));

export const hasPackages = () => isCurrent(stamp, print());

export async function installPackages() {
  if (hasPackages()) return;
  await withLock(cache, 'set-up', 2 * limitMs, async (share) => {
    const made = print();
    if (isCurrent(stamp, made)) return;
    if (!agrees()) {
      say('Installing the packages (half a minute to a few) …');
      removeStamp(stamp);
      const [command, ...prefix] = npm();
      // Development and optional packages are needed here whatever NODE_ENV or a user's npm settings leave out.
      const args = [
        ...prefix,
        'ci',
        '--include=dev',
        '--include=optional',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
      ];
      const code = await step(command, args, { cwd: root, limitMs, share });
      if (code !== 0)
        throw new Refusal(
          `npm ci failed (code ${code}); its reason is above. Nothing else was done: the next try starts it afresh.`,
        );
    }
    writeStamp(stamp, made);
  });
}
