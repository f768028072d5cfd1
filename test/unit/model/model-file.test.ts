import { describe, expect, test } from 'vitest';
import { InputFault } from '../../../model/fault';
import { parseModel, writeModel } from '../../../model/model-file';
import { predictTable } from '../../../model/predict';
import { fitted, motor, product } from './tables';

const table = motor(60);
const { model } = fitted(table, { hidden: [5, 4], epochs: 8 });
const text = writeModel(model);

type Json = { [key: string]: Json } & Json[];
/** The document with one change; `change` gets it as plain JSON. */
function changed(change: (document: Json) => void): string {
  const document = JSON.parse(text) as Json;
  change(document);
  return JSON.stringify(document);
}

function faultOf(source: string): InputFault {
  try {
    parseModel(source, 'm.lepton.json');
  } catch (fault) {
    if (fault instanceof InputFault) return fault;
    throw fault;
  }
  throw new Error('it was read');
}

describe('a model file', () => {
  test('reads back to the same model and writes back to the same bytes', () => {
    const read = parseModel(text);
    expect(writeModel(read)).toBe(text);
    expect(read.network).toEqual(model.network);
    expect(read.int8).toEqual(model.int8);
    for (const arithmetic of ['float', 'int8'] as const) {
      expect(predictTable(read, table, arithmetic)).toEqual(predictTable(model, table, arithmetic));
    }
  });

  test('of a regression does too', () => {
    const values = writeModel(fitted(product(200), { epochs: 5 }).model);
    expect(writeModel(parseModel(values))).toBe(values);
  });

  test('holds weights as base64 of little-endian float32', () => {
    const layer = (JSON.parse(text) as Json)['layers']?.[0];
    const bytes = Buffer.from(String(layer?.['weights']), 'base64');
    const weights = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
    expect(weights).toEqual([...(model.network.layers[0]?.weights ?? [])]);
  });

  test('cut short anywhere is refused as such', () => {
    for (let end = 0; end < text.trimEnd().length; end += 97) {
      expect(faultOf(text.slice(0, end))).toMatchObject({ code: 'notJson', place: { file: 'm.lepton.json' } });
    }
    expect(faultOf(text.slice(0, 500)).message).toMatch(/^m\.lepton\.json: it ends in the middle/);
  });

  test.each<[string, string, string | undefined, (d: Json) => void]>([
    ['another format', 'notAModel', 'format', (d) => Object.assign(d, { format: 'onnx' })],
    ['a later version', 'modelVersion', 'version', (d) => Object.assign(d, { version: 2 })],
    ['no layers', 'badModel', 'layers', (d) => Object.assign(d, { layers: [] })],
    ['a field too many', 'badModel', '', (d) => Object.assign(d, { extra: 1 })],
    ['a field too few', 'badModel', 'training.engine', (d) => delete d['training']?.['engine']],
    [
      'weights that are not base64',
      'badModel',
      'layers[1].weights',
      (d) => Object.assign(d['layers']?.[1] ?? {}, { weights: '?' }),
    ],
    [
      'weights too few',
      'badModel',
      'layers[0].weights',
      (d) => Object.assign(d['layers']?.[0] ?? {}, { weights: 'AAAA' }),
    ],
    [
      'a weight that is not a number',
      'badModel',
      'layers[2].bias',
      (d) =>
        Object.assign(d['layers']?.[2] ?? {}, {
          bias: Buffer.from(Float32Array.of(1, NaN, 1).buffer).toString('base64'),
        }),
    ],
    [
      'layers that do not chain',
      'badModel',
      'layers[1].inputs',
      (d) => Object.assign(d['layers']?.[1] ?? {}, { inputs: 7 }),
    ],
    [
      'softmax in the middle',
      'badModel',
      'layers[0].activation',
      (d) => Object.assign(d['layers']?.[0] ?? {}, { activation: 'softmax' }),
    ],
    ['classes too few', 'badModel', 'classes', (d) => Object.assign(d, { classes: ['a'] })],
    ['scaling of another width', 'badModel', 'scaling.scale', (d) => Object.assign(d['scaling'] ?? {}, { scale: [1] })],
    ['a scale of 0', 'badModel', 'scaling.scale[1]', (d) => Object.assign(d['scaling'] ?? {}, { scale: [1, 0, 1] })],
    ['int8 layers too few', 'badModel', 'int8.layers', (d) => d['int8']?.['layers']?.pop()],
    [
      'an int8 layer of another shape',
      'badModel',
      'int8.layers[0]',
      (d) => Object.assign(d['int8']?.['layers']?.[0] ?? {}, { outputs: 9 }),
    ],
    [
      'int8 weights too few',
      'badModel',
      'int8.layers[0].weights',
      (d) => Object.assign(d['int8']?.['layers']?.[0] ?? {}, { weights: 'gICA' }),
    ],
    [
      'an int8 multiplier of 0',
      'badModel',
      'int8.layers[1].multiplier[0]',
      (d) => Object.assign(d['int8']?.['layers']?.[1]?.['multiplier'] ?? {}, { 0: 0 }),
    ],
    ['features without end', 'badModel', 'features', (d) => Object.assign(d, { features: [] })],
  ])('with %s is refused with its path', (_, code, path, change) => {
    const fault = faultOf(changed(change));
    expect(fault).toMatchObject({ code, place: { file: 'm.lepton.json', path } });
    expect(fault.message.startsWith('m.lepton.json: ')).toBe(true);
  });

  test('that is JSON but something else is refused', () => {
    for (const source of ['[]', '{}', '"x"', 'null', '3']) expect(faultOf(source).code).toMatch(/notAModel|notJson/);
  });
});
