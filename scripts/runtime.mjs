// The Electron runtime: Electron's own, else the fallback where its download host cannot be reached.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal, say, step } from './child.mjs';
import { fallbackFolder, isFallbackPossible, makeFallback } from './fallback.mjs';
import { withLock } from './lock.mjs';
import { cache, modules, root } from './place.mjs';

const packageFolder = join(modules, 'electron');
const downloadLimitMs = 600_000;

const executables = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
const executableIn = (folder) => join(folder, executables[process.platform] ?? 'electron');

function versionIn(folder) {
  try {
    return readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
  } catch {
    return undefined;
  }
}

/** The version that package.json asks for. */
export const wantedVersion = () => JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version;

/**
 * The runtime at hand, or undefined: `{ folder, executable, version, isFallback }`.
 * ELECTRON_OVERRIDE_DIST_PATH names a folder that is taken as it is, as Electron's own launcher does.
 */
export function findRuntime(env = process.env) {
  const wanted = wantedVersion();
  const own = join(packageFolder, 'dist');
  for (const folder of env.ELECTRON_OVERRIDE_DIST_PATH ? [env.ELECTRON_OVERRIDE_DIST_PATH] : [own, fallbackFolder]) {
    const version = versionIn(folder);
    // Electron writes path.txt when its unpacking has ended; before that its folder may be half full.
    const isWhole = folder !== own || (version === wanted && existsSync(join(packageFolder, 'path.txt')));
    if (version && isWhole && existsSync(executableIn(folder))) {
      return { folder, executable: executableIn(folder), version, isFallback: version !== wanted };
    }
  }
  return undefined;
}

/** Environment in which `require('electron')`, Playwright and the builder find this runtime. */
export const runtimeEnvironment = ({ folder }, env = process.env) => ({ ...env, ELECTRON_OVERRIDE_DIST_PATH: folder });

export async function ensureRuntime() {
  const found = findRuntime();
  if (found) return found;
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) {
    throw new Refusal(
      `ELECTRON_OVERRIDE_DIST_PATH is ${process.env.ELECTRON_OVERRIDE_DIST_PATH}, but there is no Electron in it.`,
    );
  }
  return withLock(cache, 'set-up', 2 * downloadLimitMs, async (share) => {
    if (!findRuntime()) await fetchRuntime(share);
    const runtime = findRuntime();
    if (!runtime)
      throw new Refusal(
        'The Electron runtime was fetched but is not whole. Delete node_modules/electron and .cache, and try again.',
      );
    return runtime;
  });
}

async function fetchRuntime(share) {
  say(`Downloading Electron ${wantedVersion()} …`);
  const args = [join(packageFolder, 'install.js')];
  const code = await step(process.execPath, args, {
    cwd: root,
    limitMs: downloadLimitMs,
    prints: 'nothing',
    share,
  });
  if (code === 0) return;
  say(`Electron ${wantedVersion()} could not be downloaded from its own host.`);
  if (!isFallbackPossible()) {
    throw new Refusal(
      'There is no other runtime for this system. Connect to the internet, or set ELECTRON_MIRROR, and try again.',
    );
  }
  await makeFallback(share);
}
