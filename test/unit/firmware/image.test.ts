import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageFacts } from './golden';
import { copyOfSources, firmware, images, makeFirmware, missing, scratch } from './tools';

const run = promisify(execFile);
const flashMax = 12_288;
const ramBytes = 2048;
const stackMin = 350;

/** The bytes of an Intel HEX file that begins at 0 and has no gaps; checks every line's sum. */
function bytesOf(hex: string): Buffer {
  const parts: Buffer[] = [];
  for (const line of hex.trim().split(/\r?\n/)) {
    const record = Buffer.from(line.slice(1), 'hex');
    expect(record.reduce((sum, byte) => (sum + byte) & 0xff, 0)).toBe(0);
    if (record.readUInt8(3) !== 0) continue;
    expect(record.readUInt16BE(1)).toBe(Buffer.concat(parts).length);
    parts.push(record.subarray(4, -1));
  }
  return Buffer.concat(parts);
}

describe('the image in the repository', () => {
  it('is the one its facts describe, within its budgets', async () => {
    const hex = await readFile(join(images, 'uno.hex'));
    expect(createHash('sha256').update(hex).digest('hex')).toBe(imageFacts.sha256);
    expect(bytesOf(hex.toString('ascii')).length).toBe(imageFacts.flash);
    expect(imageFacts.flash).toBeLessThanOrEqual(flashMax);
    expect(ramBytes - imageFacts.ram).toBeGreaterThanOrEqual(stackMin);
    expect(imageFacts.buildHash).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe.skipIf(missing.avr !== '')(`built again${missing.avr}`, () => {
  let folder: Awaited<ReturnType<typeof scratch>>;
  let compiler: string;

  beforeAll(async () => {
    folder = await scratch();
    compiler = `avr-gcc ${(await run('avr-gcc', ['-dumpversion'])).stdout.trim()}`;
  });

  afterAll(() => folder?.remove());

  it('has the build hash of the sources as they are', async () => {
    expect((await makeFirmware('hash', folder.path)).trim()).toBe(imageFacts.buildHash);
  });

  it('is the same file byte for byte, from a copy of the sources in another place', async (context) => {
    context.skip(!imageFacts.compiler.startsWith(`${compiler},`), `the image was made with ${imageFacts.compiler}`);
    const copy = join(folder.path, 'a longer place with spaces', 'firmware');
    await copyOfSources(copy);
    await makeFirmware('uno', join(folder.path, 'out'), copy);
    const built = await readFile(join(folder.path, 'out/uno/uno.hex'), 'ascii');
    expect(built).toBe(await readFile(join(images, 'uno.hex'), 'ascii'));
  }, 120_000);

  it('fails when a budget is exceeded', async () => {
    const out = join(folder.path, 'out');
    await expect(run('make', ['-s', '-C', firmware, 'uno', `OUT=${out}`, 'FLASH_MAX=8000'])).rejects.toThrow();
    await expect(run('make', ['-s', '-C', firmware, 'uno', `OUT=${out}`, 'STACK_MIN=500'])).rejects.toThrow();
  }, 120_000);
});

describe.skipIf(missing.python !== '')(`the golden vectors${missing.python}`, () => {
  it('are what their script writes', async () => {
    await run('python3', [join(firmware, '../wire/vectors.py'), '--check']);
  });
});
