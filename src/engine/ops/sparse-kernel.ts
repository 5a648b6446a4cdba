import { cTypeOf, suffixOf } from '../codegen/element-types';
import type { Instance, Isa, Kernel, KernelHeader, KernelWork, PackedConstant } from '../codegen/kernel';
import { byteLengthOf, dtypes, elementCount } from '../ir/dtype';
import type { NodeView } from './op';
import { isFixedPoint } from './real-result';
import { weightContent, type WeightContent } from './weight-content';
import { overlapsOf, ruleConstants, ruleMembers, ruleOf, weightedHeader, type Rule } from './weighted-kernel';
import { hasConstantWeights } from './weights';
import text from './tml_sparse.h';

const header: KernelHeader = { file: 'tml_sparse.h', text, needs: [weightedHeader] };

/** A layer whose outputs are rows of inputs times rows of weights. */
export interface SparseLayer {
  supports(node: NodeView): boolean;
  /** As the convolution's parameters have them. */
  members(node: NodeView): Record<string, number>;
  readonly singlePrecisionProduct?: boolean;
  /** As `WeightedLayer.overlap`; of a kernel that reads a window before it writes a pixel, or one that reads it meanwhile. */
  overlap?(members: Readonly<Record<string, number>>, isWindow: boolean): number | undefined;
}

/** Weights that are stored together: one, for flash; four neighbours, for speed. */
type Block = 1 | 4;

/**
 * Up to this share of stored blocks of four a portable kernel that skips the others is faster than one that reads all weights:
 * instructions counted on a simulated Cortex-M3 (docs/benchmarks.md, packed weights); other scalar cores are taken to be alike.
 */
const FASTER_SHARE = 0.6;
/** Instruction sets whose other kernels multiply one by one. */
const SCALAR_ISAS: readonly Isa[] = ['c99', 'rv32', 'avr'];

/** Zeros take a bit of flash each: the fewest bytes. */
export const sparseKernel = (layer: SparseLayer): Kernel => kernelOf(layer, 1, (node) => {
  const content = weightContent(node);
  return content !== undefined && sparseBytes(node, content, 1) < byteLengthOf(node.type(1).dtype, content.data.length);
});

/** Blocks of four zeros are skipped: where they are many enough to save time. */
export const sparseBlocksKernel = (layer: SparseLayer): Kernel => ({
  ...kernelOf(layer, 4, (node) => {
    const content = weightContent(node);
    if (content === undefined || depthOf(node) % 4 !== 0 || content.data.length - content.zeros > FASTER_SHARE * content.data.length) return false;
    return storedBlocks(node, content, 4).length * 4 <= FASTER_SHARE * content.data.length;
  }),
  isas: SCALAR_ISAS,
});

function kernelOf(layer: SparseLayer, block: Block, isWorthwhile: (node: NodeView) => boolean): Kernel {
  return {
    header,
    supports: (node) => hasConstantWeights(node) && ruleFor(node) !== undefined && layer.supports(node) && isWorthwhile(node),
    plan(node) {
      const rule = ruleFor(node)!;
      const members = layer.members(node);
      const [input, output] = [node.staticType(0), node.outputType()];
      const form = input.dtype === 'float32' && !node.type(1).quantization ? 'F32' : 'S8';
      const isWindow = !isPixel(members);
      const types = [suffixOf(input), suffixOf(output), form.toLowerCase(), rule.toLowerCase()].join('_');
      const [row, name] = [`tml_sparse_row${block}_${types}`, `tml_sparse_${isWindow ? 'windows' : 'pixels'}${block}_${types}`];
      const [from, to] = [cTypeOf(input), cTypeOf(output)];
      const content = weightContent(node)!;
      const blocks = storedBlocks(node, content, block);
      const acc = rule === 'F32' || rule === 'REAL' ? 'float' : from === 'int16_t' || rule === 'WIDE' || rule === 'EVEN_WIDE' ? 'int64_t' : 'int32_t';
      const instances: Instance[] = [
        { macro: 'TML_SPARSE_ROW', name: row, args: [from, acc, form, to, rule, block], codeBytes: 0 },
        { macro: isWindow ? 'TML_SPARSE_WINDOWS' : 'TML_SPARSE_PIXELS', name, args: [from, form, to, rule, row], codeBytes: 0 },
      ];
      return {
        function: name,
        params: { type: 'tml_sparse_params', members: { ...members, depth: depthOf(node), ...ruleMembers(node, rule) } },
        inputs: [0],
        constants: [...packed(node, content, block, blocks), ...ruleConstants(node, rule, layer.singlePrecisionProduct ?? false)],
        overlaps: overlapsOf(node, layer.overlap?.(members, isWindow)),
        scratchBytes: isWindow ? byteLengthOf(input.dtype, depthOf(node)) : undefined,
        inputTypes: [from],
        outputType: to,
        instances,
        work: workOf(node, members, block, rule, blocks),
        codeBytes: isWindow ? 400 : 250,
      };
    },
  };
}

