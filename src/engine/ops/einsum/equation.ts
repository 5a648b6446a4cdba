import { ShapeError } from '../op';

export interface LabelledEquation {
  /** Label of each axis of each operand; axes under an ellipsis are named `.0`, `.1`, ... counted from the last. */
  readonly operands: readonly (readonly string[])[];
  readonly result: readonly string[];
  readonly extents: ReadonlyMap<string, number>;
}

/** Einstein summation in NumPy's notation. Source: onnx Operators.md, Einsum-12. */
export function labelEquation(equation: string, shapes: readonly (readonly number[])[]): LabelledEquation {
  const [left, right] = equation.replace(/\s/g, '').split('->');
  const terms = left.split(',');
  if (terms.length !== shapes.length) throw new ShapeError(`${terms.length} terms for ${shapes.length} operands`);
  const operands = terms.map((term, n) => labelsOf(term, shapes[n].length - term.replace('...', '').length));
  const extents = new Map<string, number>();
  operands.forEach((labels, n) => {
    if (labels.length !== shapes[n].length) throw new ShapeError(`${terms[n]} does not name the axes of ${shapes[n].join('×')}`);
    labels.forEach((label, axis) => {
      const [known, extent] = [extents.get(label) ?? 1, shapes[n][axis]];
      if (known !== 1 && extent !== 1 && known !== extent) throw new ShapeError(`${label} is ${known} and ${extent}`);
      extents.set(label, Math.max(known, extent));
    });
  });
  const broadcast = [...extents.keys()].filter((label) => label.startsWith('.')).sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
  const counts = new Map<string, number>();
  for (const label of operands.flat()) counts.set(label, (counts.get(label) ?? 0) + 1);
  const implicit = [...counts.keys()].filter((label) => counts.get(label) === 1 && !label.startsWith('.')).sort();
  const result = right === undefined ? [...broadcast, ...implicit] : labelsOf(right, broadcast.length);
  const unknown = result.find((label) => !extents.has(label));
  if (unknown !== undefined) throw new ShapeError(`${unknown} is no axis of an operand`);
  return { operands, result, extents };
}

function labelsOf(term: string, underEllipsis: number): string[] {
  const at = term.indexOf('...');
  if (at < 0) return [...term];
  const hidden = Array.from({ length: Math.max(0, underEllipsis) }, (_, i) => `.${underEllipsis - 1 - i}`);
  return [...term.slice(0, at), ...hidden, ...term.slice(at + 3)];
}
