// How a board's raw counts enter a model: QUANTISATION.md "Input". Channels are matched to features by name.

import { InputFault } from './fault';
import type { ImageInput } from './image';
import type { Feature, InferenceModel } from './model';
import { listed, type Column } from './table';

export interface BoardChannel {
  readonly name: string;
  readonly unit: string;
  /** value in its unit = count · unitPerCount + offset */
  readonly unitPerCount: number;
  readonly offset: number;
  /** The greatest count the converter gives; the least is 0. */
  readonly maxCount: number;
}

/** For each of the model's features, in their order. */
export interface InputMap {
  readonly inputs: readonly ImageInput[];
}

const mostShift = 15;
const mostGain = 16_383;
const biasLimit = 2 ** 24;

/**
 * Throws InputFault: `notQuantised`, `noChannel` (lists those there), `unitMismatch`, `channelScale` (a slope that is not positive),
 * `channelRange` (what the model was trained on lies outside what the channel can measure).
 */
export function inputMap(model: InferenceModel, channels: readonly BoardChannel[]): InputMap {
  const { int8, scaling } = model;
  if (int8 === null) throw new InputFault('notQuantised', 'The model has no int8 form, so no board can run it.');
  return {
    inputs: model.features.map((feature, i) => {
      const index = channelOf(feature, channels);
      const channel = channels[index] as BoardChannel;
      refuseOutOfRange(feature, channel);
      const scale = scaling.scale[i] as number;
      const centre = ((scaling.offset[i] as number) - channel.offset) / channel.unitPerCount; // the count at which x = 0
      return { channel: index, ...fixedPoint(feature, centre, channel.unitPerCount / (scale * int8.inputScale)) };
    }),
  };
}

/** a = 128 + (r − centre) · slope + ½, as integers: the largest shift whose gain fits. */
function fixedPoint(feature: Column, centre: number, slope: number): Omit<ImageInput, 'channel'> {
  let shift = mostShift;
  while (shift > 0 && Math.round(slope * 2 ** shift) > mostGain) shift--;
  const gain = Math.min(mostGain, Math.round(slope * 2 ** shift)); // at more than this any count but one saturates anyway
  const offset = Math.max(-32_768, Math.min(32_767, Math.round(centre)));
  const bias = Math.round((offset - centre) * gain + 128.5 * 2 ** shift);
  if (Math.abs(bias) > biasLimit) throw outOfRange(feature);
  return { shift, offset, gain, bias };
}

function channelOf(feature: Column, channels: readonly BoardChannel[]): number {
  const index = channels.findIndex((c) => c.name === feature.name);
  const channel = channels[index];
  const place = { path: feature.name };
  if (channel === undefined) {
    const message = `The model needs a channel "${feature.name}"; the board has ${listed(channels)}.`;
    throw new InputFault('noChannel', message, place);
  }
  if (feature.unit !== undefined && feature.unit !== channel.unit) {
    const message = `Channel "${feature.name}" is in ${channel.unit}; the model was trained on ${feature.unit}.`;
    throw new InputFault('unitMismatch', message, place);
  }
  if (!(channel.unitPerCount > 0) || !Number.isFinite(channel.unitPerCount) || !Number.isFinite(channel.offset)) {
    const message = `Channel "${feature.name}" has ${channel.unitPerCount} ${channel.unit} per count; a board can only use a positive number.`;
    throw new InputFault('channelScale', message, place);
  }
  return index;
}

function refuseOutOfRange(feature: Feature, channel: BoardChannel): void {
  const low = channel.offset;
  const high = channel.maxCount * channel.unitPerCount + channel.offset;
  if (feature.max < low || feature.min > high) {
    throw outOfRange(feature, ` (${low} to ${high} ${channel.unit}, trained on ${feature.min} to ${feature.max})`);
  }
}

function outOfRange(feature: Column, detail = ''): InputFault {
  const message = `What the model was trained on lies outside what channel "${feature.name}" can measure${detail}.`;
  return new InputFault('channelRange', message, { path: feature.name });
}
