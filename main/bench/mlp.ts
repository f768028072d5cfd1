// Training: one step of Adam on a batch of 32, as `train` does it, beside plain JavaScript.
import { Random } from '../../model/random';
import { type TrainSettings, trainSteps } from '../../model/train';
import { networkOf, plainOf, rowsOf, samplesOf, titleOf } from './networks';
import { type Budget, race } from './race';
import { type BenchResult, lessThan } from './result';

const SHAPES = [
  [6, 16, 4],
  [64, 32, 16, 6],
] as const;
const BATCH = 32;
/** So many that what happens once an epoch does not count. */
const STEPS_PER_EPOCH = 32;

export const trainSettings: TrainSettings = {
  loss: 'crossEntropy',
  optimiser: 'adam',
  learningRate: 0.001,
  weightDecay: 0,
  batch: BATCH,
  epochs: Infinity,
  patience: Infinity,
};

export function mlp(budget: Budget): BenchResult[] {
  return SHAPES.map((widths) => {
    const samples = samplesOf(widths, BATCH * STEPS_PER_EPOCH);
    const steps = trainSteps(networkOf(widths), samples, undefined, trainSettings, new Random(1));
    const epoch = (): void => void steps.next();

    const plain = plainOf(networkOf(widths));
    const x = rowsOf(samples.x, widths[0]);
    const y = rowsOf(samples.targets, widths.at(-1) ?? 0);
    const plainEpoch = (): void => {
      for (let at = 0; at < x.length; at += BATCH) {
        plain.step(x.slice(at, at + BATCH), y.slice(at, at + BATCH), trainSettings.learningRate);
      }
    };
    const { medianS, runs } = race([epoch, plainEpoch], budget);
    const [stepUs = NaN, plainUs = NaN] = medianS.map((s) => (s * 1e6) / STEPS_PER_EPOCH);
    const size = `${titleOf(widths)}, batch ${BATCH}`;
    return lessThan(
      { name: 'plain JavaScript', value: plainUs },
      { name: 'training step', size, value: stepUs, unit: 'µs', runs },
    );
  });
}
