import type { LayerForm } from '../../engine/compress/plan';

/** What a user can ask for, and the form that it gives to every layer; `mixed` and `auto` then choose layer by layer. */
export const quantizeKinds = {
  int8: { activations: 'int8', weights: 'int8' },
  int16x8: { activations: 'int16', weights: 'int8' },
  float16: { activations: 'float32', weights: 'float16' },
  hybrid: { activations: 'float32', weights: 'int8' },
  int4: { activations: 'float32', weights: 'int4' },
  int2: { activations: 'float32', weights: 'int2' },
  ternary: { activations: 'float32', weights: 'ternary' },
  binary: { activations: 'float32', weights: 'binary' },
  mixed: { activations: 'int8', weights: 'int8' },
  auto: { activations: 'int8', weights: 'int8' },
} as const satisfies Readonly<Record<string, LayerForm>>;

export type QuantizeKind = keyof typeof quantizeKinds;
