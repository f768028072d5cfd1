// npm run dev: the page from Vite's development server, the main side built again on each change and Electron started anew with it.
import { spawn } from 'node:child_process';
import { forgetBuild } from './build.mjs';
import { Refusal, say, script } from './child.mjs';
import { hasDisplay, switches } from './display.mjs';
import { root } from './place.mjs';
import { runtimeEnvironment } from './runtime.mjs';
import { setUpApp } from './setup.mjs';

/** Electron, started again on each call once the one before has ended; an end of its own (the window was closed) ends this program. */
function launcher(runtime, url, args) {
  let app;
  process.on('exit', () => app?.kill());
  const open = () => {
    const env = { ...runtimeEnvironment(runtime), LEPTON_DEV_URL: url };
    app = spawn(runtime.executable, [...switches().list, root, ...args], { env, stdio: 'inherit' });
    app.on('exit', (code) => process.exit(code ?? 0));
  };
  return () => {
    if (!app) return open();
    app.removeAllListeners('exit');
    app.once('exit', open);
    app.kill();
  };
}

/** Builds an environment of vite.config.ts on each change of its sources; calls back after each good build. */
async function watch(builder, name, onBuilt) {
  const watcher = await builder.build(builder.environments[name]);
  watcher.on('event', (event) => {
    if (event.code === 'BUNDLE_END') event.result.close();
    if (event.code === 'END') onBuilt();
    if (event.code === 'ERROR') say(event.error.stack);
  });
}

await script(async () => {
  if (!(await hasDisplay())) throw new Refusal('There is no display here: npm run dev needs one.');
  const { runtime, missing } = await setUpApp();
  if (missing) throw new Refusal(missing);

  const { createBuilder, createServer } = await import('vite');
  const server = await createServer({ root, server: { host: '127.0.0.1' } });
  await server.listen();
  const start = launcher(
    runtime,
    new URL('renderer/index.html', server.resolvedUrls.local[0]).href,
    process.argv.slice(2),
  );

  forgetBuild();
  const watched = { build: { watch: {} } };
  const builder = await createBuilder({ root, logLevel: 'warn', environments: { main: watched, preload: watched } });
  const built = new Set();
  for (const name of ['main', 'preload']) {
    await watch(builder, name, () => {
      built.add(name);
      if (built.size === 2) start();
    });
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(0));
});
