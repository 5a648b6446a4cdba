import { cIdentifier, uniqueNames } from './c-text';
import type { Step } from './choose-kernels';
import { callsOf, type KernelCall, type PackedConstant } from './kernel';
import type { Program } from './program';
import { sharedConstants } from './shared-constants';

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
  readonly constants: readonly NamedConstant[];
}

export interface NamedConstant {
  readonly constant: PackedConstant;
  readonly name: string;
  /** Another call's constant stands for it. */
  readonly isShared: boolean;
}

/** Constants that a call brings along. */
export const ownConstants = ({ constants }: NamedCall): NamedConstant[] => constants.filter(({ isShared }) => !isShared);

export function namedLayers(program: Program, model: string): NamedLayer[] {
  const unique = uniqueNames();
  const shared = sharedConstants(program);
  const names = new Map<PackedConstant, string>();
  return program.steps.map((step) => {
    const name = unique(cIdentifier(step.node.name.split('/').filter((part) => part !== '').join('_'), 'layer'));
    const calls = callsOf(step.plan!).map((call, i): NamedCall => {
      const suffix = i === 0 ? '' : `_${i + 1}`;
      const constants = call.constants.map((constant): NamedConstant => {
        const first = shared.get(constant)!;
        if (first === constant) names.set(constant, `${model}_${name}_${constant.role}${suffix}`);
        return { constant, name: names.get(first)!, isShared: first !== constant };
      });
      return { call, params: `${name}_params${suffix}`, constants };
    });
    return { step, name, calls };
  });
}
