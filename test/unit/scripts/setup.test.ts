import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { displayAddresses, hasDisplay, switches } from '../../../scripts/display.mjs';
import { builderArguments } from '../../../scripts/dist.mjs';
import { sha512Of } from '../../../scripts/fallback.mjs';
import { isInstalled, npm } from '../../../scripts/packages.mjs';
import { findRuntime, wantedVersion } from '../../../scripts/runtime.mjs';
import { checkNode } from '../../../scripts/setup.mjs';
import { describe as sentence } from '../../../scripts/system.mjs';

describe('the packages', () => {
  const lock = {
    packages: {
      '': { dependencies: { a: '1.0.0' }, devDependencies: { b: '2.0.0' }, optionalDependencies: { c: '3.0.0' } },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0' },
      'node_modules/c': { version: '3.0.0', optional: true },
    },
  };
  const installed = (names: Record<string, string>): unknown => ({
    packages: Object.fromEntries(Object.entries(names).map(([name, version]) => [`node_modules/${name}`, { version }])),
  });

  it('are there when every direct dependency is, at the versions of the lockfile; optional ones may be absent', () => {
    expect(isInstalled(lock, installed({ a: '1.0.0', b: '2.0.0', c: '3.0.0' }))).toBe(true);
    expect(isInstalled(lock, installed({ a: '1.0.0', b: '2.0.0' }))).toBe(true);
  });

  it('are not there after an interruption, with a dependency absent, of another version, or unknown to the lockfile', () => {
    expect(isInstalled(lock, undefined)).toBe(false);
    expect(isInstalled(undefined, installed({ a: '1.0.0', b: '2.0.0' }))).toBe(false);
    expect(isInstalled(lock, installed({ a: '1.0.0' }))).toBe(false);
    expect(isInstalled(lock, installed({ a: '1.0.0', b: '2.0.1' }))).toBe(false);
    expect(isInstalled(lock, installed({ a: '1.0.0', b: '2.0.0', d: '1.0.0' }))).toBe(false);
  });

  it('are installed by the npm that runs the script, if one does', () => {
    expect(npm({ npm_execpath: '/opt/npm/bin/npm-cli.js' })).toEqual([process.execPath, '/opt/npm/bin/npm-cli.js']);
    expect(npm({ npm_execpath: '/opt/yarn.js' }).at(-1)).toBe('npm');
    expect(npm({}).at(-1)).toBe('npm');
  });
});

describe('Node.js', () => {
  it('is refused with a sentence when it is too old', () => {
    for (const old of ['18.20.4', '20.18.9']) expect(() => checkNode(old)).toThrow(`this is ${old}`);
    for (const good of ['20.19.0', '22.0.0', '24.1.0']) expect(() => checkNode(good)).not.toThrow();
  });
});

