import { callsOf, type PackedConstant } from './kernel';
import type { Step } from './choose-kernels';
import type { Program } from './program';

/**
 * For each packed constant the one that stands for it: calls that read the same values of the model (a layer run in strips) have
 * them in flash once. Content decides: two kernels may pack the same weights differently.
 */
export function sharedConstants({ steps }: Pick<Program, 'steps'>): ReadonlyMap<PackedConstant, PackedConstant> {
  const groups = new Map<string, PackedConstant[]>();
  for (const step of steps) {
    for (const constant of constantsOf(step)) {
      const key = `${keyOf(step)} ${constant.role} ${constant.dtype} ${constant.elements}`;
      const group = groups.get(key);
      if (group) group.push(constant);
      else groups.set(key, [constant]);
    }
  }
  const shared = new Map<PackedConstant, PackedConstant>();
  for (const group of groups.values()) {
    if (group.length === 1) {
      shared.set(group[0], group[0]);
      continue;
    }
    const firsts = new Map<string, PackedConstant>();
    for (const constant of group) {
      const content = constant.make().join();
      if (!firsts.has(content)) firsts.set(content, constant);
      shared.set(constant, firsts.get(content)!);
    }
  }
  return shared;
}

const constantsOf = ({ plan }: Step): readonly PackedConstant[] => (plan ? callsOf(plan).flatMap((call) => call.constants) : []);

/** The constants that a step reads, and what it is a part of. */
const keyOf = ({ view, node }: Step): string => `${node.op} ${node.inputs.map((id, i) => (id !== undefined && view.isConstant(i) ? id : '')).join()} ${node.origin.map(({ index }) => index).join()}`;
