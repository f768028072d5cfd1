import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { output, run } from '../../../scripts/child.mjs';
import { drawIcon, encodePng } from '../../../scripts/icons.mjs';
import { faultIn, resultIn } from '../../../scripts/selftest.mjs';
import { tally } from '../../../scripts/tally.mjs';

const node = (code: string, options?: { limitMs?: number; stdio?: 'ignore' }): Promise<number> =>
  run(process.execPath, ['-e', code], { stdio: 'ignore', ...options });

describe('a program that a script runs', () => {
  it('has its exit code passed on', async () => {
    expect(await node('process.exit(3)')).toBe(3);
    expect(await node('')).toBe(0);
  });

  it('gives 128 + n for a signal, 124 past its limit and 127 when there is no such program', async () => {
    expect(await node('process.kill(process.pid, "SIGTERM")')).toBe(143);
    expect(await node('setInterval(() => {}, 1000)', { limitMs: 1 })).toBe(124);
    expect(await run('no-such-program-here', [], { stdio: 'ignore' })).toBe(127);
  });

  it('gives its text only when it ends well', () => {
    expect(output(process.execPath, ['-e', 'console.log("text")'])).toBe('text\n');
    expect(output(process.execPath, ['-e', 'console.log("text"); process.exit(1)'])).toBeUndefined();
    expect(output('no-such-program-here', [])).toBeUndefined();
  });
});

describe('the closing line of CI', () => {
  const report = { numPassedTests: 10, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1 };

  it('adds one for each other check to the tests', () => {
    expect(tally(report, 0, [0, 0, 1])).toEqual({ passed: 12, failed: 1, skipped: 3 });
    expect(tally({ ...report, numFailedTests: 4 }, 1, [])).toMatchObject({ passed: 10, failed: 4 });
  });

  it('counts a failure when vitest left no report, found no test, or failed without naming one', () => {
    expect(tally(undefined, 0, [])).toMatchObject({ passed: 0, failed: 1 });
    expect(tally({ ...report, numPassedTests: 0 }, 0, [])).toMatchObject({ failed: 1 });
    expect(tally(report, 1, [])).toMatchObject({ passed: 10, failed: 1 });
  });
});

describe('the self-test of the packaged app', () => {
  it('is found among other lines', () => {
    const text = 'noise {\n{"level":"info"}\n{"selftest":"ok","readings":50}\n{broken';
    expect(resultIn(text)).toEqual({ selftest: 'ok', readings: 50 });
    expect(resultIn('{"level":"info"}\n')).toBeUndefined();
  });

  it('is good only with its word and exit code 0', () => {
    expect(faultIn(0, { selftest: 'ok' })).toBeUndefined();
    expect(faultIn(1, { selftest: 'ok' })).toContain('code 1');
    expect(faultIn(0, { selftest: 'failed' })).toContain('failed');
    expect(faultIn(0, undefined)).toContain('no result');
  });
});

describe('the icon', () => {
  const size = 16;
  const pixels = drawIcon(size);
  const pixel = (x: number, y: number): number[] => [...pixels.subarray((y * size + x) * 4, (y * size + x) * 4 + 4)];

  it('has clear corners, a coloured ground and a white point', () => {
    expect(pixel(0, 0)[3]).toBe(0);
    expect(pixel(8, 1)).toEqual([63, 75, 184, 255]);
    expect(pixel(11, 8)).toEqual([255, 255, 255, 255]);
  });

  it('is a PNG whose data are its rows, each after a zero for "no filter"', () => {
    const png = encodePng(size, pixels);
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
    const at = png.indexOf('IDAT');
    const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    expect(rows).toHaveLength(size * (size * 4 + 1));
    expect(rows.subarray(1, size * 4 + 1)).toEqual(pixels.subarray(0, size * 4));
    // The CRC of the empty IEND chunk is a constant of the format.
    expect(png.subarray(-4).toString('hex')).toBe('ae426082');
  });
});
