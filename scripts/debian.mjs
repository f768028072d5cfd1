// Which Debian package brings what a program lacks. Pure: text in, names out.

// Enough for the shared libraries of Electron 25 to 45; what one of these pulls in is not repeated.
const packageOfLibrary = {
  'libX11.so.6': 'libx11-6',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
  'libasound.so.2': 'libasound2',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libcairo.so.2': 'libcairo2',
  'libcups.so.2': 'libcups2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libdrm.so.2': 'libdrm2',
  'libexpat.so.1': 'libexpat1',
  'libgbm.so.1': 'libgbm1',
  'libgio-2.0.so.0': 'libglib2.0-0',
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0',
  'libgtk-3.so.0': 'libgtk-3-0',
  'libnspr4.so': 'libnspr4',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libsmime3.so': 'libnss3',
  'libudev.so.1': 'libudev1',
  'libxcb.so.1': 'libxcb1',
  'libxkbcommon.so.0': 'libxkbcommon0',
};

/** Names that `ldd` reports as "not found", each once. */
export function missingLibraries(lddText) {
  return [...new Set([...lddText.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name))];
}

/** Packages for libraries, and the libraries that this table does not know. */
export function packagesFor(libraries) {
  const packages = new Set();
  const unknown = [];
  for (const library of libraries) {
    const name = packageOfLibrary[library];
    if (name) packages.add(name);
    else unknown.push(library);
  }
  return { packages: [...packages].sort(), unknown };
}

/** Names that `apt-cache policy` shows a candidate for. */
export function installable(policyText) {
  return new Set(
    [...policyText.matchAll(/^(\S+):\n(?: +Installed: .*\n)? +Candidate: (?!\(none\))\S+/gm)].map(([, name]) => name),
  );
}

/** Debian 13 and Ubuntu 24.04 renamed some libraries to …t64. The plain name stays where the lists know neither. */
export function currentName(name, available) {
  return !available.has(name) && available.has(`${name}t64`) ? `${name}t64` : name;
}

/** The line that a person who is not root is to run. */
export const aptLine = (packages) =>
  `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
