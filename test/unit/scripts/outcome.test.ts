import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { output, run, step } from '../../../scripts/child.mjs';
import { drawIcon, encodePng } from '../../../scripts/icons.mjs';
import { faultIn, resultIn, strayIn } from '../../../scripts/selftest.mjs';
import { tally } from '../../../scripts/tally.mjs';

const program = (code: string): [string, string[]] => [process.execPath, ['-e', code]];
const forever = 'setInterval(() => {}, 1000)';

describe('a program that a script runs', () => {
  it('has its exit code passed on: 128 + n for a signal, 127 when there is no such program', async () => {
    const codeOf = (code: string): Promise<number> => run(...program(code), { stdio: 'ignore' });
    expect(await codeOf('process.exit(3)')).toBe(3);
    expect(await codeOf('')).toBe(0);
    expect(await codeOf('process.kill(process.pid, "SIGTERM")')).toBe(143);
    expect(await run('no-such-program-here', [], { stdio: 'ignore' })).toBe(127);
  });

  it('is ended past its limit when it is a step, with code 124', async () => {
    expect(await step(...program(forever), { limitMs: 1, prints: 'nothing' })).toBe(124);
    expect(await step(...program('process.exit(3)'), { limitMs: 60_000, prints: 'nothing' })).toBe(3);
  });

  it('is stopped with the script that it is a step of, unless half of it would do harm', async () => {
    const told: number[] = [];
    const listening = process.listenerCount('SIGHUP');
    const stop = (pid: number): void => {
      told.push(pid);
      process.emit('SIGTERM', 'SIGTERM');
    };
    const options = { limitMs: 60_000, prints: 'nothing' as const, share: stop };
    await expect(step(...program(forever), options)).rejects.toMatchObject({ exitCode: 143 });
    const whole = step(...program('setTimeout(() => process.exit(3), 50)'), { ...options, isWhole: true });
    await expect(whole, 'waited for, then stopped').rejects.toMatchObject({ exitCode: 143 });
    expect(told).toHaveLength(2);
    expect(process.listenerCount('SIGHUP')).toBe(listening);
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

  it('finds what does not belong in the package', () => {
    const good = ['/dist', '/dist/main/cli.cjs', '/node_modules', '/node_modules/a/index.js', '/package.json'];
    const stray = ['/.cache', '/main/index.ts', '/dist/main/cli.cjs.map', '/dist/.build-stamp', '/package.json.bak'];
    expect(strayIn([...good, ...stray])).toEqual(stray);
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
