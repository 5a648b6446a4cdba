/**
 * What a layer is called on a screen. TFLite joins the names of all ops that were fused into one, each with its whole path
 * (`model/act/Relu;model/conv2d/BiasAdd;model/conv2d/Conv2D`): the layer meant is the owner named most often, here `conv2d`;
 * of equally frequent ones the last, which is where a tensor is made. Other names are left as they are.
 */
export function shortName(name: string): string {
  if (!name.includes(';')) return name;
  const owners = name.split(';').flatMap((path) => {
    const parts = withoutTail(path.split('/').filter(Boolean));
    return parts.length > 1 ? [parts[parts.length - 2]] : parts;
  });
  const counts = new Map<string, number>();
  for (const owner of owners) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return [...counts].reverse().find(([, count]) => count === most)?.[0] ?? name;
}

/** Variables are read through ops of their own: `conv2d/BiasAdd/ReadVariableOp/resource` belongs to `conv2d/BiasAdd`. */
const withoutTail = (parts: readonly string[]): readonly string[] => {
  const read = parts.findIndex((part) => part.startsWith('ReadVariableOp'));
  return read > 1 ? parts.slice(0, read) : parts;
};
