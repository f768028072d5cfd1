import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { snapshot, sweep } from '../../../scripts/build.mjs';
import { fingerprint, isCurrent, removeStamp, writeStamp } from '../../../scripts/stamp.mjs';

let folder: string;
const put = (path: string, text: string): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stamp-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the fingerprint of sources', () => {
  const entries = ['a', 'b', 'one.ts'];

  it('is the same for the same files, whatever the order of the entries', () => {
    put('a/x.ts', '1');
    put('b/y.ts', '2');
    put('one.ts', '3');
    expect(fingerprint(folder, entries)).toBe(fingerprint(folder, [...entries].reverse()));
  });

  it('changes with a content, a name, an added and a removed file', () => {
    put('a/x.ts', '1');
    const seen = new Set([fingerprint(folder, entries)]);
    put('a/x.ts', '2');
    seen.add(fingerprint(folder, entries));
    put('a/y.ts', '');
    seen.add(fingerprint(folder, entries));
    rmSync(join(folder, 'a/x.ts'));
    seen.add(fingerprint(folder, entries));
    put('a/z.ts', '');
    rmSync(join(folder, 'a/y.ts'));
    seen.add(fingerprint(folder, entries));
    expect(seen.size).toBe(5);
  });

  it('tells text that moved from one file to the next', () => {
    put('a/x', '12');
    put('a/y', '3');
    const before = fingerprint(folder, entries);
    put('a/x', '1');
    put('a/y', '23');
    expect(fingerprint(folder, entries)).not.toBe(before);
  });

  it('does not see what is skipped, nor anything beneath it', () => {
    put('a/x.ts', '1');
    const skip = (path: string): boolean => path === 'a/generated' || path.endsWith('.md');
    const before = fingerprint(folder, entries, skip);
    put('a/generated/deep/file.ts', '1');
    put('a/README.md', '1');
    expect(fingerprint(folder, entries, skip)).toBe(before);
  });
});

describe('a stamp', () => {
  it('is current only for the print it was written with, and not once removed', () => {
    const file = join(folder, 'deep/stamp');
    expect(isCurrent(file, 'p')).toBe(false);
    writeStamp(file, 'p');
    expect(isCurrent(file, 'p')).toBe(true);
    expect(isCurrent(file, 'q')).toBe(false);
    removeStamp(file);
    removeStamp(file);
    expect(isCurrent(file, 'p')).toBe(false);
  });
});

describe('sweeping after a build', () => {
  it('removes what the build did not write again and keeps the rest', () => {
    put('dist/main/index.cjs', 'old');
    put('dist/main/chunk-old.cjs', 'old');
    const dist = join(folder, 'dist');
    // An hour back, so that writing again shows whatever the clock's grain.
    const before = new Map(
      [...snapshot(dist)].map(([path, ms]) => [path, path.endsWith('index.cjs') ? ms - 3_600_000 : ms]),
    );
    put('dist/main/chunk-new.cjs', 'new');
    sweep(dist, before);
    expect([...snapshot(dist).keys()].sort()).toEqual([join(dist, 'main/chunk-new.cjs'), join(dist, 'main/index.cjs')]);
  });
});
