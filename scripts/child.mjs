// Programs that the scripts run, and what is said about it. Everything goes to standard error: standard output is the command line's.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const graceMs = 3_000;
const outputs = { all: ['ignore', 2, 2], errors: ['ignore', 'ignore', 2], nothing: 'ignore' };

export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** A failure that a sentence explains: shown without a stack. */
export class Refusal extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a script's `main`: what it returns, or the failure it throws, becomes the exit code. */
export async function script(main) {
  let code;
  try {
    code = (await main()) ?? 0;
  } catch (error) {
    say(error instanceof Refusal ? error.message : error.stack);
    code = error instanceof Refusal ? error.exitCode : 1;
  }
  if (code !== 0) process.exitCode = code;
  return code;
}

const codeOf = (signal) => 128 + (constants.signals[signal] ?? 0);

function listen(onSignal) {
  for (const signal of signals) process.on(signal, onSignal);
  return () => signals.forEach((signal) => process.off(signal, onSignal));
}

/** Resolves with the exit code of a child: 128 + n for a signal, 127 when it could not be started. */
function ended(child, command) {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      say(`${command} cannot be started: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(code ?? codeOf(signal)));
  });
}

/**
 * Runs the program that a person asked for (the app, the tests) on this terminal and returns its exit code.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, stdio?: import('node:child_process').StdioOptions }} options
 * @returns {Promise<number>}
 */
export async function run(command, args, { env = process.env, cwd, stdio = 'inherit' } = {}) {
  const child = spawn(command, args, { cwd, env, stdio });
  // A terminal sends Ctrl-C to the child by itself; a second one would make a test runner drop its cleaning up.
  const unlisten = listen((signal) => (signal !== 'SIGINT' || !process.stdin.isTTY) && child.kill(signal));
  const code = await ended(child, command);
  unlisten();
  return code;
}

/**
 * Runs one step of a set-up or build and returns its exit code, 124 past `limitMs`. What it prints goes to standard error.
 * When this process is told to stop, the step and its children are ended, by force after three seconds (npm may take a minute to give up),
 * and Refusal is thrown; a step that is `whole` is waited for instead, since half of it would do harm.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, limitMs: number, prints?: keyof typeof outputs, isWhole?: boolean,
 *   share?: (pid: number) => void }} options `share` is told the process id
 * @returns {Promise<number>}
 */
export async function step(command, args, { env = process.env, cwd, limitMs, prints = 'all', isWhole = false, share }) {
  const hasGroups = process.platform !== 'win32';
  const child = spawn(command, args, { cwd, env, stdio: outputs[prints], detached: hasGroups });
  const kill = (signal) => {
    try {
      if (hasGroups) process.kill(-child.pid, signal);
      else child.kill(signal);
    } catch {
      // it has ended
    }
  };
  let stoppedBy;
  let isLate = false;
  const timers = [setTimeout(() => ((isLate = true), kill('SIGKILL')), limitMs)];
  const unlisten = listen((signal) => {
    stoppedBy = signal;
    if (isWhole) return say('Stopping when this step is done …');
    kill(signal);
    timers.push(setTimeout(() => kill('SIGKILL'), graceMs));
  });
  if (child.pid) share?.(child.pid);
  const code = await ended(child, command);
  timers.forEach(clearTimeout);
  unlisten();
  if (stoppedBy) throw new Refusal('Stopped. The next try goes on from here.', codeOf(stoppedBy));
  return isLate ? 124 : code;
}

/** What a quick program prints, or undefined when it is absent, fails or takes longer than `limitMs`. */
export function output(command, args, { limitMs = 10_000, env } = {}) {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: limitMs,
    env,
  });
  return result.status === 0 ? result.stdout : undefined;
}
