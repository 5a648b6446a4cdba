import type { Problem } from '../../../base/problem';
import type { Graph, TensorType } from '../../ir/types';
import { onnxProblems } from './problems';
import type { ValueInfoProto } from './schema';

/**
 * Extents for unknown dimensions: by the name the file gives them, by `input:axis`, or `batch` for every leading one. Under the
 * name of a scalar input: its value, from then on a constant.
 */
export type Bindings = Readonly<Record<string, number>>;

/** The names that exporters give to the dimension that batches lie along. */
const BATCH_NAME = /^(n|b|bs|batch|batch_?size|none|unk__\d+|dim_0|.*batch.*)$/i;

/**
 * The type of a graph input with its unknown extents filled in: from `bindings`, or 1 for what looks like a batch. What was
 * assumed is reported, what stays open asks for a binding.
 */
export function bindShape(info: ValueInfoProto, type: TensorType, bindings: Bindings, problems: Problem[]): { type: TensorType; axisNames?: readonly string[] } {
  const dims = info.type?.tensor?.shape?.dims ?? [];
  const axisNames = dims.map((dim) => dim.parameter ?? '');
  const names = axisNames.some((name) => name !== '') ? { axisNames } : {};
  if (!type.shape || type.shape.every((extent) => extent >= 0)) return { type, ...names };
  const input = info.name ?? '';
  const assumed: string[] = [];
  const open: string[] = [];
  const shape = type.shape.map((extent, axis) => {
    if (extent >= 0) return extent;
    const label = axisNames[axis] || `${input}:${axis}`;
    const leading = axis === 0 && isBatchLike(axisNames[axis], type.shape!.length);
    const bound = bindings[label] ?? bindings[`${input}:${axis}`] ?? (leading || BATCH_NAME.test(axisNames[axis]) ? (bindings.batch ?? 1) : undefined);
    if (bound === undefined || !Number.isSafeInteger(bound) || bound < 0) {
      open.push(label);
      return -1;
    }
    if (bindings[label] === undefined && bindings[`${input}:${axis}`] === undefined && bindings.batch === undefined) assumed.push(`${label} = ${bound}`);
    return bound;
  });
  if (assumed.length) problems.push(onnxProblems.boundDimension(input, assumed));
  if (open.length) problems.push(onnxProblems.openDimension(input, open));
  return { type: { ...type, shape }, ...names };
}

/** Names of the extents that a graph's inputs still leave open, each under which it can be bound. */
export function openExtents(graph: Graph): string[] {
  const names = graph.inputs.flatMap((id) => {
    const { name, type, axisNames } = graph.values.get(id)!;
    return (type.shape ?? []).flatMap((extent, axis) => (extent < 0 ? [axisNames?.[axis] || `${name}:${axis}`] : []));
  });
  return [...new Set(names)];
}

/** An unknown first extent of an image or of rows, without a name that says otherwise. */
const isBatchLike = (name: string, rank: number): boolean => rank >= 2 && (name === '' || BATCH_NAME.test(name));