describe('the runtime', () => {
  it('is taken from the folder that is given, and is a fallback when its version is not the one asked for', () => {
    const folder = mkdtempSync(join(tmpdir(), 'runtime-'));
    try {
      const env = { ELECTRON_OVERRIDE_DIST_PATH: folder };
      expect(findRuntime(env)).toBeUndefined();
      const executable =
        { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform as string] ??
        'electron';
      mkdirSync(join(folder, executable, '..'), { recursive: true });
      writeFileSync(join(folder, executable), '');
      expect(findRuntime(env), 'no version file').toBeUndefined();
      writeFileSync(join(folder, 'version'), `v${wantedVersion()}\n`);
      expect(findRuntime(env)).toMatchObject({ folder, version: wantedVersion(), isFallback: false });
      writeFileSync(join(folder, 'version'), '25.1.1');
      expect(findRuntime(env)).toMatchObject({ version: '25.1.1', isFallback: true });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is checked against SHA-512 in base64', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hash-'));
    try {
      writeFileSync(join(folder, 'abc'), 'abc');
      // FIPS 180-2, appendix C.1
      const known =
        'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f';
      expect(await sha512Of(join(folder, 'abc'))).toBe(Buffer.from(known, 'hex').toString('base64'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the display', () => {
  it('is where the environment says: a socket of this machine, or a server elsewhere', () => {
    expect(displayAddresses({ DISPLAY: ':1.0' })[0]).toEqual({ path: '/tmp/.X11-unix/X1' });
    expect(displayAddresses({ DISPLAY: 'lab:10.0' })).toEqual([{ host: 'lab', port: 6010 }]);
    expect(displayAddresses({ WAYLAND_DISPLAY: 'wayland-0', XDG_RUNTIME_DIR: '/run/user/7' })).toEqual([
      { path: '/run/user/7/wayland-0' },
    ]);
    for (const DISPLAY of ['', 'nonsense', undefined]) expect(displayAddresses({ DISPLAY })).toEqual([]);
  });

  it('is there when its server answers; a name that nothing stands behind is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'display-'));
    const server = createServer().listen(join(folder, 'wayland-0'));
    try {
      await once(server, 'listening');
      const env = { WAYLAND_DISPLAY: 'wayland-0', XDG_RUNTIME_DIR: folder };
      expect(await hasDisplay(env, 'linux')).toBe(true);
      expect(await hasDisplay({ ...env, WAYLAND_DISPLAY: 'wayland-1' }, 'linux')).toBe(false);
      expect(await hasDisplay({}, 'linux')).toBe(false);
      expect(await hasDisplay({}, 'win32')).toBe(true);
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('gets no sandbox as root, none with a note where users cannot make namespaces, and the sandbox otherwise', () => {
    const linux = { platform: 'linux' as const, hasGpu: true };
    expect(switches({ ...linux, isRoot: true, canSandbox: () => true })).toEqual({ list: ['--no-sandbox'], notes: [] });
    expect(switches({ ...linux, isRoot: false, canSandbox: () => true })).toEqual({ list: [], notes: [] });
    const without = switches({ ...linux, isRoot: false, canSandbox: () => false });
    expect(without.list).toEqual(['--no-sandbox']);
    expect(without.notes).toHaveLength(1);
  });

  it('draws in software where there is no graphics device', () => {
    const root = { platform: 'linux' as const, isRoot: true, canSandbox: () => true };
    expect(switches({ ...root, hasGpu: false }).list).toContain('--disable-gpu');
    expect(switches({ ...root, hasGpu: true }).list).not.toContain('--disable-gpu');
  });
});

describe('packaging', () => {
  const fallback = { folder: '/r', executable: '/r/electron', version: '25.1.1', isFallback: true };
  const own = { folder: '/r', executable: '/r/electron', version: '45.4.1', isFallback: false };

  it('puts the fallback runtime into a folder only', () => {
    expect(builderArguments(['--dir'], fallback)).toContain('-c.electronDist=/r');
    for (const args of [[], ['--linux', 'deb'], ['--dir', '--linux', 'AppImage'], ['--win']]) {
      expect(() => builderArguments(args, fallback), args.join(' ')).toThrow('must not be released');
    }
  });

  it('makes installers from the runtime that the builder fetches for their own system', () => {
    expect(builderArguments(['--linux', 'deb'], own).join(' ')).not.toContain('electronDist');
    expect(builderArguments([], own)).toContain('electron-builder.release.yml');
  });
});

describe('what the system lacks', () => {
  const nothing = { libraries: [], required: [], optional: [] };

  it('is no sentence when nothing does', () => {
    expect(sentence(nothing, true)).toBeUndefined();
  });

  it('ends with the line to run where there is apt, and names the packages elsewhere', () => {
    const lacking = { ...nothing, required: ['xvfb'], optional: ['gcc-avr'] };
    expect(sentence(lacking, true)).toMatch(/^xvfb, gcc-avr\. Run: sudo apt-get .* xvfb gcc-avr$/);
    expect(sentence(lacking, false)).toMatch(/Debian calls xvfb, gcc-avr/);
  });

  it('names a library that no known package brings', () => {
    expect(sentence({ ...nothing, libraries: ['libodd.so.7'] }, true)).toMatch(/^libodd\.so\.7/);
  });
});
