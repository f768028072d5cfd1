// What numpy and scikit-learn computed (reference-vectors.py), typed.

import { readFileSync } from 'node:fs';
import type { Loss } from '../../../model/loss';
import type { HiddenActivation } from '../../../model/mlp';
import type { OptimiserKind } from '../../../model/optimiser';

interface References {
  sfc32: { seed: number; values: number[] }[];
  classMetrics: {
    classes: number;
    truth: number[];
    answered: number[];
    scores: number[];
    accuracy: number;
    balancedAccuracy: number;
    macroF1: number;
    logLoss: number;
    confusion: number[][];
  }[];
  valueMetrics: { truth: number[]; answered: number[]; mae: number; rmse: number; r2: number }[];
  scaling: { columns: number[][]; train: number[]; standardise: number[][]; minmax: number[][] };
  training: {
    activation: HiddenActivation;
    optimiser: OptimiserKind;
    loss: Loss;
    learningRate: number;
    weightDecay: number;
    widths: number[];
    x: number[];
    targets: number[];
    start: { weights: number[][]; bias: number[][] };
    losses: number[];
    end: { weights: number[][]; bias: number[][] };
  }[];
}

const file = new URL('reference-vectors.json', import.meta.url);
export const references = JSON.parse(readFileSync(file, 'utf8')) as References;
