// The window: sandboxed, its page served from the app alone under a strict policy, no way out of it.
import { join, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BrowserWindow, app, nativeTheme, net, protocol, session } from 'electron';

const PAGE_FOLDER = join(__dirname, '..', 'renderer');
const PAGE_URL = 'app://lepton/renderer/index.html';
/** Set by `npm run dev` only; a packaged app never looks at it. */
const devUrl = (): string | undefined => (app.isPackaged ? undefined : process.env['LEPTON_DEV_URL']);

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "worker-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

/** Before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Answers app:// with the files of the page's folder and nothing else. */
export function serveApp(): void {
  protocol.handle('app', async (request) => {
    const file = normalize(join(PAGE_FOLDER, '..', decodeURIComponent(new URL(request.url).pathname)));
    if (!file.startsWith(PAGE_FOLDER + sep)) return new Response('', { status: 403 });
    try {
      const answer = await net.fetch(pathToFileURL(file).href);
      const headers = new Headers(answer.headers);
      for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
      return new Response(answer.body, { status: answer.status, headers });
    } catch {
      return new Response('', { status: 404, headers: HEADERS });
    }
  });
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
}

export function createWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 820,
    minWidth: 1024,
    minHeight: 600,
    title: 'Lepton Point',
    show: false,
    // The page's own paper, so that nothing flashes before it is drawn (renderer/tokens.css).
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1317' : '#f4f6f8',
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(__dirname, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.once('ready-to-show', () => window.show());
  void window.loadURL(devUrl() ?? PAGE_URL);
  return window;
}

/** Whether a message comes from our page's own top frame. */
export function isOwnPage(frame: { url: string; parent: unknown } | null): boolean {
  if (frame === null || frame.parent !== null) return false;
  const own = devUrl() ?? PAGE_URL;
  return new URL(frame.url).origin === new URL(own).origin && new URL(frame.url).protocol === new URL(own).protocol;
}
