import type { TfliteMapping } from '../../formats/tflite/mapping';
import type { UnaryFunction } from './functions';

/** Functions that TFLite has, with the number of its approximation where there are several. */
const operators: Readonly<Record<string, string>> = {
  abs: 'ABS', ceil: 'CEIL', cos: 'COS', elu: 'ELU', exp: 'EXP', floor: 'FLOOR', gelu: 'GELU', log: 'LOG', neg: 'NEG', logical_not: 'LOGICAL_NOT', round: 'ROUND', sign: 'SIGN',
  sin: 'SIN', sqrt: 'SQRT',
};

export function unaryTflite(entry: UnaryFunction): TfliteMapping | undefined {
  const operator = operators[entry.name];
  if (!operator) return undefined;
  const [choice] = Object.entries(entry.choices ?? {});
  return {
    import: {
      [operator](node) {
        node.needReal();
        const options = choice ? { [choice[0]]: choice[1][node.number(choice[0])] } : {};
        node.emit(entry.name, [node.inputs[0]], { ...entry.parameters, ...options });
      },
    },
    export(node, writer) {
      if (node.type(0).quantization) return writer.refuse('codes in place of real numbers');
      if (Object.entries(entry.parameters ?? {}).some(([key, value]) => node.attributes[key] !== value)) return writer.refuse('parameters that TFLite has not');
      const options = choice ? { [choice[0]]: Math.max(0, choice[1].indexOf(node.attributes[choice[0]] as string)) } : {};
      writer.emit(operator, writer.inputs, writer.outputs, options);
    },
  };
}
