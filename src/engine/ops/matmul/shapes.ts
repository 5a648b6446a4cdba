/** Shape of an operand as a matrix: a vector is a row on the left, a column on the right. */
export const asMatrix = (shape: readonly number[], vector: 'row' | 'column'): readonly number[] => (shape.length > 1 ? shape : vector === 'row' ? [1, ...shape] : [...shape, 1]);
