// The emulator's thread: takes commands from the transport (device/transport/emulator.ts), lets the board run, posts what it sends.
import { parentPort, workerData } from 'node:worker_threads';
import type { EmulatorSettings, FromEmulator, ToEmulator } from './messages';
import { FreePace, type Pace, RealPace } from './pace';
import { Runner } from './runner';

/** In free pace: two characters at 115200 baud. Frames that do not touch keep their own times. */
const PAUSE_S = 0.0002;
const BOOT_S = 0.01;

const port = parentPort;
if (port === null) throw new Error('runs as a worker only');
const settings = workerData as EmulatorSettings;
const free = settings.pace === 'free';
const post = (message: FromEmulator, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
const runner = new Runner(settings, free ? PAUSE_S : Infinity, post);
const pace: Pace = free ? new FreePace(runner) : new RealPace(runner, () => performance.now());

port.on('message', (message: ToEmulator) => {
  switch (message.type) {
    case 'bytes':
      pace.beforeCommand();
      runner.receive(message.bytes);
      return pace.afterBytes();
    case 'state':
      pace.beforeCommand();
      return runner.setState(message.id);
    case 'reset':
      pace.beforeCommand();
      return runner.reset();
    case 'acknowledge':
      return pace.acknowledged();
    case 'stop':
      pace.stop();
      return port.close();
    default:
      return message satisfies never;
  }
});

// A board is powered when it is plugged in and has started before anyone opens its port: nothing said to it is lost.
runner.run(BOOT_S);
post({ type: 'ready' });
pace.start();
