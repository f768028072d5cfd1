import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build, compiler, hexOf, programNames } from './programs';

/** What the committed images were made with; another compiler makes other code of the same program. */
const COMPILER = 'avr-gcc (GCC) 5.4.0';

const found = compiler();

test.skipIf(found !== COMPILER)(
  `the test programs are what ${COMPILER} makes of their sources (found: ${found})`,
  () => {
    const scratch = mkdtempSync(join(tmpdir(), 'lepton-programs-'));
    try {
      for (const name of programNames) {
        const hexFile = join(scratch, `${name}.hex`);
        build(name, hexFile);
        expect(readFileSync(hexFile, 'utf8'), name).toBe(hexOf(name));
      }
    } finally {
      rmSync(scratch, { recursive: true });
    }
  },
);
