import { describe, expect, it } from 'vitest';
import { aptLine, currentName, installable, missingLibraries, packagesFor } from '../../../scripts/debian.mjs';

const ldd = `\tlinux-vdso.so.1 (0x00007f80ae380000)
\tlibffmpeg.so => /opt/app/libffmpeg.so (0x00007f80a3e00000)
\tlibgtk-3.so.0 => not found
\tlibnss3.so => not found
\tlibnssutil3.so => not found
\tlibgtk-3.so.0 => not found
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f80a29fb000)
`;

describe('what a program lacks', () => {
  it('is read from ldd, each library once', () => {
    expect(missingLibraries(ldd)).toEqual(['libgtk-3.so.0', 'libnss3.so', 'libnssutil3.so']);
    expect(missingLibraries('\tstatically linked\n')).toEqual([]);
  });

  it('becomes packages, each once; a library of no known package is named as such', () => {
    expect(packagesFor([...missingLibraries(ldd), 'libodd.so.7'])).toEqual({
      packages: ['libgtk-3-0', 'libnss3'],
      unknown: ['libodd.so.7'],
    });
  });
});

describe('names of packages', () => {
  const policy = `libasound2:
  Installed: (none)
  Candidate: (none)
  Version table:
libasound2t64:
  Installed: (none)
  Candidate: 1.2.11-1
  Version table:
libnss3:
  Installed: 2:3.87
  Candidate: 2:3.87
  Version table:
`;

  it('are installable when apt has a candidate', () => {
    expect([...installable(policy)]).toEqual(['libasound2t64', 'libnss3']);
  });

  it('follow the renaming to t64 where only that can be installed', () => {
    const available = installable(policy);
    expect(currentName('libasound2', available)).toBe('libasound2t64');
    expect(currentName('libnss3', available)).toBe('libnss3');
    expect(currentName('libgbm1', available)).toBe('libgbm1');
  });

  it('make one line to run that asks no question', () => {
    expect(aptLine(['xvfb', 'socat'])).toBe(
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends xvfb socat',
    );
  });
});
