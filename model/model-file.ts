// The model file, `*.lepton.json`: one JSON document, the same model always the same bytes. Read with every check, written from memory.

import { z } from 'zod';
import { fromBase64, toBase64 } from './base64';
import { InputFault } from './fault';
import { int8Activations, type Int8Layer, type Int8Network } from './int8';
import { activations, type Layer } from './mlp';
import type { Model } from './model';
import { scalingKinds } from './preprocess';
import { trainingRecordSchema } from './training-record';

export const modelFormat = 'lepton-model';
export const modelVersion = 1;

const mostCharacters = 64 * 2 ** 20;
const number = z.number();
const width = z.int().min(1).max(4096);
const base64 = z.base64();
const column = { name: z.string(), unit: z.string().optional() };

const layerSchema = z.strictObject({
  inputs: width,
  outputs: width,
  activation: z.enum(activations),
  /** float32, little-endian: [outputs × inputs] and [outputs]. */
  weights: base64,
  bias: base64,
});

const int8LayerSchema = z.strictObject({
  inputs: width,
  outputs: width,
  activation: z.enum(int8Activations),
  preShift: z.int().min(0).max(15),
  postShift: z.int().min(1).max(23),
  zero: z.int().min(0).max(255),
  bias: z.array(
    z
      .int()
      .min(-(2 ** 27))
      .max(2 ** 27),
  ),
  multiplier: z.array(z.int().min(1).max(255)),
  /** Bytes w + 128: [outputs × inputs]. */
  weights: base64,
});

const documentSchema = z.strictObject({
  format: z.literal(modelFormat),
  version: z.literal(modelVersion),
  task: z.enum(['classification', 'regression']),
  label: z.strictObject(column),
  features: z
    .array(z.strictObject({ ...column, mean: number, std: number.min(0), min: number, max: number }))
    .min(1)
    .max(4096),
  scaling: z.strictObject({ kind: z.enum(scalingKinds), offset: z.array(number), scale: z.array(number) }),
  layers: z.array(layerSchema).min(1).max(9),
  classes: z.array(z.string()).max(4096),
  targets: z.array(z.strictObject({ ...column, offset: number, scale: number })).max(4096),
  int8: z
    .strictObject({
      inputScale: number.positive(),
      outputScale: number.positive(),
      outputZero: z.int().min(0).max(255),
      layers: z.array(int8LayerSchema),
    })
    .nullable(),
  training: trainingRecordSchema,
});

type Document = z.infer<typeof documentSchema>;

/** The bytes are this text in UTF-8; hash them for the model's identity. */
export function writeModel(model: Model): string {
  const document: Document = {
    format: modelFormat,
    version: modelVersion,
    ...model,
    features: [...model.features],
    scaling: { ...model.scaling, offset: [...model.scaling.offset], scale: [...model.scaling.scale] },
    layers: model.network.layers.map((l) => ({ ...l, weights: fromFloats(l.weights), bias: fromFloats(l.bias) })),
    classes: [...model.classes],
    targets: [...model.targets],
    int8: model.int8 && { ...model.int8, layers: model.int8.layers.map(int8Document) },
  };
  const { format, version, task, label, features, scaling, layers, classes, targets, int8, training } = document;
  const inOrder = documentSchema.parse({
    format,
    version,
    task,
    label,
    features,
    scaling,
    layers,
    classes,
    targets,
    int8,
    training,
  });
  // Arrays of plain values go on one line. A line break is never inside a JSON string, so only the layout is touched.
  return (
    JSON.stringify(inOrder, null, 1).replace(
      /\[\n\s+([^[\]{}]*?)\n\s+\]/g,
      (_, items: string) => `[${items.replace(/\n\s+/g, ' ')}]`,
    ) + '\n'
  );
}

/** Throws InputFault with the JSON path: `notJson`, `notAModel`, `modelVersion`, `badModel`. `file` is only for the message. */
export function parseModel(text: string, file?: string): Model {
  const fault = (code: string, message: string, path?: string): InputFault =>
    new InputFault(code, `${file ?? 'The model file'}: ${message}`, { file, path });
  if (text.length > mostCharacters) throw fault('badModel', 'it is larger than 64 MiB.');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const cut = text.trimEnd().endsWith('}')
      ? 'it is not valid JSON.'
      : 'it ends in the middle; it was cut short or is not a model.';
    throw fault('notJson', `${cut} Train the model again or take the file from where it was made.`);
  }
  const head = z.object({ format: z.literal(modelFormat), version: z.unknown() }).safeParse(json);
  if (!head.success) throw fault('notAModel', `it is not a model file: "format" should be "${modelFormat}".`, 'format');
  if (head.data.version !== modelVersion) {
    throw fault(
      'modelVersion',
      `it has version ${String(head.data.version)}; this program reads version ${modelVersion}.`,
      'version',
    );
  }
  const parsed = documentSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = pathText(issue?.path ?? []);
    throw fault('badModel', `at ${path === '' ? 'the top' : path}: ${issue?.message ?? 'not as expected'}.`, path);
  }
  return assembled(parsed.data, (path, expected) => {
    throw fault('badModel', `at ${path}: ${expected} expected.`, path);
  });
}

