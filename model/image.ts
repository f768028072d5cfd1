// The bytes of an int8 network for a board, by QUANTISATION.md "Image": packed, read back with every refusal, and run as the board runs them.

import { InputFault } from './fault';
import type { InputMap } from './input-map';
import { clampToByte, int8Activations, runLayers, type Int8Layer, type Int8Network, type Int8Result } from './int8';

const mostLayers = 4;
const mostWidth = 32;
const headerBytes = 8;
const inputBytes = 10;
const layerBytes = 6;
const neuronBytes = 5;
const layerBiasLimit = 2 ** 22;
const inputBiasLimit = 2 ** 24;

export interface ImageInput {
  readonly channel: number;
  readonly shift: number;
  readonly offset: number;
  readonly gain: number;
  readonly bias: number;
}

export interface Image {
  readonly inputs: readonly ImageInput[];
  readonly layers: readonly Int8Layer[];
}

/** What the network takes on a board. */
export const imageBytes = ({ layers }: Int8Network): number =>
  headerBytes +
  (layers[0]?.inputs ?? 0) * inputBytes +
  layers.reduce((sum, l) => sum + layerBytes + l.outputs * (neuronBytes + l.inputs), 0);

/** Throws InputFault `tooLargeForBoard` when the network is wider or deeper than the format. The size is for the board to judge. */
export function packImage(network: Int8Network, map: InputMap): Uint8Array {
  const { layers } = network;
  const widest = Math.max(map.inputs.length, ...layers.map((l) => l.outputs));
  if (layers.length > mostLayers || widest > mostWidth) {
    const message = `The network has ${layers.length} layers of up to ${widest} values; a board takes at most ${mostLayers} layers of ${mostWidth}.`;
    throw new InputFault('tooLargeForBoard', message);
  }
  const size = imageBytes(network);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set([0x4c, 0x38, 1, layers.length, map.inputs.length, layers.at(-1)?.outputs ?? 0]);
  view.setUint16(6, size, true);
  let at = headerBytes;
  for (const input of map.inputs) {
    bytes.set([input.channel, input.shift], at);
    view.setInt16(at + 2, input.offset, true);
    view.setInt16(at + 4, input.gain, true);
    view.setInt32(at + 6, input.bias, true);
    at += inputBytes;
  }
  for (const layer of layers) {
    const code = int8Activations.indexOf(layer.activation);
    bytes.set([layer.inputs, layer.outputs, code, layer.preShift, layer.postShift, layer.zero], at);
    at += layerBytes;
    for (let j = 0; j < layer.outputs; j++) {
      view.setInt32(at, layer.bias[j] as number, true);
      view.setUint8(at + 4, layer.multiplier[j] as number);
      bytes.set(layer.weights.subarray(j * layer.inputs, (j + 1) * layer.inputs), at + neuronBytes);
      at += neuronBytes + layer.inputs;
    }
  }
  parseImage(bytes, 256); // a broken invariant here, not on the board
  return bytes;
}

/** `channels`: how many the board has. Throws InputFault `badImage` with the byte's offset in the path. */
export function parseImage(bytes: Uint8Array, channels: number): Image {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headerBytes) refuse(bytes.length, 'it ends within the header');
  if (view.getUint16(0) !== 0x4c38) refuse(0, 'it does not begin with L8');
  expect(2, 'version', view.getUint8(2), 1, 1);
  const layerCount = expect(3, 'the number of layers', view.getUint8(3), 1, mostLayers);
  const inputCount = expect(4, 'the number of inputs', view.getUint8(4), 1, mostWidth);
  const outputCount = expect(5, 'the number of outputs', view.getUint8(5), 1, mostWidth);
  expect(6, 'the size', view.getUint16(6, true), bytes.length, bytes.length);

  let at = headerBytes;
  const room = (count: number): void => {
    if (at + count > bytes.length) refuse(at, `${count} more bytes were expected`);
  };
  const inputs: ImageInput[] = [];
  for (let i = 0; i < inputCount; i++, at += inputBytes) {
    room(inputBytes);
    inputs.push({
      channel: expect(at, 'the channel', view.getUint8(at), 0, channels - 1),
      shift: expect(at + 1, 'the shift', view.getUint8(at + 1), 0, 15),
      offset: view.getInt16(at + 2, true),
      gain: expect(at + 4, 'the gain', view.getInt16(at + 4, true), 0, 16_383),
      bias: expect(at + 6, 'the bias', view.getInt32(at + 6, true), -inputBiasLimit, inputBiasLimit),
    });
  }
  const layers: Int8Layer[] = [];
  let width = inputCount;
  for (let l = 0; l < layerCount; l++) {
    room(layerBytes);
    const wanted = l === layerCount - 1 ? outputCount : undefined;
    expect(at, "the layer's inputs", view.getUint8(at), width, width);
    const outputs = expect(at + 1, "the layer's outputs", view.getUint8(at + 1), wanted ?? 1, wanted ?? mostWidth);
    room(layerBytes + outputs * (neuronBytes + width));
    layers.push(parseLayer(view, at, width, outputs));
    at += layerBytes + outputs * (neuronBytes + width);
    width = outputs;
  }
  if (at !== bytes.length) refuse(at, 'bytes follow the last layer');
  return { inputs, layers };
}

function parseLayer(view: DataView, start: number, inputs: number, outputs: number): Int8Layer {
  const code = expect(start + 2, 'the activation', view.getUint8(start + 2), 0, int8Activations.length - 1);
  const layer: Int8Layer = {
    inputs,
    outputs,
    activation: int8Activations[code] ?? 'linear',
    preShift: expect(start + 3, 'preShift', view.getUint8(start + 3), 0, 15),
    postShift: expect(start + 4, 'postShift', view.getUint8(start + 4), 1, 23),
    zero: view.getUint8(start + 5),
    bias: new Int32Array(outputs),
    multiplier: new Uint8Array(outputs),
    weights: new Uint8Array(inputs * outputs),
  };
  let at = start + layerBytes;
  for (let j = 0; j < outputs; j++, at += neuronBytes + inputs) {
    const bias = expect(at, 'the bias', view.getInt32(at, true), -layerBiasLimit, layerBiasLimit);
    layer.bias[j] = bias;
    layer.multiplier[j] = expect(at + 4, 'the multiplier', view.getUint8(at + 4), 1, 255);
    let low = bias;
    let high = bias;
    for (let i = 0; i < inputs; i++) {
      const stored = expect(at + neuronBytes + i, 'a weight', view.getUint8(at + neuronBytes + i), 1, 255);
      layer.weights[j * inputs + i] = stored;
      if (stored < 128) low += 255 * (stored - 128);
      else high += 255 * (stored - 128);
    }
    expect(at, 'the least sum', low >> layer.preShift, -32_768, 32_767);
    expect(at, 'the greatest sum', high >> layer.preShift, -32_768, 32_767);
  }
  return layer;
}

/** raw: one reading's counts, as many as the board has channels. */
export function runImage(image: Image, raw: Int16Array): Int8Result {
  const activations = Uint8Array.from(image.inputs, (input) =>
    clampToByte((((raw[input.channel] as number) - input.offset) * input.gain + input.bias) >> input.shift),
  );
  return runLayers(image.layers, activations);
}

function expect(offset: number, what: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  return refuse(offset, `${what} is ${value}, not ${least === most ? least : `${least} to ${most}`}`);
}

function refuse(offset: number, what: string): never {
  throw new InputFault('badImage', `The model image is not usable: at byte ${offset}, ${what}.`, {
    path: `byte ${offset}`,
  });
}
