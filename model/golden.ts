// Golden inputs: raw readings on which laptop and board must agree in every bit. Deterministic: from a model's hash as the seed.

import type { BoardChannel } from './input-map';
import type { InferenceModel } from './model';
import { Random } from './random';

/**
 * `count` readings of one count per channel. The first are the corners (all 0, all at their greatest, alternating), then half as the
 * training rows were (mean ± 2.5 deviations, within the converter's range), the rest anywhere in the converter's range.
 */
export function goldenInputs(
  model: InferenceModel,
  channels: readonly BoardChannel[],
  count: number,
  seed: number,
): Int16Array[] {
  const random = new Random(seed);
  const most = channels.map((c) => c.maxCount);
  const corners = [
    most.map(() => 0),
    most,
    most.map((m, c) => (c % 2 === 0 ? m : 0)),
    most.map((m, c) => (c % 2 === 0 ? 0 : m)),
  ];
  const usual = channels.map((channel, c) => {
    const feature = model.features.find((f) => f.name === channel.name);
    if (feature === undefined) return { centre: (most[c] as number) / 2, reach: (most[c] as number) / 2 };
    const centre = (feature.mean - channel.offset) / channel.unitPerCount;
    return { centre, reach: (2.5 * feature.std) / channel.unitPerCount };
  });
  const trained = Math.floor(count / 2);
  return Array.from({ length: count }, (_, n) => {
    const corner = corners[n];
    if (corner !== undefined) return Int16Array.from(corner);
    if (n >= corners.length + trained) return Int16Array.from(most, (m) => random.below(m + 1));
    return Int16Array.from(usual, ({ centre, reach }, c) => {
      const drawn = Math.round(centre + reach * (2 * random.uniform() - 1));
      return Math.max(0, Math.min(most[c] as number, drawn));
    });
  });
}