type Refuse = (path: string, expected: string) => never;

/** Checks what a schema cannot: that all parts have the same shape. */
function assembled(document: Document, refuse: Refuse): Model {
  const { task, label, features, scaling, classes, targets, training } = document;
  const count = (path: string, there: number, expected: number): void => {
    if (there !== expected) refuse(path, `${expected} values, not ${there},`);
  };
  count('scaling.offset', scaling.offset.length, features.length);
  count('scaling.scale', scaling.scale.length, features.length);
  const zero = scaling.scale.findIndex((s) => s === 0);
  if (zero >= 0) refuse(`scaling.scale[${zero}]`, 'a number other than 0');
  const outputs = document.layers.at(-1)?.outputs ?? 0;
  count('classes', classes.length, task === 'classification' ? outputs : 0);
  count('targets', targets.length, task === 'regression' ? outputs : 0);
  if (task === 'classification' && outputs < 2) refuse('classes', 'at least two classes');

  let inputs = features.length;
  const layers = document.layers.map((layer, l): Layer => {
    const path = `layers[${l}]`;
    count(`${path}.inputs`, layer.inputs, inputs);
    inputs = layer.outputs;
    if (layer.activation === 'softmax' && (l < document.layers.length - 1 || task === 'regression')) {
      refuse(`${path}.activation`, 'softmax only as the last layer of a classification');
    }
    const weights = toFloats(layer.weights, layer.inputs * layer.outputs, `${path}.weights`, refuse);
    return { ...layer, weights, bias: toFloats(layer.bias, layer.outputs, `${path}.bias`, refuse) };
  });
  return {
    task,
    label,
    features,
    scaling,
    network: { layers },
    classes,
    targets,
    int8: int8Of(document, refuse),
    training,
  };
}

function int8Of({ int8, layers }: Document, refuse: Refuse): Int8Network | null {
  if (int8 === null) return null;
  if (int8.layers.length !== layers.length)
    refuse('int8.layers', `${layers.length} layers, not ${int8.layers.length},`);
  return {
    ...int8,
    layers: int8.layers.map((layer, l): Int8Layer => {
      const path = `int8.layers[${l}]`;
      const { inputs, outputs } = layers[l] as Document['layers'][number];
      if (layer.inputs !== inputs || layer.outputs !== outputs) refuse(path, `${inputs} inputs and ${outputs} outputs`);
      const weights = fromBase64(layer.weights);
      if (weights.length !== inputs * outputs)
        refuse(`${path}.weights`, `${inputs * outputs} weights, not ${weights.length},`);
      if (weights.includes(0)) refuse(`${path}.weights`, 'no byte 0 (w + 128 is 1 to 255)');
      for (const key of ['bias', 'multiplier'] as const) {
        if (layer[key].length !== outputs) refuse(`${path}.${key}`, `${outputs} values, not ${layer[key].length},`);
      }
      return { ...layer, bias: Int32Array.from(layer.bias), multiplier: Uint8Array.from(layer.multiplier), weights };
    }),
  };
}

const int8Document = (layer: Int8Layer): z.infer<typeof int8LayerSchema> => ({
  ...layer,
  bias: [...layer.bias],
  multiplier: [...layer.multiplier],
  weights: toBase64(layer.weights),
});

function fromFloats(values: Float64Array): string {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((v, i) => view.setFloat32(i * 4, v, true));
  return toBase64(new Uint8Array(view.buffer));
}

function toFloats(text: string, count: number, path: string, refuse: Refuse): Float64Array {
  const bytes = fromBase64(text);
  if (bytes.length !== count * 4) refuse(path, `${count} weights (${count * 4} bytes), not ${bytes.length} bytes,`);
  const view = new DataView(bytes.buffer);
  const values = Float64Array.from({ length: count }, (_, i) => view.getFloat32(i * 4, true));
  const bad = values.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) refuse(path, `finite numbers (number ${bad + 1} is not)`);
  return values;
}

/** `layers[1].weights` */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
