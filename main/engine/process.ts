// The engine's process: messages of Electron's main process to the engine and back, ports to the scope.
import type { MessageEvent, MessagePortMain } from 'electron';
import { type PortAcknowledgement, requestSchema } from '../contract';
import { Engine } from './engine';
import type { FromEngine, ToEngine } from './messages';
import type { ScopePort } from './scope-feed';

const STOP_LIMIT_MS = 1200;

const parent = process.parentPort;
const send = (message: FromEngine): void => parent.postMessage(message);
let engine: Engine | null = null;

// A rejection may be noticed here before the code that awaits it has had its turn. Recordings are worth more than a clean end.
process.on('unhandledRejection', (reason) => console.error('Unhandled in the engine:', reason));

parent.on('message', (event: MessageEvent) => {
  const message = event.data as ToEngine;
  switch (message.type) {
    case 'start':
      engine = new Engine({
        project: message.project,
        connect: message.connect,
        clockMs: Date.now,
        onState: (changed) => send({ type: 'state', changed }),
      });
      void engine.start();
      return;
    case 'request':
      void engine
        ?.answer(requestSchema.parse(message.request))
        .then((answer) => send({ type: 'answer', id: message.id, answer }));
      return;
    case 'port': {
      const port = event.ports[0];
      if (port !== undefined) engine?.attachPort(scopePort(port));
      return;
    }
    case 'stop':
      void stop();
      return;
    default:
      message satisfies never;
  }
});

/** Stop stream, drain, close; leaves in any case. */
async function stop(): Promise<void> {
  const limit = new Promise((resolve) => setTimeout(resolve, STOP_LIMIT_MS));
  await Promise.race([engine?.stop() ?? Promise.resolve(), limit]).catch(() => undefined);
  process.exit(0);
}

function scopePort(port: MessagePortMain): ScopePort {
  const listeners = new Map<string, () => void>();
  port.on('message', ({ data }: MessageEvent) => listeners.get((data as PortAcknowledgement).device)?.());
  port.start();
  return {
    send: (message) => port.postMessage(message),
    onAcknowledged: (device, listener) => void listeners.set(device, listener),
  };
}
