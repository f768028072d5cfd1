// Electron's entry: one window, one engine in a process of its own, and a short orderly end.
import { join } from 'node:path';
import { app } from 'electron';
import { EngineProcess } from './engine-process';
import { registerIpc } from './ipc';
import { selfTest } from './selftest';
import { createWindow, registerAppScheme, serveApp } from './window';

const QUIT_LIMIT_MS = 1500;

registerAppScheme();
// As root (a container) Chromium cannot sandbox and must be told so; enableSandbox() would take that switch away and hang.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();

const projectFolder = app.commandLine.getSwitchValue('project');
if (!app.requestSingleInstanceLock({ project: projectFolder })) app.quit();
else void app.whenReady().then(start);

async function start(): Promise<void> {
  serveApp();
  const engine = new EngineProcess({
    file: join(__dirname, 'engine.cjs'),
    project: projectFolder === '' ? join(app.getPath('userData'), 'project') : projectFolder,
    connect: app.commandLine.hasSwitch('no-demo') ? [] : ['demo'],
  });
  const window = createWindow();
  registerIpc(engine, window);
  app.on('second-instance', () => window.isDestroyed() || window.focus());
  app.on('window-all-closed', () => app.quit());
  let ending = false;
  app.on('before-quit', (event) => {
    if (ending) return;
    ending = true;
    event.preventDefault();
    void engine.stop(QUIT_LIMIT_MS).then(() => app.exit(0));
  });
  engine.start();
  if (app.commandLine.hasSwitch('selftest')) await selfTest(engine, window);
}
