// Builds of the firmware for the tests, each in a temporary folder of its own, and which of them this machine can make.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spawnSync } from 'node:child_process';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '../../..');

export const firmware = join(repository, 'device/firmware');
export const images = join(firmware, 'images');

const works = (command: string, args: readonly string[], input = ''): boolean =>
  spawnSync(command, args, { input, stdio: ['pipe', 'ignore', 'ignore'] }).status === 0;

const compiles = (flags: readonly string[], source: string): boolean =>
  works('gcc', ['-x', 'c', '-', '-o', '/dev/null', ...flags], source);

const make = works('make', ['--version']);

/** Each is '' when the tool is there, else the sentence a skipped suite carries. */
export const missing = {
  host:
    make && compiles(['-fsanitize=address,undefined'], 'int main(void){return 0;}')
      ? ''
      : ' (skipped: make, gcc or its sanitizers are not installed)',
  simavr:
    existsSync('/usr/include/simavr/sim_avr.h') && works('gcc', ['--version'])
      ? ''
      : ' (skipped: gcc or libsimavr-dev is not installed)',
  avr: make && works('avr-gcc', ['--version']) ? '' : ' (skipped: make or avr-gcc is not installed)',
  python: works('python3', ['--version']) ? '' : ' (skipped: python3 is not installed)',
} as const;

/** A temporary folder, and its removal. */
export async function scratch(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'lepton-firmware-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** `make target` with its output in `out`; `from` is a copy of the sources to build instead. */
export async function makeFirmware(target: string, out: string, from = firmware): Promise<string> {
  const { stdout } = await run('make', ['-s', '-C', from, target, `OUT=${out}`]);
  return stdout;
}

export async function copyOfSources(to: string): Promise<void> {
  await cp(firmware, to, { recursive: true });
}

/** The core with the sanitizers' checks, as a Program's path. */
export async function buildDriver(out: string): Promise<string> {
  await makeFirmware('host', out);
  return join(out, 'host/driver');
}

/** The simavr runner, as a Program's path. */
export async function buildRunner(out: string): Promise<string> {
  const path = join(out, 'simavr_runner');
  const source = join(import.meta.dirname, 'simavr_runner.c');
  await run('gcc', ['-O2', '-Wall', '-Wextra', '-I/usr/include/simavr', source, '-o', path, '-lsimavr']);
  return path;
}
