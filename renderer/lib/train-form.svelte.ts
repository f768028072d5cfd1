// What a person chose for the next training. Lives in the workspace, so that it is there again after looking elsewhere.
import { SvelteSet } from 'svelte/reactivity';
import type { RecordingView, TrainSettings } from '../../main/contract';
import { parseLayers } from './layers';
import { commonChannels, recordingsOf } from './recordings';

export class TrainForm {
  readonly excludedLabels = new SvelteSet<string>();
  readonly excludedChannels = new SvelteSet<string>();
  scaling = $state<TrainSettings['scaling']>('standardise');
  activation = $state<TrainSettings['activation']>('relu');
  optimiser = $state<TrainSettings['optimiser']>('adam');
  learningRate = $state<number | null>(0.003);
  batchSize = $state<number | null>(64);
  epochs = $state<number | null>(40);
  seed = $state<number | null>(1);
  /** Neurons of each hidden layer as typed: `16` or `16, 8`. */
  hiddenText = $state('16');

  readonly hidden = $derived(parseLayers(this.hiddenText));

  toggle(set: SvelteSet<string>, name: string): void {
    if (!set.delete(name)) set.add(name);
  }

  /** As the engine wants it; null while a field holds nothing usable. */
  settings(recordings: RecordingView[]): TrainSettings | null {
    const { hidden, learningRate, batchSize, epochs, seed } = this;
    if (!hidden || !within(learningRate, Number.MIN_VALUE, 10)) return null;
    if (!whole(batchSize, 1, 100_000) || !whole(epochs, 1, 10_000) || !whole(seed, 0, 0xffff_ffff)) return null;
    const channels = commonChannels(recordings);
    const features = channels.filter((name) => !this.excludedChannels.has(name));
    return {
      recordings: recordingsOf(recordings, this.excludedLabels),
      features: features.length === channels.length ? [] : features,
      scaling: this.scaling,
      hidden,
      activation: this.activation,
      optimiser: this.optimiser,
      learningRate,
      batchSize,
      epochs,
      seed,
    };
  }
}

const within = (value: number | null, least: number, greatest: number): value is number =>
  value !== null && value >= least && value <= greatest;
const whole = (value: number | null, least: number, greatest: number): value is number =>
  within(value, least, greatest) && Number.isInteger(value);
