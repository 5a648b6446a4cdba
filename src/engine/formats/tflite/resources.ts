import { elementCount, isStatic } from '../../ir/dtype';
import type { GraphImporter } from './import-graph';
import { NotUnderstood } from './mapping';
import type { OperatorTable } from './schema';

/**
 * Operators on resource variables. They make no nodes: a variable's content flows through the graph as a value, and what it
 * holds between two runs is a state.
 */
export const resourceOperators: Readonly<Record<string, (graph: GraphImporter, operator: OperatorTable) => void>> = {
  VAR_HANDLE(graph, operator) {
    const options = operator.builtinOptions?.table ?? {};
    const [container, shared] = [options.container, options.sharedName].map((name) => (typeof name === 'string' ? name : ''));
    const [output] = operator.outputs ?? [];
    if (output === undefined) throw new NotUnderstood('no output');
    graph.handles.set(output, { key: `${container}/${shared}`, name: shared || graph.nameOf(output) });
  },
  READ_VARIABLE(graph, operator) {
    const { key, name } = handleOf(graph, operator);
    const [output] = operator.outputs ?? [];
    if (output === undefined) throw new NotUnderstood('no output');
    const type = graph.typeOf(output);
    const id = graph.variables.read(key, name, type);
    const held = graph.editor.value(id).type;
    const same = isStatic(held) && isStatic(type) && held.dtype === type.dtype && elementCount(held.shape) === elementCount(type.shape);
    if (!same) throw new NotUnderstood('a variable that changes its type');
    graph.define(output, id);
  },
  ASSIGN_VARIABLE(graph, operator) {
    const { key, name } = handleOf(graph, operator);
    const value = operator.inputs?.[1];
    if (value === undefined || value < 0) throw new NotUnderstood('no value');
    graph.variables.write(key, name, graph.value(value));
  },
  CALL_ONCE(graph, operator) {
    const index = operator.builtinOptions?.table?.initSubgraphIndex;
    graph.initializers.push(typeof index === 'number' ? index : 0);
  },
};

function handleOf(graph: GraphImporter, operator: OperatorTable): { readonly key: string; readonly name: string } {
  const handle = graph.handles.get(operator.inputs?.[0] ?? -1);
  if (!handle) throw new NotUnderstood('a variable without a handle');
  return handle;
}
