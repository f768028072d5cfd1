// One set-up or build at a time in a checkout: a file with the process ids that hold it. A lock whose processes are gone is taken over.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal, say } from './child.mjs';

const pollMs = 200;

/** Start time of a process in clock ticks, which tells it from a later one with the same id; empty where the system has no /proc. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

const holder = (pid) => `${pid} ${startOf(pid)}`;

function isAlive(line) {
  const [pid, start] = line.split(' ');
  if (!/^[1-9]\d*$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return startOf(pid) === start;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const holderOf = (file) => read(file)?.split('\n').find(isAlive)?.split(' ')[0] ?? 'unknown';

/** Takes the lock file if it is free or left behind. Returns whether it is ours now. */
export function take(file) {
  const own = `${file}.${process.pid}`;
  const held = read(file);
  if (held !== undefined) {
    if (held.split('\n').some(isAlive)) return false;
    // Whoever renames it first has removed it; a fresh lock that was caught by mistake is put back.
    try {
      renameSync(file, own);
    } catch {
      return false;
    }
    if (read(own) !== held) {
      try {
        linkSync(own, file);
      } catch {
        // somebody else holds it by now
      }
      rmSync(own, { force: true });
      return false;
    }
  }
  writeFileSync(own, holder(process.pid));
  try {
    linkSync(own, file); // complete from its first moment, and only one can succeed
    return true;
  } catch {
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Runs `work` while holding the lock. `work` gets `share(pid)`: the lock also lasts as long as that process, should this one be killed. */
export async function withLock(folder, name, limitMs, work) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.lock`);
  const deadline = Date.now() + limitMs;
  let isSaid = false;
  while (!take(file)) {
    if (Date.now() > deadline)
      throw new Refusal(
        `Another ${name} (process ${holderOf(file)}) still holds ${file}. Try again when it has ended.`,
      );
    if (!isSaid) say(`Waiting for another ${name} in this folder (process ${holderOf(file)}) …`);
    isSaid = true;
    await sleep(pollMs);
  }
  const release = () => rmSync(file, { force: true });
  process.on('exit', release);
  try {
    return await work((pid) => {
      const part = `${file}.${process.pid}`;
      writeFileSync(part, `${holder(process.pid)}\n${holder(pid)}`);
      renameSync(part, file);
    });
  } finally {
    process.off('exit', release);
    release();
  }
}
