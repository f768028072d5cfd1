// How a model came about and how good it was on the rows held back, as it stands in the model file.

import { z } from 'zod';
import { settingsSchema } from './settings';

const number = z.number();
const classMetrics = z.strictObject({
  accuracy: number,
  balancedAccuracy: number,
  macroF1: number,
  logLoss: number,
  confusion: z.array(z.array(z.int())),
});
const valueMetrics = z.strictObject({ mae: number, rmse: number, r2: number });

export const trainingRecordSchema = z.strictObject({
  engine: z.enum(['kernel']),
  settings: settingsSchema,
  /** SHA-256 of the table's bytes (table-bytes.ts), hexadecimal. */
  dataHash: z.string().max(128),
  /** Rows of the table, and those that had a label and all features. */
  rows: z.int(),
  usableRows: z.int(),
  split: z.strictObject({
    by: z.enum(['group', 'time', 'stratified', 'random']),
    column: z.string().optional(),
    reason: z.string(),
    train: z.int(),
    validation: z.int(),
    test: z.int(),
  }),
  epochs: z.int(),
  bestEpoch: z.int(),
  ended: z.enum(['epochs', 'patience', 'stopped', 'diverged']),
  /** On the rows held back (on the training rows when none could be). */
  metrics: z.union([classMetrics, valueMetrics]),
  int8: z.strictObject({ metrics: z.union([classMetrics, valueMetrics]), sameClass: number.optional() }).nullable(),
  /** What always giving the most frequent class, or the mean, would reach. */
  baseline: z.union([classMetrics.extend({ answer: z.string() }), valueMetrics.extend({ answer: number })]),
  warnings: z.array(z.string()),
});

export type TrainingRecord = z.infer<typeof trainingRecordSchema>;
