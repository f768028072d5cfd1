// `bench`: this program's speed as ratios to peers and limits of the same run.
import { machine } from '../bench/machine';
import type { BenchResult } from '../bench/result';
import { suite } from '../bench/suite';
import { UsageFault } from '../sentences';
import type { Output } from './output';

export interface BenchOptions {
  /** For each comparison. */
  seconds: number;
}

/** All benchmarks, or the one of this name. */
export async function bench(name: string | undefined, { seconds }: BenchOptions, output: Output): Promise<void> {
  const there = Object.keys(suite);
  if (name !== undefined && !there.includes(name))
    throw new UsageFault(`There is no benchmark "${name}". There are: ${there.join(', ')}.`);
  const results: BenchResult[] = [];
  const notes: string[] = [];
  for (const [title, run] of Object.entries(suite)) {
    if (name !== undefined && name !== title) continue;
    output.progress(`${title} …`);
    const found = await run({ seconds, nowMs: () => performance.now() }, (text) => {
      notes.push(text);
      output.note(text);
    });
    for (const result of found) output.say(line(result));
    results.push(...found);
  }
  output.result({ machine: machine(), results, notes });
}

function line({ name, size, value, unit, peer, peerValue, ratio }: BenchResult): string {
  const figures = `${figure(value)} ${unit}`.padStart(20);
  return `${`${name} (${size})`.padEnd(56)}${figures}   ${figure(ratio).padStart(8)} × ${peer} (${figure(peerValue)})`;
}

/** At most four significant digits. */
function figure(value: number): string {
  return Number(value.toPrecision(4)).toLocaleString('en', { maximumSignificantDigits: 4 });
}
