// The closing line of .ci/run: the tests that vitest counted, and one for each of the other checks.
// node scripts/tally.mjs VITEST.json VITEST-CODE CHECK-CODE…
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** `report` is vitest's JSON report or undefined; `testCode` its exit code; `checkCodes` those of the other checks. */
export function tally(report, testCode, checkCodes) {
  let passed = report?.numPassedTests ?? 0;
  let failed = report?.numFailedTests ?? 0;
  // A file that could not be loaded, a crash or an empty run fails no test by name, and must not look like a success.
  if (failed === 0 && (testCode !== 0 || passed === 0)) failed = 1;
  for (const code of checkCodes) {
    if (code === 0) passed++;
    else failed++;
  }
  return { passed, failed, skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [file, testCode, ...checkCodes] = process.argv.slice(2);
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.log(`vitest left no report: ${error.message}`);
  }
  const { passed, failed, skipped } = tally(report, Number(testCode), checkCodes.map(Number));
  if (skipped > 0) console.log(`Skipped tests: ${skipped}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
