// A stamp is a file with the fingerprint of what a step was made from. It is written last: a step that was cut short has none.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * SHA-256 over the names and contents of files and folders under `base`, in a fixed order.
 * `skip` gets the path relative to `base`, with forward slashes. Missing entries count as absent, not as an error.
 * @param {string} base
 * @param {string[]} entries
 * @param {(path: string) => boolean} skip
 */
export function fingerprint(base, entries, skip = () => false) {
  const hash = createHash('sha256');
  const add = (path) => {
    if (skip(path)) return;
    const full = join(base, path);
    const stat = statSync(full, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      for (const name of readdirSync(full).sort()) add(`${path}/${name}`);
    } else if (stat?.isFile()) {
      const content = readFileSync(full);
      hash.update(`${path}\0${content.length}\0`).update(content);
    }
  };
  for (const entry of [...entries].sort()) add(entry);
  return hash.digest('hex');
}

export function isCurrent(stampFile, print) {
  try {
    return readFileSync(stampFile, 'utf8') === print;
  } catch {
    return false;
  }
}

export function writeStamp(stampFile, print) {
  mkdirSync(dirname(stampFile), { recursive: true });
  const part = `${stampFile}.${process.pid}`;
  writeFileSync(part, print);
  renameSync(part, stampFile);
}

export function removeStamp(stampFile) {
  rmSync(stampFile, { force: true });
}
