import { typeBytes } from '../../ir/dtype';
import type { GraphEditor } from '../../ir/edit';
import type { ConstantData, State, StaticType, TensorType, ValueId } from '../../ir/types';
import { isStatic } from '../../ir/dtype';

interface Variable {
  readonly name: string;
  /** Content before the run, where something reads it; the state's input. */
  input?: ValueId;
  /** Content now. */
  current?: ValueId;
}

/**
 * Variables of a graph while it is imported, in static single assignment: each write makes a new current value, each read
 * takes the current one. A variable that is read before it is written is a state. Keys: `shared name` of a resource, or the
 * numbers of graph and tensor of a variable tensor.
 */
export class Variables {
  private readonly variables = new Map<string, Variable>();

  constructor(private readonly editor: GraphEditor) {}

  read(key: string, name: string, type: TensorType): ValueId {
    const variable = this.of(key, name);
    if (variable.current === undefined) variable.current = variable.input = this.editor.addValue(name, type);
    return variable.current;
  }

  write(key: string, name: string, value: ValueId): void {
    this.of(key, name).current = value;
  }

  get isUsed(): boolean {
    return this.variables.size > 0;
  }

  /** What all variables hold now, for `restore`. */
  snapshot(): ReadonlyMap<string, Readonly<Variable>> {
    return new Map([...this.variables].map(([key, variable]) => [key, { ...variable }]));
  }

  restore(snapshot: ReadonlyMap<string, Readonly<Variable>>): void {
    this.variables.clear();
    for (const [key, variable] of snapshot) this.variables.set(key, { ...variable });
  }

  /** Last content of each variable: what an initializing graph leaves behind. */
  contents(): ReadonlyMap<string, ValueId> {
    return new Map([...this.variables].flatMap(([key, { current }]) => (current === undefined ? [] : [[key, current] as const])));
  }

  /** `initial` gives the content before the first run; the problems of those that do not fit are reported. */
  states(initial: (key: string) => ConstantData | undefined, report: (name: string, why: string) => void): State[] {
    return [...this.variables].flatMap(([key, { name, input, current }]) => {
      if (input === undefined || current === undefined) return [];
      const { type } = this.editor.value(input);
      const before = initial(key);
      const fits = before && isStatic(type) && before.byteLength === typeBytes(type as StaticType);
      if (before && !fits) report(name, `Its first content has ${before.byteLength} bytes, which is not what its readers expect`);
      return [{ name, input, output: current, ...(fits ? { initial: before } : {}) }];
    });
  }

  private of(key: string, name: string): Variable {
    let variable = this.variables.get(key);
    if (!variable) this.variables.set(key, (variable = { name }));
    return variable;
  }
}
