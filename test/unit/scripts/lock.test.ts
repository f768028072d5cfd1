import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { take, withLock } from '../../../scripts/lock.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (): string => join(folder, 'set-up.lock');

describe('the lock of a checkout', () => {
  it('is held while the work runs and free afterwards, also when the work throws', async () => {
    await withLock(folder, 'set-up', 0, async () => expect(take(file())).toBe(false));
    expect(existsSync(file())).toBe(false);
    const failing = withLock(folder, 'set-up', 0, async () => {
      throw new Error('work');
    });
    await expect(failing).rejects.toThrow('work');
    expect(existsSync(file())).toBe(false);
  });

  it('refuses past its limit and says which process holds it', async () => {
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await withLock(folder, 'set-up', 0, async (share: (pid: number | undefined) => void) => {
        share(holder.pid);
        const second = withLock(folder, 'set-up', -1, async () => 'never');
        await expect(second).rejects.toThrow(`process ${process.pid}`);
      });
    } finally {
      holder.kill('SIGKILL');
    }
  });

  it('is taken over when its process is gone, when it holds no process, and when its process id belongs to a later process', () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    for (const left of [`${gone} 1`, '', 'nonsense', `${process.pid} 1`]) {
      writeFileSync(file(), left);
      expect(take(file()), left).toBe(true);
      rmSync(file());
    }
  });

  it('outlives its process as long as a program that it started, and no longer', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const ended = once(child, 'exit');
    await withLock(folder, 'set-up', 0, async (share: (pid: number | undefined) => void) => {
      share(child.pid);
      const [, program] = readFileSync(file(), 'utf8').split('\n');
      writeFileSync(file(), `999999999 1\n${program}`); // as if this process had been killed
      expect(take(file())).toBe(false);
      child.kill('SIGKILL');
      await ended;
      expect(take(file())).toBe(true);
    });
  });
});
