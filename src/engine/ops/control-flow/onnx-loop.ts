import type { OnnxNode } from '../../formats/onnx/mapping';
import type { GraphProto } from '../../formats/onnx/schema';
import { tensorOf } from '../../ir/tensor';
import type { SubGraph, TensorType, ValueId } from '../../ir/types';
import { joined, resultTypes } from './inner-graph';

export interface LoopParts {
  /** Reads the round's number, a condition, then the carried values; makes a condition, the next carried values and what is joined. */
  readonly body: GraphProto;
  readonly limit: ValueId | undefined;
  readonly begins: ValueId | undefined;
  readonly carried: readonly ValueId[];
}

/** How often types of carried values are widened before nothing is said of their shapes. */
const MAX_WIDENED = 3;

/** The node as the op `loop`; its outputs are the node's, or, with `isStep`, intermediate values that are returned. */
export function runAsLoop(node: OnnxNode, { body, limit, begins, carried }: LoopParts, isStep = false): readonly ValueId[] {
  const outer = node.outerValues([body]);
  const count = body.output.length - 1;
  let types: readonly TensorType[] = carried.map((id) => plain(node.typeOf(id)));
  let made: readonly ValueId[] = [];
  for (let widened = 0; ; widened++) {
    let wider: readonly TensorType[] | undefined;
    const reason = node.attempt(() => {
      const graph = bodyOf(node, body, types, outer);
      const results = resultTypes(graph.graph).slice(1, 1 + carried.length).map(plain);
      const common = joined(types, results);
      if (results.some((type, i) => type.dtype !== types[i].dtype)) node.refuse('a carried value that changes its type');
      if (!sameShapes(common, types)) {
        wider = widened < MAX_WIDENED ? common : types.map((type) => ({ ...type, shape: undefined }));
        node.refuse('shapes that change from round to round');
      }
      const first = node.emit('loop', [limit, begins, ...carried, ...outer], { body: graph, carried: carried.length }, isStep ? { last: false, suffix: 'loop', outputs: count } : {});
      made = node.outputsOf(first);
    });
    if (reason === undefined) return made;
    types = wider ?? node.refuse(reason);
  }
}

function bodyOf(node: OnnxNode, body: GraphProto, types: readonly TensorType[], outer: readonly ValueId[]): SubGraph {
  // While the body runs, the condition holds.
  const holds = tensorOf({ dtype: 'bool', shape: [] }, [1]);
  const graph = node.graphOf(body, [{ dtype: 'int64', shape: [] }, holds, ...types], outer);
  if (resultTypes(graph.graph).some((type) => type.dtype === 'other')) node.refuse('a type without arithmetic');
  return graph;
}

/** What changes from round to round has no scale of its own: codes are plain numbers here, the body says what they mean. */
const plain = ({ dtype, shape }: TensorType): TensorType => ({ dtype, shape });

const sameShapes = (a: readonly TensorType[], b: readonly TensorType[]): boolean => a.every((type, i) => type.shape?.join() === b[i].shape?.join());
