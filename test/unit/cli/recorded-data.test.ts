// Data recorded by others, as it is: what a newcomer brings along. Skipped where it is not beside the checkout.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { document, folder, run } from './cli';

interface Judged {
  metrics: { accuracy: number };
}

const occupancy = '../shared/data/occupancy_detection/raw';
test.skipIf(!existsSync(occupancy))(
  `occupancy is told from five columns of other days (skipped without ${occupancy})`,
  { timeout: 60_000 },
  async () => {
    const out = join(folder(), 'm.lepton.json');
    const made = await run(
      ...['train', join(occupancy, 'datatraining.txt'), '--label', 'Occupancy'],
      ...['--features', 'Temperature,Humidity,Light,CO2,HumidityRatio', '--hidden', '16', '--seed', '1'],
      ...['--out', out, '--json'],
    );
    expect(made.code, made.stderr).toBe(0);
    const judged = document<Judged>(await run('evaluate', out, join(occupancy, 'datatest.txt'), '--json'));
    expect(judged.metrics.accuracy).toBeGreaterThanOrEqual(0.94);
  },
);

const digits = '../shared/data/digits_8x8/raw';
test.skipIf(!existsSync(digits))(
  `digits are told apart on rows held back, the same bytes each time (skipped without ${digits})`,
  { timeout: 60_000 },
  async () => {
    const file = readdirSync(digits).find((name) => name.endsWith('.csv')) ?? '';
    const place = folder();
    for (const out of ['1.json', '2.json']) {
      const made = await run(
        ...['train', join(digits, file), '--label', 'column65', '--hidden', '32', '--seed', '1'],
        ...['--out', join(place, out), '--json'],
      );
      expect(made.code, made.stderr).toBe(0);
      expect(document<Judged>(made).metrics.accuracy).toBeGreaterThanOrEqual(0.95);
    }
    expect(readFileSync(join(place, '1.json')).equals(readFileSync(join(place, '2.json')))).toBe(true);
  },
);
