// What `electron FOLDER [arguments]` runs in the fallback runtime, which lacks Electron's own default app: it loads FOLDER's
// package as the app. Known options are those that the scripts, Playwright and a person at a terminal use.
/* eslint-disable @typescript-eslint/no-require-imports -- Electron before 28 takes CommonJS only */
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const { join, resolve } = require('node:path');
const { app } = require('electron');

function parse(args) {
  const preloaded = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '-v' || arg === '--version') return { showsVersion: true, preloaded };
    if (arg === '-r' || arg === '--require') preloaded.push(args[++i]);
    else if (arg.startsWith('--app=')) return { folder: arg.slice('--app='.length), preloaded };
    else if (!arg.startsWith('-')) return { folder: arg, preloaded };
  }
  return { preloaded };
}

function load(folder) {
  const packageFile = join(folder, 'package.json');
  if (existsSync(packageFile)) {
    const about = JSON.parse(readFileSync(packageFile, 'utf8'));
    app.setName(about.productName ?? about.name ?? app.getName());
    if (about.version) app.setVersion(about.version);
    if (about.desktopName) app.setDesktopName(about.desktopName);
    app.setAppPath(folder);
  }
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
  Module._load(folder, module, true);
}

const { folder, preloaded, showsVersion } = parse(process.argv.slice(1));
if (showsVersion) {
  console.log(`v${process.versions.electron}`);
  process.exit(0);
} else if (folder === undefined) {
  console.error('Which app? Usage: electron FOLDER [arguments]');
  process.exit(2);
} else {
  for (const file of preloaded) Module._preloadModules([resolve(file)]);
  load(resolve(folder));
}
