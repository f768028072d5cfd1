// What training makes small, and its derivative at the last layer's sums.

import { timesSlope, type Activation } from './mlp';

export const losses = ['crossEntropy', 'mse'] as const;
/** crossEntropy goes with softmax. mse is half the squared error, summed over outputs; both are means over rows. */
export type Loss = (typeof losses)[number];

/** outputs, targets: [rows × width]. */
export function lossOf(loss: Loss, outputs: Float64Array, targets: Float64Array, rows: number, width: number): number {
  let sum = 0;
  for (let i = 0; i < rows * width; i++) {
    const y = outputs[i] as number;
    const t = targets[i] as number;
    if (loss === 'mse') sum += (y - t) ** 2 / 2;
    else if (t !== 0) sum -= t * Math.log(Math.max(y, Number.MIN_VALUE));
  }
  return sum / rows;
}

/** Writes ∂loss/∂z of the last layer into delta [rows × width]. */
export function lossDelta(
  loss: Loss,
  activation: Activation,
  outputs: Float64Array,
  targets: Float64Array,
  delta: Float64Array,
  rows: number,
  width: number,
): void {
  const count = rows * width;
  for (let i = 0; i < count; i++) delta[i] = ((outputs[i] as number) - (targets[i] as number)) / rows;
  if (loss === 'mse') timesSlope(activation, outputs, delta, count);
  else if (activation !== 'softmax') throw new Error('cross-entropy needs softmax'); // together their slope is y − t, as it stands
}
