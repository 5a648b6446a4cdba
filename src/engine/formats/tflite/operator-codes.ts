import { ProblemError } from '../../../base/problem';
import { CUSTOM, operatorNames, PLACEHOLDER } from './operators';
import { tfliteProblems } from './problems';
import type { OperatorCodeTable } from './schema';

/** Operator of a position in the file's list, `custom:name` for one that is not builtin. */
export function nameOfOperator(codes: readonly OperatorCodeTable[], index: number): string {
  const code = codes[index];
  if (!code) throw new ProblemError(tfliteProblems.badGraph(`Operator code ${index} does not exist`));
  // Older writers know only the 8-bit field. Source: tensorflow/compiler/mlir/lite/schema/schema_utils, GetBuiltinCode.
  const builtin = code.deprecatedBuiltinCode === PLACEHOLDER ? code.builtinCode : Math.max(code.deprecatedBuiltinCode, code.builtinCode);
  if (builtin === CUSTOM) return `custom:${code.customCode ?? ''}`;
  return operatorNames[builtin] ?? `operator ${builtin}`;
}
