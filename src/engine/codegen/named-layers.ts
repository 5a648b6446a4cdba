import { cIdentifier, uniqueNames } from './c-text';
import type { Step } from './choose-kernels';
import { callsOf, type KernelCall, type PackedConstant } from './kernel';
import type { Program } from './program';

/** A step with the C names of what it needs. */
export interface NamedLayer {
  readonly step: Step;
  /** C name of the layer, without the model's name. */
  readonly name: string;
  readonly calls: readonly NamedCall[];
}

export interface NamedCall {
  readonly call: KernelCall;
  /** C name of its parameters. */
  readonly params: string;
  readonly constants: readonly { readonly constant: PackedConstant; readonly name: string }[];
}

export function namedLayers(program: Program, model: string): NamedLayer[] {
  const unique = uniqueNames();
  return program.steps.map((step) => {
    const name = unique(cIdentifier(step.node.name.split('/').filter((part) => part !== '').join('_'), 'layer'));
    const calls = callsOf(step.plan!).map((call, i): NamedCall => {
      const suffix = i === 0 ? '' : `_${i + 1}`;
      return { call, params: `${name}_params${suffix}`, constants: call.constants.map((constant) => ({ constant, name: `${model}_${name}_${constant.role}${suffix}` })) };
    });
    return { step, name, calls };
  });
}
