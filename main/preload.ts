// The bridge in the sandbox: three functions for the page, no channel names, no event objects.
import { contextBridge, ipcRenderer } from 'electron';
import type { EngineState, LeptonBridge } from './contract';

let state: EngineState | null = null;
const listeners = new Set<(state: EngineState) => void>();

ipcRenderer.on('lepton:state', (_event, changed: Partial<EngineState>, whole: boolean) => {
  // Parts mean nothing before the whole has come.
  if (state === null && !whole) return;
  state = { ...state, ...changed } as EngineState;
  for (const listener of listeners) listener(state);
});
ipcRenderer.on('lepton:scope-port', (event) =>
  window.postMessage({ type: 'scope-port' }, location.origin, event.ports),
);

const bridge: LeptonBridge = {
  request: (request) => ipcRenderer.invoke('lepton:request', request),
  onState: (listener) => {
    listeners.add(listener);
    if (state !== null) listener(state);
    return () => listeners.delete(listener);
  },
  requestScopePort: () => ipcRenderer.send('lepton:scope-port'),
  platform: process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux',
};
contextBridge.exposeInMainWorld('lepton', bridge);
