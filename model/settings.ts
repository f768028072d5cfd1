// How a model is to be trained. Everything has a default; the whole is written into the model.

import { z } from 'zod';
import { InputFault } from './fault';
import { losses } from './loss';
import { hiddenActivations } from './mlp';
import { optimisers } from './optimiser';
import { scalingKinds } from './preprocess';

export const tasks = ['classification', 'regression'] as const;
export type Task = (typeof tasks)[number];

export const settingsSchema = z.strictObject({
  /** Columns to learn from, in this order; all when not given. */
  features: z.array(z.string()).optional(),
  /** Columns to leave out. */
  drop: z.array(z.string()).optional(),
  /** Told by the labels when not given: text or at most 20 different integers are classes. */
  task: z.enum(tasks).optional(),
  /** Neurons in each hidden layer. */
  hidden: z.array(z.int().min(1).max(1024)).max(8).default([16]),
  activation: z.enum(hiddenActivations).default('relu'),
  scaling: z.enum(scalingKinds).default('standardise'),
  /** crossEntropy for classes (softmax); mse for values, or for classes with sigmoid outputs. Told by the task when not given. */
  loss: z.enum(losses).optional(),
  optimiser: z.enum(optimisers).default('adam'),
  learningRate: z.number().positive().max(10).default(0.01),
  /** 0.2 for classes, 0.01 for values when not given: classes stay the same under much of it, values are pulled to their mean. */
  weightDecay: z.number().min(0).max(10).optional(),
  batch: z.int().min(1).max(65_536).default(32),
  epochs: z.int().min(1).max(100_000).default(100),
  patience: z.int().min(1).max(100_000).default(10),
  seed: z.int().min(0).default(1),
});

export type FitSettings = z.infer<typeof settingsSchema>;

/** Settings in which nothing is left to be told by the task. */
export type ResolvedSettings = FitSettings & Required<Pick<FitSettings, 'task' | 'loss' | 'weightDecay'>>;

/** What the task decides where nothing was chosen. Throws InputFault `badSetting`. */
export function resolveSettings(settings: FitSettings, task: Task): ResolvedSettings {
  const classes = task === 'classification';
  const { loss = classes ? 'crossEntropy' : 'mse', weightDecay = classes ? 0.2 : 0.01 } = settings;
  if (!classes && loss === 'crossEntropy') {
    throw new InputFault('badSetting', 'Cross-entropy is for classes; values are learnt with mse.', { path: 'loss' });
  }
  return { ...settings, task, loss, weightDecay };
}

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
