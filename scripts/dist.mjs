// npm run dist: packages the app into release/. `-- --dir` makes the app's folder for this system, from the runtime at hand;
// anything else makes installers, which only Electron's own runtime may go into.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { Refusal, script, step } from './child.mjs';
import { fallbackNotice } from './fallback.mjs';
import { modules, release, root } from './place.mjs';
import { setUpApp } from './setup.mjs';

const limitMs = 1_800_000;

/** electron-builder's arguments. Refuses to put the fallback runtime into anything but a folder for trying out. */
export function builderArguments(args, runtime) {
  const isFolderOnly = args.length > 0 && args.every((arg) => arg === '--dir');
  if (runtime.isFallback && !isFolderOnly) {
    throw new Refusal(
      `Only "npm run dist -- --dir" is possible here: Electron ${runtime.version} is the fallback runtime, out of support, and must not be released. ` +
        'Make installers where Electron’s own download can be reached.',
      2,
    );
  }
  // The release's extra fuse is not in the fallback, and a build for another processor must not take this one's runtime.
  const config = ['--config', runtime.isFallback ? 'electron-builder.yml' : 'electron-builder.release.yml'];
  const atHand = isFolderOnly ? [`-c.electronDist=${runtime.folder}`, `-c.electronVersion=${runtime.version}`] : [];
  return [...config, '--publish', 'never', ...atHand, ...args];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(async () => {
    const { runtime } = await setUpApp();
    const args = builderArguments(process.argv.slice(2), runtime);
    await build();
    const builder = join(modules, 'electron-builder', 'cli.js');
    const code = await step(process.execPath, [builder, ...args], { cwd: root, limitMs });
    const folder = join(release, 'linux-unpacked');
    if (code === 0 && runtime.isFallback && existsSync(folder)) {
      writeFileSync(join(folder, 'NOT-FOR-RELEASE.txt'), `${fallbackNotice}\n`);
    }
    return code;
  });
}
