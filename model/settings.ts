// How a model is to be trained. Everything has a default; the whole is written into the model.

import { z } from 'zod';
import { InputFault } from './fault';
import { losses } from './loss';
import { hiddenActivations } from './mlp';
import { optimisers } from './optimiser';
import { scalingKinds } from './preprocess';

export const settingsSchema = z.strictObject({
  /** Columns to learn from, in this order; all when not given. */
  features: z.array(z.string()).optional(),
  /** Columns to leave out. */
  drop: z.array(z.string()).optional(),
  /** Told by the labels when not given: text or at most 20 different integers are classes. */
  task: z.enum(['classification', 'regression']).optional(),
  /** Neurons in each hidden layer. */
  hidden: z.array(z.int().min(1).max(1024)).max(8).default([16]),
  activation: z.enum(hiddenActivations).default('relu'),
  scaling: z.enum(scalingKinds).default('standardise'),
  /** crossEntropy for classes (softmax); mse for values, or for classes with sigmoid outputs. Told by the task when not given. */
  loss: z.enum(losses).optional(),
  optimiser: z.enum(optimisers).default('adam'),
  learningRate: z.number().positive().max(10).default(0.01),
  batch: z.int().min(1).max(65_536).default(32),
  epochs: z.int().min(1).max(100_000).default(100),
  patience: z.int().min(1).max(100_000).default(10),
  seed: z.int().min(0).default(1),
});

export type FitSettings = z.infer<typeof settingsSchema>;

/** Fills in the defaults; throws InputFault `badSetting` with the setting's name as path. */
export function checkSettings(settings: z.input<typeof settingsSchema>): FitSettings {
  const result = settingsSchema.safeParse(settings);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  throw new InputFault(
    'badSetting',
    `The setting ${path === '' ? '' : `"${path}" `}is not usable: ${issue?.message ?? ''}.`,
    { path },
  );
}
