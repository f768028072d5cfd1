// A trained model in memory: everything that is needed to answer, and how it came about. model-file.ts writes and reads it.

import type { Int8Network } from './int8';

import type { Network } from './mlp';
import type { Scaling, Spread } from './preprocess';
import type { Task } from './settings';
import type { Column } from './table';
import type { TrainingRecord } from './training-record';

/** One input: its name and unit, and what it was like on the training rows. */
export interface Feature extends Column, Spread {}

/** A value to be answered: value = offset + scale · output, in its unit. */
export interface Target extends Column {
  readonly offset: number;
  readonly scale: number;
}

/** All that is needed to answer. */
export interface InferenceModel {
  readonly task: Task;
  /** What was learnt: the label's column. */
  readonly label: Column;
  readonly features: readonly Feature[];
  readonly scaling: Scaling;
  /** Weights are float32 numbers in float64 arrays, as in the file. */
  readonly network: Network;
  /** Names of the outputs, for classification; else empty. */
  readonly classes: readonly string[];
  /** Of each output, for regression; else empty. */
  readonly targets: readonly Target[];
  /** null when it cannot be written in int8; the training's warnings say why. */
  readonly int8: Int8Network | null;
}

export interface Model extends InferenceModel {
  readonly training: TrainingRecord;
}
