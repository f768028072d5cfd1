// npm start: sets up, builds, and opens the app; without a display it runs the demonstration in the terminal.
import { Refusal, run, say, script } from './child.mjs';
import { build } from './build.mjs';
import { hasDisplay, switches } from './display.mjs';
import { commandLine, root } from './place.mjs';
import { runtimeEnvironment } from './runtime.mjs';
import { setUpApp, setUpPackages } from './setup.mjs';

async function demonstrate(args) {
  say('There is no display here, so the demonstration runs in this terminal instead of the window.');
  await setUpPackages();
  await build();
  return run(process.execPath, [commandLine, 'demo', ...args]);
}

async function open(args) {
  const { runtime, missing } = await setUpApp();
  if (missing) throw new Refusal(missing);
  await build();
  const { list, notes } = switches();
  notes.forEach(say);
  return run(runtime.executable, [...list, root, ...args], { env: runtimeEnvironment(runtime) });
}

const args = process.argv.slice(2);
await script(async () => ((await hasDisplay()) ? open(args) : demonstrate(args)));
