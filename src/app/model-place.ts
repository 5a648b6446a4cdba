import { C_SOURCE } from '../engine/formats/c-array/read';

/** A model's place: a file, or an array in a C source written as `file#array`. */
export interface ModelPlace {
  readonly file: string;
  readonly array?: string;
}

export function placeOf(path: string): ModelPlace {
  const hash = path.lastIndexOf('#');
  const file = path.slice(0, hash);
  return hash > 0 && C_SOURCE.test(file) ? { file, array: path.slice(hash + 1) } : { file: path };
}