/** int8 or real weights around zero. */
function ruleFor(node: NodeView): Rule | undefined {
  const { dtype, quantization } = node.type(1);
  if ((dtype !== 'int8' && dtype !== 'float32') || quantization?.block || quantization?.zeroPoint.some((zero) => zero !== 0)) return undefined;
  // Real activations and codes as weights: TFLite turns the activations into codes first.
  if (quantization && node.type(0).dtype === 'float32' && isFixedPoint(node.rounding)) return undefined;
  return ruleOf({}, node);
}

const isPixel = (m: Readonly<Record<string, number>>): boolean => m.kernel_h * m.kernel_w * m.stride_h * m.stride_w === 1 && m.pad_top === 0 && m.pad_left === 0 && m.in_h === m.out_h && m.in_w === m.out_w;

const depthOf = (node: NodeView): number => elementCount(node.staticType(1).shape.slice(1));

/** First elements of the blocks that are not all zero, rows of outputs one after another. */
function storedBlocks(node: NodeView, { data }: WeightContent, block: Block): number[] {
  const depth = depthOf(node);
  const found: number[] = [];
  for (let row = 0; row < data.length; row += depth) {
    for (let k = 0; k < depth; k += block) {
      for (let i = 0; i < block; i++) {
        if (data[row + k + i] === 0) continue;
        found.push(row + k);
        break;
      }
    }
  }
  return found;
}

const bytesPerRow = (node: NodeView, block: Block): number => Math.ceil(depthOf(node) / block / 8);

const sparseBytes = (node: NodeView, { data, zeros }: WeightContent, block: Block): number =>
  (data.length / depthOf(node)) * bytesPerRow(node, block) + ((data.length - zeros) * dtypes[node.type(1).dtype].bits) / 8;

/** For each pixel: products of what is stored, bits of each byte up to the last that is set, and of windows all that they cover. */
function workOf(node: NodeView, m: Readonly<Record<string, number>>, block: Block, rule: Rule, blocks: readonly number[]): KernelWork {
  const pixels = m.batch * m.out_h * m.out_w;
  const last = new Map<number, number>();
  const depth = depthOf(node);
  for (const first of blocks) {
    const at = Math.floor((first % depth) / block);
    last.set(Math.floor(first / depth) * bytesPerRow(node, block) + (at >> 3), (at & 7) + 1);
  }
  let bits = 0;
  for (const count of last.values()) bits += count;
  return {
    form: `${block}_${rule}`.toLowerCase(), macs: blocks.length * block * pixels, copied: isPixel(m) ? 0 : depth * pixels,
    taps: { count: bits * pixels, name: 'Bits of what is stored', of: 'bits' },
  };
}

function packed(node: NodeView, content: WeightContent, block: Block, blocks: readonly number[]): PackedConstant[] {
  const depth = depthOf(node);
  const perRow = bytesPerRow(node, block);
  const bits = (): Uint8Array => {
    const bytes = new Uint8Array((content.data.length / depth) * perRow);
    for (const first of blocks) {
      const at = Math.floor((first % depth) / block);
      bytes[Math.floor(first / depth) * perRow + (at >> 3)] |= 1 << (at & 7);
    }
    return bytes;
  };
  const isReal = node.type(1).dtype === 'float32';
  // An array in C has an element at least.
  const count = Math.max(1, blocks.length * block);
  const values = (): Int8Array | Float32Array => {
    const result = isReal ? new Float32Array(count) : new Int8Array(count);
    blocks.forEach((first, i) => {
      for (let k = 0; k < block; k++) result[i * block + k] = content.data[first + k];
    });
    return result;
  };
  return [
    { role: 'stored', dtype: 'uint8', elements: (content.data.length / depth) * perRow, make: bits },
    { role: 'weights', dtype: isReal ? 'float32' : 'int8', elements: count, make: values },
  ];
}
