// Raw readings into values in their units, and features to channels.
import type { Readings } from '../../device/readings';
import { InputFault } from '../../model/fault';
import type { BoardChannel } from '../../model/input-map';
import type { Model } from '../../model/model';

/** One channel of a batch in its unit. */
export function valuesOf(readings: Readings, channels: readonly BoardChannel[], channel: number): Float64Array {
  const { unitPerCount = 1, offset = 0 } = channels[channel] ?? {};
  const out = new Float64Array(readings.rows);
  for (let r = 0; r < out.length; r++) {
    out[r] = (readings.raw[r * readings.channels + channel] as number) * unitPerCount + offset;
  }
  return out;
}

/** Which channel each feature of the model is. Throws InputFault where one is not there or has another unit. */
export function channelIndices(model: Model, channels: readonly BoardChannel[]): number[] {
  return model.features.map((feature) => {
    const index = channels.findIndex((channel) => channel.name === feature.name);
    const channel = channels[index];
    if (channel === undefined) {
      const there = channels.map((c) => c.name).join(', ');
      throw new InputFault('noChannel', `The model needs a channel "${feature.name}"; the board has ${there}.`, {
        path: feature.name,
      });
    }
    if (feature.unit !== undefined && feature.unit !== channel.unit) {
      throw new InputFault(
        'unitMismatch',
        `Channel "${feature.name}" is in ${channel.unit}; the model was trained on ${feature.unit}.`,
        {
          path: feature.name,
        },
      );
    }
    return index;
  });
}
