// npm run -s cli -- …: makes sure that packages and build are current (said on standard error), then is the command line.
import { createRequire } from 'node:module';
import { build } from './build.mjs';
import { script } from './child.mjs';
import { commandLine, root } from './place.mjs';
import { setUpPackages } from './setup.mjs';

const prepared = await script(async () => {
  await setUpPackages();
  await build();
});

if (prepared === 0) {
  // npm runs its scripts in the package's folder; paths on the command line mean the folder that npm was called in.
  const { INIT_CWD, npm_lifecycle_event: event } = process.env;
  if (INIT_CWD && ['cli', 'bench'].includes(event) && process.cwd() === root) process.chdir(INIT_CWD);
  process.argv.splice(1, 1, commandLine);
  createRequire(import.meta.url)(commandLine);
}
