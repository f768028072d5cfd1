// npm test: sets up, builds, and runs the unit and end-to-end tests on a display of their own. Further arguments go to vitest.
import { join } from 'node:path';
import { build } from './build.mjs';
import { run, say, script } from './child.mjs';
import { withHiddenDisplay } from './display.mjs';
import { modules, root } from './place.mjs';
import { runtimeEnvironment } from './runtime.mjs';
import { setUpApp } from './setup.mjs';

const isProject = (arg) => arg === '--project' || arg.startsWith('--project=');

const vitest = (args, env) =>
  run(process.execPath, [join(modules, 'vitest', 'vitest.mjs'), 'run', ...args], { cwd: root, env });

await script(async () => {
  const args = process.argv.slice(2);
  const { runtime, missing } = await setUpApp({ forTests: true });
  await build();
  const env = runtimeEnvironment(runtime);
  if (missing) {
    const code = await vitest([...(args.some(isProject) ? [] : ['--project', 'unit']), ...args], env);
    say(`The end-to-end tests did not run. ${missing}`);
    return code || 1;
  }
  const projects = args.some(isProject) ? [] : ['--project', 'unit', '--project', 'e2e'];
  return withHiddenDisplay(env, (hidden) => vitest([...projects, ...args], hidden));
});
