// The networks and rows that training and inference are measured with, in the model's form and in the plain one. Seeded.
import { type Network, createNetwork } from '../../model/mlp';
import type { InferenceModel } from '../../model/model';
import { quantise } from '../../model/quantise';
import { Random } from '../../model/random';
import type { Samples } from '../../model/train';
import { PlainNetwork } from './plain-network';

const SEED = 1;

export const titleOf = (widths: readonly number[]): string => widths.join('-');

export const networkOf = (widths: readonly number[]): Network =>
  createNetwork(widths, 'relu', 'softmax', new Random(SEED));

/** The same weights in arrays of arrays. */
export function plainOf({ layers }: Network): PlainNetwork {
  return new PlainNetwork(
    layers.map(({ inputs, outputs, weights, bias, activation }) => ({
      weights: Array.from({ length: outputs }, (_, o) => [...weights.subarray(o * inputs, (o + 1) * inputs)]),
      bias: [...bias],
      relu: activation === 'relu',
    })),
  );
}

/** Normal inputs, random classes: there is nothing to learn, and the work is the same. */
export function samplesOf(widths: readonly number[], rows: number): Samples {
  const random = new Random(SEED + 1);
  const inputs = widths[0] ?? 0;
  const classes = widths.at(-1) ?? 0;
  const x = Float64Array.from({ length: rows * inputs }, () => random.normal());
  const targets = new Float64Array(rows * classes);
  for (let r = 0; r < rows; r++) targets[r * classes + random.below(classes)] = 1;
  return { rows, x, targets };
}

/** As trained on standard normal inputs, with its int8 form. */
export function modelOf(widths: readonly number[]): InferenceModel {
  const inputs = widths[0] ?? 0;
  const classes = widths.at(-1) ?? 0;
  const network = networkOf(widths);
  const names = (count: number, prefix: string): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  const { x, rows } = samplesOf(widths, 1000);
  return {
    task: 'classification',
    label: { name: 'label' },
    features: names(inputs, 'x').map((name) => ({ name, mean: 0, std: 1, min: -4, max: 4 })),
    scaling: {
      kind: 'standardise',
      offset: new Array<number>(inputs).fill(0),
      scale: new Array<number>(inputs).fill(1),
    },
    network,
    classes: names(classes, 'class '),
    targets: [],
    int8: quantise(network, x, rows),
  };
}

export function rowsOf(flat: Float64Array, width: number): number[][] {
  return Array.from({ length: flat.length / width }, (_, r) => [...flat.subarray(r * width, (r + 1) * width)]);
}
