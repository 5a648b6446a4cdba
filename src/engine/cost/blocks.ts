import type { LayerReport } from './report';

export interface Blocks {
  readonly names: readonly string[];
  /** Number of the block of each layer; neighbours only, so that sums and peaks of a block mean something. */
  readonly blockOf: readonly number[];
}

/** Deeper paths than this part single layers. */
const DEEPEST = 4;
/** A block is worth folding from this many layers on, on average. */
const LAYERS_PER_BLOCK = 1.5;

/**
 * Blocks of a network, as runs of neighbouring layers: by the path in the layers' names where most have one
 * (`/encoder/0/conv/Conv`), at the first depth that parts them; else by the height and width that they work at.
 */
export function blocksOf(layers: readonly LayerReport[]): Blocks {
  const paths = layers.map(({ name }) => folderOf(name));
  if (paths.filter((path) => path.length > 0).length * 2 > layers.length) {
    const depth = commonDepth(paths);
    for (let more = 1; more <= DEEPEST; more++) {
      const found = runsOf(paths.map((path) => path.slice(depth, depth + more).join('/')));
      if (found.names.length > 1 && layers.length / found.names.length >= LAYERS_PER_BLOCK) return found;
    }
  }
  return runsOf(stages(layers));
}

/** `/model/encoder/0/Conv` -> model, encoder, 0; TFLite's joined names have no folder of their own. */
function folderOf(name: string): readonly string[] {
  return name.includes(';') ? [] : name.split('/').filter(Boolean).slice(0, -1);
}

function commonDepth(paths: readonly (readonly string[])[]): number {
  const known = paths.filter((path) => path.length > 0);
  let depth = 0;
  while (known.every((path) => path[depth] !== undefined && path[depth] === known[0][depth])) depth++;
  return depth;
}

/** `48×48`: the extents between batch and channels; layers without keep those of the layer before. */
function stages(layers: readonly LayerReport[]): readonly string[] {
  let stage = '';
  return layers.map(({ outputShape: shape }) => {
    if (shape.length === 4 || shape.length === 3) stage = shape.slice(1, -1).map((extent) => (extent < 0 ? '?' : String(extent))).join('×');
    else if (shape.length <= 2) stage = 'flat';
    return stage;
  });
}

function runsOf(keys: readonly string[]): Blocks {
  const names: string[] = [];
  let last: string | undefined;
  // A layer without a folder of its own goes with the one before it.
  const blockOf = keys.map((key) => {
    if (names.length === 0 || (key !== '' && key !== last)) names.push(last = key || 'start');
    return names.length - 1;
  });
  return { names, blockOf };
}
