/** Where a cursor stands in a JSON text that is being typed: names of the objects around it, and what is written there. */
export interface JsonCursor {
  readonly path: readonly string[];
  /** A member's name, or its value; `key` is then the member. */
  readonly at: 'name' | 'value';
  readonly key?: string;
  /** Offset at which the string under the cursor begins, quote included; the cursor itself where there is none. */
  readonly from: number;
}

/** Total: whatever stands behind the cursor does not count, and what is not JSON is passed over. */
export function jsonCursor(text: string, offset: number): JsonCursor {
  const stack: { key?: string; isObject: boolean; isValue: boolean }[] = [];
  const top = (): (typeof stack)[number] | undefined => stack[stack.length - 1];
  let from = offset;
  for (let at = 0; at < offset; at++) {
    const char = text[at];
    if (char === '"') {
      let end = at + 1;
      while (end < text.length && text[end] !== '"' && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
      if (end >= offset) {
        from = at;
        break;
      }
      const current = top();
      if (current?.isObject && !current.isValue) current.key = text.slice(at + 1, end);
      at = end;
    } else if (char === '{' || char === '[') stack.push({ isObject: char === '{', isValue: false });
    else if (char === '}' || char === ']') stack.pop();
    else if (char === ':' && top()) top()!.isValue = true;
    else if (char === ',' && top()) top()!.isValue = false;
  }
  const current = top();
  const path = stack.slice(0, -1).flatMap(({ key }) => (key === undefined ? [] : [key]));
  return current?.isObject && !current.isValue ? { path, at: 'name', from } : { path, at: 'value', ...(current?.key === undefined ? {} : { key: current.key }), from };
}
