/** A JSON text with the place of every value: for messages and marks on the user's own lines. */
export interface JsonNode {
  readonly value: unknown;
  /** Offsets into the text: from the value's first character to the one behind its last. */
  readonly from: number;
  readonly to: number;
  /** Members of an object by name, in order; `keyFrom` and `keyTo` frame the name with its quotes. */
  readonly members?: ReadonlyMap<string, JsonNode & { readonly keyFrom: number; readonly keyTo: number }>;
  readonly items?: readonly JsonNode[];
}

/** @throws SyntaxError as `JSON.parse` does, whose grammar this follows. */
export function parseJsonTree(text: string): JsonNode {
  JSON.parse(text); // right or thrown: below, the text is known to be well formed
  let at = 0;
  const space = (): void => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const literal = (): JsonNode => {
    const from = at;
    at += /^(?:"(?:[^"\\]|\\.)*"|[^\s,\]}]+)/.exec(text.slice(at))![0].length;
    return { value: JSON.parse(text.slice(from, at)), from, to: at };
  };
  const inside = (close: string, one: () => void): void => {
    at++;
    for (space(); text[at] !== close; space()) {
      one();
      space();
      if (text[at] === ',') at++;
    }
    at++;
  };
  const node = (): JsonNode => {
    space();
    const from = at;
    if (text[at] === '{') {
      const members = new Map<string, JsonNode & { keyFrom: number; keyTo: number }>();
      inside('}', () => {
        const key = literal();
        space();
        at++; // the colon
        members.set(key.value as string, { ...node(), keyFrom: key.from, keyTo: key.to });
      });
      return { value: Object.fromEntries([...members].map(([name, member]) => [name, member.value])), from, to: at, members };
    }
    if (text[at] === '[') {
      const items: JsonNode[] = [];
      inside(']', () => void items.push(node()));
      return { value: items.map((item) => item.value), from, to: at, items };
    }
    return literal();
  };
  return node();
}

/** 1-based line and column of an offset. */
export function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
