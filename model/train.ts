// Training by back-propagation in mini-batches. A generator, so that the caller sets the pace: one report an epoch, and it may be told to stop.

import { lossDelta, lossOf, type Loss } from './loss';
import { backward, createGradients, createWorkspace, forward, outputsOf, type Layer, type Network } from './mlp';
import { createOptimiser, type OptimiserKind } from './optimiser';
import type { Random } from './random';

export interface Samples {
  readonly rows: number;
  /** [rows × inputs], scaled. */
  readonly x: Float64Array;
  /** [rows × outputs]: 1 at the class and 0 elsewhere, or scaled values. */
  readonly targets: Float64Array;
}

export interface TrainSettings {
  readonly loss: Loss;
  readonly optimiser: OptimiserKind;
  readonly learningRate: number;
  /** Each step takes learningRate · weightDecay of every weight away (Loshchilov and Hutter 2019); biases are left. */
  readonly weightDecay: number;
  /** Rows in a mini-batch. */
  readonly batch: number;
  /** At most so many passes over the rows. */
  readonly epochs: number;
  /** Stop after so many epochs in which the validation loss found no new least. */
  readonly patience: number;
}

export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  /** Mean over the epoch's rows, each at the weights its batch met. */
  readonly loss: number;
  readonly validationLoss?: number;
  /** The network's answers to the validation rows, [rows × outputs]. */
  readonly validationOutputs?: Float64Array;
}

export interface TrainOutcome {
  readonly epochs: number;
  /** The epoch whose weights were kept; 0 are the ones it started with. */
  readonly bestEpoch: number;
  readonly ended: 'epochs' | 'patience' | 'stopped' | 'diverged';
}

/**
 * Changes the network in place and leaves it with the weights of the least validation loss (without validation rows: the last ones).
 * `next('stop')` ends it after the epoch just reported. Everything random comes from `random`: same input, same bytes.
 */
export function* trainSteps(
  network: Network,
  training: Samples,
  validation: Samples | undefined,
  settings: TrainSettings,
  random: Random,
): Generator<EpochReport, TrainOutcome, 'stop' | undefined> {
  const last = network.layers.at(-1) as Layer;
  const gradients = createGradients(network);
  const parameters = network.layers.flatMap((l) => [l.weights, l.bias]);
  const slopes = gradients.layers.flatMap((l) => [l.weights, l.bias]);
  const optimiser = createOptimiser(settings.optimiser, settings.learningRate);
  const batches = new Batches(training, Math.min(settings.batch, training.rows));
  const workspace = createWorkspace(network, batches.size);
  const delta = workspace.deltas.at(-1) as Float64Array;

  const best = parameters.map((p) => p.slice());
  let bestLoss = Infinity;
  let bestEpoch = 0;
  const finish = (epochs: number, ended: TrainOutcome['ended']): TrainOutcome => {
    parameters.forEach((p, k) => p.set(best[k] as Float64Array));
    return { epochs, bestEpoch, ended };
  };

  for (let epoch = 1; epoch <= settings.epochs; epoch++) {
    let sum = 0;
    for (const { x, targets, rows } of batches.shuffled(random)) {
      const outputs = forward(network, x, rows, workspace);
      sum += rows * lossOf(settings.loss, outputs, targets, rows, last.outputs);
      lossDelta(settings.loss, last.activation, outputs, targets, delta, rows, last.outputs);
      backward(network, x, rows, workspace, gradients);
      decay(network, settings.learningRate * settings.weightDecay);
      optimiser.step(parameters, slopes);
    }
    const loss = sum / training.rows;
    const validationOutputs = validation && outputsOf(network, validation.x, validation.rows);
    const validationLoss =
      validation && validationOutputs
        ? lossOf(settings.loss, validationOutputs, validation.targets, validation.rows, last.outputs)
        : undefined;

    if (!Number.isFinite(validationLoss ?? loss) || !parameters.every((p) => p.every(Number.isFinite))) {
      return finish(epoch, 'diverged');
    }
    if (validationLoss === undefined || validationLoss < bestLoss) {
      bestLoss = validationLoss ?? loss;
      bestEpoch = epoch;
      parameters.forEach((p, k) => (best[k] as Float64Array).set(p));
    }
    const told = yield {
      epoch,
      loss,
      ...(validationLoss !== undefined && { validationLoss }),
      ...(validationOutputs && { validationOutputs }),
    };
    if (told === 'stop') return finish(epoch, 'stopped');
    if (epoch - bestEpoch >= settings.patience) return finish(epoch, 'patience');
  }
  return finish(settings.epochs, 'epochs');
}

/** Weights that the data do not ask for fade, so that what was not seen is answered by what is simple. */
function decay(network: Network, share: number): void {
  if (share === 0) return;
  for (const { weights } of network.layers)
    for (let i = 0; i < weights.length; i++) (weights[i] as number) *= 1 - share;
}

/** Gathers shuffled rows into a batch that lies together in memory. */
class Batches {
  readonly #order: Int32Array;
  readonly #x: Float64Array;
  readonly #targets: Float64Array;

  constructor(
    private readonly samples: Samples,
    readonly size: number,
  ) {
    this.#order = Int32Array.from({ length: samples.rows }, (_, i) => i);
    this.#x = new Float64Array(size * (samples.x.length / samples.rows));
    this.#targets = new Float64Array(size * (samples.targets.length / samples.rows));
  }

  /** The arrays are reused by the next batch. */
  *shuffled(random: Random): Generator<Samples> {
    const { samples, size } = this;
    const order = random.shuffle(this.#order);
    for (let start = 0; start < samples.rows; start += size) {
      const rows = Math.min(size, samples.rows - start);
      for (let r = 0; r < rows; r++) {
        copyRow(samples.x, order[start + r] as number, this.#x, r, this.#x.length / size);
        copyRow(samples.targets, order[start + r] as number, this.#targets, r, this.#targets.length / size);
      }
      yield { rows, x: this.#x, targets: this.#targets };
    }
  }
}

function copyRow(from: Float64Array, row: number, to: Float64Array, toRow: number, width: number): void {
  for (let i = 0; i < width; i++) to[toRow * width + i] = from[row * width + i] as number;
}
