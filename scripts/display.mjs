// Where windows can be shown: the person's own display, or an invisible X server of our own.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { Refusal, output } from './child.mjs';

const startLimitMs = 20_000;
const answerLimitMs = 3_000;

/** Where the display that the environment names listens: for `net.connect`; none when it names none. */
export function displayAddresses(env) {
  const addresses = [];
  if (env.WAYLAND_DISPLAY) addresses.push({ path: resolve(env.XDG_RUNTIME_DIR ?? '/run', env.WAYLAND_DISPLAY) });
  const [, host, number] = /^([^:]*):(\d+)(?:\.\d+)?$/.exec(env.DISPLAY ?? '') ?? [];
  if (number === undefined) return addresses;
  const port = 6000 + Number(number);
  if (host === '' || host === 'unix') {
    return [...addresses, { path: `/tmp/.X11-unix/X${number}` }, { host: '127.0.0.1', port }];
  }
  return [...addresses, { host, port }];
}

function answers(address) {
  return new Promise((done) => {
    const socket = connect({ ...address, timeout: answerLimitMs });
    const end = (isThere) => () => (socket.destroy(), done(isThere));
    socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));
  });
}

/** Whether windows can be shown. A name left over from an earlier login does not count: its server must answer. */
export async function hasDisplay(env = process.env, platform = process.platform) {
  if (platform !== 'linux') return true;
  const there = await Promise.all(displayAddresses(env).map(answers));
  return there.includes(true);
}

/** Electron's switches for this machine, with a sentence for each that a person should know of. */
export function switches({
  platform = process.platform,
  isRoot = process.getuid?.() === 0,
  canSandbox = () =>
    output('unshare', ['--user', '--map-root-user', 'true']) !== undefined || !existsSync('/usr/bin/unshare'),
  hasGpu = existsSync('/dev/dri'),
} = {}) {
  const list = [];
  const notes = [];
  if (platform !== 'linux') return { list, notes };
  if (isRoot) list.push('--no-sandbox');
  else if (!canSandbox()) {
    list.push('--no-sandbox');
    notes.push(
      'This system does not let users make namespaces, which Chromium’s sandbox needs: the window runs without its sandbox.',
    );
  }
  if (!hasGpu) list.push('--disable-gpu');
  return { list, notes };
}

/** Runs `work(environment)` with an X server that nobody sees, and ends the server whatever happens. Elsewhere than on Linux: as it is. */
export async function withHiddenDisplay(env, work) {
  if (process.platform !== 'linux') return work(env);
  const server = startServer();
  const stop = () => server.child.kill('SIGKILL');
  process.on('exit', stop);
  try {
    const hidden = { ...env, DISPLAY: `:${await server.number}` };
    delete hidden.WAYLAND_DISPLAY;
    return await work(hidden);
  } finally {
    process.off('exit', stop);
    stop();
  }
}

function startServer() {
  const command = ['Xvfb', '-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset'];
  // setpriv ends the server with this process even if that is killed; a group of its own keeps a Ctrl-C from ending it first.
  const guarded = existsSync('/usr/bin/setpriv') ? ['setpriv', '--pdeathsig', 'KILL', ...command] : command;
  const child = spawn(guarded[0], guarded.slice(1), { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true });
  const number = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Refusal('Xvfb did not start in time.')), startLimitMs);
    let text = '';
    child.stdio[3].on('data', (chunk) => {
      text += chunk;
      if (!/^\d+\n/.test(text)) return;
      clearTimeout(timer);
      resolve(text.trim());
    });
    child.on(
      'error',
      (error) => (clearTimeout(timer), reject(new Refusal(`Xvfb cannot be started: ${error.message}`))),
    );
    child.on('exit', (code) => (clearTimeout(timer), reject(new Refusal(`Xvfb ended at once (code ${code}).`))));
  });
  return { child, number };
}
