// The page's messages: sender and shape are checked here, once, before anything is done.
import { type BrowserWindow, MessageChannelMain, dialog, ipcMain } from 'electron';
import { type Answer, type EngineState, type Request, requestSchema } from './contract';
import type { EngineProcess } from './engine-process';
import { isOwnPage } from './window';

/** Channel names; the page never sees them (preload.ts has the same list). */
const REQUEST = 'lepton:request';
const SCOPE_PORT = 'lepton:scope-port';
const STATE = 'lepton:state';

export function registerIpc(engine: EngineProcess, window: BrowserWindow): void {
  ipcMain.handle(REQUEST, async (event, value: unknown): Promise<Answer> => {
    if (!isOwnPage(event.senderFrame)) return { error: { code: 'refused', message: 'This page may not ask.' } };
    const parsed = requestSchema.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const what = issue?.message ?? 'This is not a request.';
      // What a person can type has a sentence of its own; the rest is for whoever wrote the page.
      const message = what.endsWith('.') ? what : `${issue?.path.join('.') ?? ''}: ${what}`;
      return { error: { code: 'badRequest', message } };
    }
    return answer(parsed.data);
  });

  async function answer(request: Request): Promise<Answer> {
    if (request.type !== 'importFiles') return engine.request(request);
    const chosen = await dialog.showOpenDialog(window, {
      properties: ['openFile', 'multiSelections'],
      filters: [{ name: 'CSV', extensions: ['csv', 'txt', 'tsv'] }],
    });
    return chosen.canceled ? { ok: null } : engine.request({ ...request, files: chosen.filePaths });
  }

  // Asked for by the page alone, also when the engine closed the port it had: two at once would close each other.
  ipcMain.on(SCOPE_PORT, (event) => {
    if (isOwnPage(event.senderFrame)) connectScope();
  });

  function connectScope(): void {
    if (window.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    engine.attachPort(port1);
    window.webContents.postMessage(SCOPE_PORT, null, [port2]);
  }

  /** The whole state to a page that has just loaded, parts of it afterwards. */
  const send = (state: Partial<EngineState> | null, whole: boolean): void => {
    if (!window.isDestroyed() && state !== null) window.webContents.send(STATE, state, whole);
  };
  engine.onState((state, changed) => send(changed, Object.keys(changed).length === Object.keys(state).length));
  window.webContents.on('did-finish-load', () => send(engine.state, true));
}
