// What the system must have beside the packages: detected each time (a few milliseconds), installed when this is root on Debian or
// Ubuntu, otherwise named with the exact line to run. Nothing here ever asks a question.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { output, say, step } from './child.mjs';
import { aptLine, currentName, installable, missingLibraries, packagesFor } from './debian.mjs';
import { withLock } from './lock.mjs';
import { cache } from './place.mjs';

const limitMs = 600_000;
const triedFile = join(cache, 'optional-packages-tried');

const onPath = (name) => (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
const isRoot = () => process.getuid?.() === 0;

const tried = () => new Set(existsSync(triedFile) ? readFileSync(triedFile, 'utf8').split('\n') : []);

/** U+4E2D and U+6587: a font with both can write the Chinese interface. */
const hasChineseFont = () => Boolean(output('fc-list', [':charset=4e2d 6587', 'file'])?.trim());

/** `{ libraries, required, optional }`: shared libraries that the runtime lacks, and Debian packages by how much they matter. */
export function inspect({ runtime, forTests }) {
  const libraries = runtime ? missingLibraries(output('ldd', [runtime.executable]) ?? '') : [];
  const required = [...packagesFor(libraries).packages];
  const optional = [];
  if (runtime && !hasChineseFont()) optional.push('fontconfig', 'fonts-droid-fallback');
  if (forTests) {
    if (!onPath('Xvfb')) required.push('xvfb');
    if (!onPath('socat')) required.push('socat');
    // For the tests of the firmware, which are skipped without them.
    if (!onPath('gcc')) optional.push('gcc', 'libc6-dev');
    if (!onPath('make')) optional.push('make');
    if (!onPath('python3')) optional.push('python3');
    if (!onPath('avr-gcc')) optional.push('gcc-avr');
    if (!existsSync('/usr/lib/avr/include/avr/io.h')) optional.push('avr-libc');
    if (!existsSync('/usr/include/simavr/sim_avr.h')) optional.push('libsimavr-dev');
  }
  return { libraries, required, optional };
}

const aptEnvironment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
const apt = (args, share) =>
  step('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::http::Timeout=30', ...args], {
    env: aptEnvironment,
    limitMs,
    prints: 'errors',
    isWhole: true,
    share,
  });

function available(packages) {
  return installable(
    output('apt-cache', ['policy', ...packages, ...packages.map((name) => `${name}t64`)], { env: aptEnvironment }) ??
      '',
  );
}

async function install({ required, optional }) {
  await withLock(cache, 'set-up', 2 * limitMs, async (share) => {
    say(`Installing Debian packages: ${[...required, ...optional].join(' ')} …`);
    await apt(['update'], share); // an unreachable list must not stop what the others have
    const known = available([...required, ...optional]);
    const install = (packages) =>
      apt(['install', '-y', '--no-install-recommends', ...packages.map((name) => currentName(name, known))], share);
    if (required.length > 0) await install(required);
    const offered = optional.filter((name) => known.has(currentName(name, known)));
    if (offered.length > 0) await install(offered);
    writeFileSync(triedFile, [...tried(), ...optional].join('\n'));
  });
}

/**
 * Makes the system ready as far as it may. Returns what is required and still missing as one sentence with the line to run, or undefined.
 * Optional packages that could not be had are tried once, not at every start.
 */
export async function prepareSystem(wants) {
  if (process.platform !== 'linux') return undefined;
  let found = inspect(wants);
  const canInstall = isRoot() && onPath('apt-get');
  const isWorthTrying = found.required.length > 0 || found.optional.some((name) => !tried().has(name));
  if (canInstall && isWorthTrying) {
    await install(found);
    found = inspect(wants);
  }
  const advice = describe(found);
  if (found.required.length === 0 && found.libraries.length === 0) {
    if (advice) say(`Optional, and left out: ${advice}`);
    return undefined;
  }
  return `Missing: ${advice}`;
}

/** One sentence for what is missing, or undefined. */
export function describe({ libraries, required, optional }, hasApt = onPath('apt-get')) {
  const packages = [...required, ...optional];
  const { unknown } = packagesFor(libraries);
  const known = hasApt && packages.length > 0 ? available(packages) : new Set();
  const parts = [];
  if (unknown.length > 0) parts.push(`${unknown.join(', ')} (install the package of this system that has it)`);
  if (packages.length > 0) {
    parts.push(
      hasApt
        ? `${packages.join(', ')}. Run: ${aptLine(packages.map((name) => currentName(name, known)))}`
        : `what Debian calls ${packages.join(', ')} (install it with this system's package manager)`,
    );
  }
  return parts.length > 0 ? parts.join('; ') : undefined;
}
