// The C programs in programs/ and their built images, which programs.test.ts rebuilds and compares where avr-gcc is.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHex } from '../../../device/emulator/avr/hex';
import { FLASH_BYTES } from '../../../device/emulator/board';

export const folder = join(import.meta.dirname, 'programs');

export const programNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.c'))
  .map((file) => file.slice(0, -2));

export const hexOf = (name: string): string => readFileSync(join(folder, `${name}.hex`), 'utf8');

export const imageOf = (name: string): Uint8Array => parseHex(hexOf(name), FLASH_BYTES);

/** The first line of `avr-gcc --version`, or undefined where there is none. */
export function compiler(): string | undefined {
  const { stdout, status } = spawnSync('avr-gcc', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : undefined;
}

export function build(name: string, hexFile: string): void {
  const elf = `${hexFile}.elf`;
  command('avr-gcc', [
    ...['-std=gnu99', '-Os', '-Wall', '-Wextra', '-Werror', '-mmcu=atmega328p', '-DF_CPU=16000000UL'],
    ...['-o', elf, join(folder, `${name}.c`), '-lm'],
  ]);
  command('avr-objcopy', ['-O', 'ihex', '-j', '.text', '-j', '.data', elf, hexFile]);
}

function command(name: string, args: string[]): void {
  const { status, stderr } = spawnSync(name, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
}
