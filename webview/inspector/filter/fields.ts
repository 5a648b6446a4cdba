import type { LayerView, WeightsView } from '../../../src/messages/inspector';

/** What a filter looks at: a layer, and its weights where they have been counted. */
export interface FilterRow {
  readonly layer: LayerView;
  readonly weights?: WeightsView;
}

export type Unit = 'count' | 'bytes' | 'time';

/** A quantity that a term can compare: `macs>1M`. */
export interface NumberField {
  readonly unit: Unit;
  /** null: unknown, which is neither small nor large. */
  readonly value: (row: FilterRow) => number | null;
  /** What 100 % is: the sum over all layers, or the largest of them. */
  readonly whole?: 'sum' | 'peak';
  /** Weights have to be counted first. */
  readonly needsWeights?: true;
  readonly help: string;
}

/** A text that a term can look into: `op:conv|dw`. */
export interface TextField {
  readonly matches: (row: FilterRow, wanted: string) => boolean;
  /** Values of this model, for completion. */
  readonly values?: (rows: readonly FilterRow[]) => readonly string[];
  readonly help: string;
}

export interface Flag {
  readonly matches: (row: FilterRow) => boolean;
  readonly help: string;
}

const lower = (text: string): string => text.toLowerCase().replace(/×/g, 'x');

/** The label itself, or one of its words, begins with it: `conv` finds `Conv 3×3`, not `DWConv 3×3`. */
const opMatches = ({ layer }: FilterRow, wanted: string): boolean => {
  const label = lower(layer.op);
  return label.startsWith(lower(wanted)) || label.split(' ').some((word) => word.startsWith(lower(wanted)));
};

const nameMatches = ({ layer }: FilterRow, wanted: string): boolean => [layer.name, layer.title, ...layer.origin].some((text) => lower(text).includes(lower(wanted)));

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

export const textFields: Readonly<Record<string, TextField>> = {
  op: { matches: opMatches, values: (rows) => distinct(rows.map(({ layer }) => layer.op.split(' ')[0].toLowerCase())), help: 'operation' },
  name: { matches: nameMatches, help: 'name here or in the source' },
  dtype: { matches: ({ layer }, wanted) => layer.dtype === lower(wanted), values: (rows) => distinct(rows.map(({ layer }) => layer.dtype)), help: 'type of the output' },
};

export const numberFields: Readonly<Record<string, NumberField>> = {
  macs: { unit: 'count', value: ({ layer }) => layer.macs, whole: 'sum', help: 'multiply-accumulates' },
  flash: { unit: 'bytes', value: ({ layer }) => layer.flashBytes, whole: 'sum', help: 'bytes of constants' },
  ram: { unit: 'bytes', value: ({ layer }) => layer.ramBytes, whole: 'peak', help: 'bytes alive while it runs' },
  time: { unit: 'time', value: ({ layer }) => layer.timeUs, whole: 'sum', help: 'time on the board' },
  params: { unit: 'count', value: ({ layer }) => layer.params, whole: 'sum', help: 'weights and biases' },
  output: { unit: 'bytes', value: ({ layer }) => layer.outputBytes, help: 'bytes of the result' },
  dead: { unit: 'count', value: ({ weights }) => (weights?.channels ? weights.dead : null), needsWeights: true, help: 'channels with zeros only' },
  zeros: { unit: 'count', value: ({ weights }) => (weights ? weights.zeros / Math.max(1, weights.elements) : null), needsWeights: true, help: 'share of weights that are zero' },
};

export const flags: Readonly<Record<string, Flag>> = {
  over: { matches: ({ layer }) => layer.overRam, help: 'over the board\'s RAM' },
  unknown: { matches: ({ layer }) => layer.macs === null, help: 'not counted' },
};

/** Terms of the language that other views answer: they are told apart from mistakes. */
export const elsewhere: Readonly<Record<string, string>> = {
  sqnr: 'sqnr is measured by a quantization: see its report',
  changed: 'changed needs a second model: use Compare',
};

/** A word without a field. */
export const wordMatches = (row: FilterRow, wanted: string): boolean => nameMatches(row, wanted) || lower(row.layer.op).includes(lower(wanted));
