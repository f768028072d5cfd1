// Programs that the scripts run, and what is said about it. Everything goes to standard error: standard output is the command line's.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';

// A terminal sends Ctrl-C to the child by itself; a second one would make a test runner drop its cleaning up.
const handled = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const isForwarded = (signal) => signal !== 'SIGINT' || !process.stdin.isTTY;

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

/**
 * Runs a program to its end and returns its exit code (128 + n for a signal, 124 past `limitMs`, 127 when it cannot be started).
 * Signals that reach this process are passed on, and it waits for the child to end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, limitMs?: number, stdio?: import('node:child_process').StdioOptions,
 *   onStart?: (pid: number) => void }} options
 * @returns {Promise<number>}
 */
export function run(command, args, { env = process.env, cwd, limitMs, stdio = ['ignore', 2, 2], onStart } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio });
    let isLate = false;
    const pass = (signal) => isForwarded(signal) && child.kill(signal);
    const timer = limitMs && setTimeout(() => ((isLate = true), child.kill('SIGKILL')), limitMs);
    for (const signal of handled) process.on(signal, pass);
    const end = (code) => {
      clearTimeout(timer);
      for (const signal of handled) process.off(signal, pass);
      resolve(code);
    };
    child.on('error', (error) => {
      say(`${command} cannot be started: ${error.message}`);
      end(127);
    });
    child.on('exit', (code, signal) => end(isLate ? 124 : (code ?? 128 + (constants.signals[signal] ?? 0))));
    if (child.pid) onStart?.(child.pid);
  });
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
