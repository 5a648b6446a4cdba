import { agreement } from '../../codegen/agreement';
import { finishConstant, hasFinish, realFinish, saturatingTotals, shareTotals, type Finish } from '../../codegen/dsp/finish';
import { dspHeader } from '../../codegen/dsp/headers';
import { layerFacts } from '../../codegen/dsp/layer-facts';
import { canPair, pairStream } from '../../codegen/dsp/pair-stream';
import type { Instance, Kernel, PackedConstant } from '../../codegen/kernel';
import type { NodeView } from '../op';
import { isFixedInt8 } from '../fixed-weights';
import { hasConstantWeights, isOnnxInt8 } from '../weights';
import { denseMembers } from './dense-params';
import text from './tml_dense_dsp.h';

const BLOCK = 8;

/** In fixed point all outputs share one multiplier, those that are constant too; real scales may differ. */
function isDspLayer(node: NodeView): boolean {
  const isShared = isFixedInt8(node) && hasConstantWeights(node) && node.staticType(1).quantization!.scale.length === 1;
  if (!(isShared || (isOnnxInt8(node) && hasConstantWeights(node))) || denseMembers(node).rows !== 1) return false;
  const facts = sharedFacts(node);
  return canPair(facts, BLOCK) && hasFinish(facts);
}

/** One multiplier serves constant outputs too, as long as their sums are in range. */
function sharedFacts(node: NodeView): ReturnType<typeof layerFacts> {
  const facts = layerFacts(node, true);
  return { ...facts, channels: facts.channels.map((channel) => ({ ...channel, constant: undefined })) };
}

function finishOf(node: NodeView, peers: readonly NodeView[]): Finish {
  const real = realFinish(sharedFacts(node));
  if (real) return real;
  if (!saturatingTotals(sharedFacts(node))) return { kind: 'signed' };
  return { kind: 'saturating', total: agreedTotals(node, peers).get(node.node.id)! };
}

const agreedTotals = agreement((layers) =>
  shareTotals(layers.filter(isDspLayer).flatMap((peer) => {
    const totals = saturatingTotals(sharedFacts(peer));
    return totals ? [{ key: peer.node.id, totals }] : [];
  })));

function instanceOf(finish: Finish): Instance {
  switch (finish.kind) {
    case 'signed':
      return { macro: 'TML_DENSE_SIGNED_DSP', name: 'tml_dense_signed', args: [], codeBytes: 790 };
    case 'saturating':
      return { macro: 'TML_DENSE_SATURATING_DSP', name: `tml_dense_${finish.total}`, args: [finish.total], codeBytes: 726 };
    case 'real':
      return { macro: 'TML_DENSE_REAL_DSP', name: finish.low ? 'tml_dense_real' : 'tml_dense_real_0', args: [finish.low], codeBytes: 822 };
  }
}

/** The stream of all outputs with the shared constants at its end. */
function denseStream(node: NodeView, finish: Finish, words: number, depth: number): PackedConstant {
  const facts = sharedFacts(node);
  const slots = Int32Array.from({ length: 4 * words }, (_, k) => (k < depth ? k : -1));
  const pairs = pairStream('stream', facts, { slots, block: BLOCK, perChannel: finish.kind === 'real' }, finish);
  if (finish.kind === 'real') return pairs;
  return {
    ...pairs,
    elements: pairs.elements + 4,
    make() {
      const { mantissa, constant, shift, lift } = finishConstant(facts.channels[0], facts, finish);
      const shifts = finish.kind === 'signed' ? [shift, shift] : [7 - lift, 1 + lift];
      return Uint32Array.from([...pairs.make(), ...[mantissa, constant, ...shifts].map((word) => word >>> 0)]);
    },
  };
}

export const denseDsp: Kernel = {
  header: { file: 'tml_dense_dsp.h', text, needs: [dspHeader] },
  isas: ['dsp'],
  supports: isDspLayer,
  plan(node, peers) {
    const { depth, outputs } = denseMembers(node);
    const finish = finishOf(node, peers);
    const instance = instanceOf(finish);
    const words = Math.ceil(depth / 4);
    const stream = denseStream(node, finish, words, depth);
    return {
      function: 'tml_dense_dsp',
      params: { type: 'tml_dense_dsp_params', members: { words, stream_words: finish.kind === 'real' ? stream.elements : stream.elements - 4, multiply: { c: instance.name } } },
      instances: [instance],
      inputs: [0],
      constants: [stream],
      readsBehind: (4 - (depth % 4)) % 4,
      writesBehind: (BLOCK - (outputs % BLOCK)) % BLOCK,
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 40,
    };
  },
};
