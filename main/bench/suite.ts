// Which benchmarks there are.
import { emulator } from './emulator';
import { inference } from './inference';
import { mlp } from './mlp';
import { planner } from './planner';
import type { Budget } from './race';
import type { BenchResult } from './result';
import { store } from './store';
import { wire } from './wire';

/** `note` takes a sentence for people: what could not be compared. */
export type Benchmark = (
  budget: Budget,
  note: (text: string) => void,
) => readonly BenchResult[] | Promise<readonly BenchResult[]>;

export const suite: Readonly<Record<string, Benchmark>> = { wire, emulator, mlp, inference, planner, store };
