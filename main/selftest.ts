// `--selftest`: what a packaged app must be able to do, in one line of JSON and an exit code: the page loads, the engine runs, readings come.
import { type BrowserWindow, app } from 'electron';
import type { EngineState } from './contract';
import type { EngineProcess } from './engine-process';

const LIMIT_MS = 30_000;
const ENOUGH_READINGS = 50;

export async function selfTest(engine: EngineProcess, window: BrowserWindow): Promise<void> {
  const startedMs = Date.now();
  const received = new Promise<number>((resolve) =>
    engine.onState((state: EngineState) => {
      const count = state.devices[0]?.received ?? 0;
      if (count >= ENOUGH_READINGS) resolve(count);
    }),
  );
  const page = new Promise<string>((resolve) => {
    const look = (): void =>
      void window.webContents
        .executeJavaScript('document.querySelector("nav") === null ? "" : document.title')
        .then((title: string) => (title === '' ? setTimeout(look, 100) : resolve(title)));
    if (window.webContents.isLoading()) window.webContents.once('did-finish-load', look);
    else look();
  });
  const limit = new Promise<null>((resolve) => setTimeout(() => resolve(null), LIMIT_MS));
  const result = await Promise.race([Promise.all([received, page]), limit]);
  const line = {
    selftest: result === null ? 'failed' : 'ok',
    electron: process.versions.electron,
    version: app.getVersion(),
    readings: result?.[0] ?? engine.state?.devices[0]?.received ?? 0,
    title: result?.[1] ?? null,
    seconds: (Date.now() - startedMs) / 1000,
    log: result === null ? (engine.state?.log ?? []).map((entry) => entry.text) : undefined,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  await engine.stop(1500);
  app.exit(result === null ? 1 : 0);
}
