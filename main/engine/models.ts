// Model files as the engine uses them: read and checked, with the hash that names them.
import { createHash } from 'node:crypto';
import type { Model } from '../../model/model';
import { parseModel } from '../../model/model-file';
import { readText } from '../store/csv';

export interface StoredModel {
  model: Model;
  /** SHA-256 of the file, hexadecimal. */
  sha256: string;
  file: string;
}

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Throws InputFault for a file that is absent, cut short or not a model. */
export function loadModel(file: string): StoredModel {
  const text = readText(file);
  return { model: parseModel(text, file), sha256: sha256(text), file };
}
