// A model at work on a stream: on the board, with the laptop's twin comparing every result bit by bit, or on the laptop.
import type { Readings } from '../../device/readings';
import type { BoardChannel } from '../../model/input-map';
import { type Image, runImage } from '../../model/image';
import { indexOfGreatest } from '../../model/metrics';
import type { Model } from '../../model/model';
import { answerOfScores, predictor } from '../../model/predict';

/** By row of a batch, as in the data port. */
export interface Predictions {
  /** −1: none. */
  classes: Int8Array;
  /** 1 board and laptop agree in every bit, 0 they differ, 2 not compared. */
  agree: Uint8Array;
}

export interface LatestPrediction {
  class: number;
  /** Probabilities by class, or values of a regression. */
  scores: number[];
}

export interface LiveModel {
  readonly model: Model;
  readonly computePoint: 'board' | 'laptop';
  /** Results of the board that the laptop computed again, and how many were equal. */
  readonly compared: number;
  readonly equal: number;
  readonly latest: LatestPrediction | null;
  predict(readings: Readings): Predictions;
}

/** The board computes: its results are in the readings of this generation. */
export class BoardModel implements LiveModel {
  readonly computePoint = 'board';
  compared = 0;
  equal = 0;
  latest: LatestPrediction | null = null;

  constructor(
    readonly model: Model,
    readonly image: Image,
    readonly generation: number,
  ) {}

  predict(readings: Readings): Predictions {
    const { rows, channels, outputs } = readings;
    const classes = new Int8Array(rows).fill(-1);
    const agree = new Uint8Array(rows).fill(2);
    let last = -1;
    for (let r = 0; r < rows; r++) {
      if (readings.generation[r] !== this.generation) continue;
      const twin = runImage(this.image, readings.raw.subarray(r * channels, (r + 1) * channels));
      const scores = readings.scores.subarray(r * outputs, (r + 1) * outputs);
      const same =
        readings.classes[r] === twin.class &&
        twin.scores.length === outputs &&
        twin.scores.every((s, i) => s === scores[i]);
      this.compared++;
      if (same) this.equal++;
      classes[r] = readings.classes[r] as number;
      agree[r] = same ? 1 : 0;
      last = r;
    }
    // A board may send what it likes: scores that are not this model's are shown as a difference, not read.
    const scores = readings.scores.slice(last * outputs, (last + 1) * outputs);
    if (last >= 0 && scores.length === this.model.network.layers.at(-1)?.outputs) {
      this.latest = { class: classes[last] as number, scores: [...answerOfScores(this.model, scores)] };
    }
    return { classes, agree };
  }
}

/** The laptop computes, in floating point, from the readings in their units. */
export class LaptopModel implements LiveModel {
  readonly computePoint = 'laptop';
  readonly compared = 0;
  readonly equal = 0;
  latest: LatestPrediction | null = null;
  private readonly answer: (values: ArrayLike<number>) => Float64Array;
  private readonly inputs: { index: number; unitPerCount: number; offset: number }[];
  private readonly values: Float64Array;

  constructor(
    readonly model: Model,
    channels: readonly BoardChannel[],
    featureChannels: readonly number[],
  ) {
    this.answer = predictor(model);
    this.inputs = featureChannels.map((index) => {
      const channel = channels[index];
      if (channel === undefined) throw new RangeError(`no channel ${index}`);
      return { index, unitPerCount: channel.unitPerCount, offset: channel.offset };
    });
    this.values = new Float64Array(this.inputs.length);
  }

  predict(readings: Readings): Predictions {
    const { rows, channels } = readings;
    const classes = new Int8Array(rows).fill(-1);
    for (let r = 0; r < rows; r++) {
      this.inputs.forEach(({ index, unitPerCount, offset }, i) => {
        this.values[i] = (readings.raw[r * channels + index] as number) * unitPerCount + offset;
      });
      const scores = this.answer(this.values);
      if (this.model.task === 'classification') classes[r] = indexOfGreatest(scores);
      if (r === rows - 1) this.latest = { class: classes[r] as number, scores: [...scores] };
    }
    return { classes, agree: new Uint8Array(rows).fill(2) };
  }
}
