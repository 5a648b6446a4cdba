import { elementCount } from '../../src/engine/ir/dtype';
import type { DType, Model, RoundingRule } from '../../src/engine/ir/types';
import { canonicalize, lower } from '../../src/engine/passes/pipeline';
import { ShapeError } from '../../src/engine/ops/op';
import { elementLayers } from './network/element-layers';
import { imageLayers } from './network/image-layers';
import { moveLayers } from './network/move-layers';
import { rowLayers } from './network/row-layers';
import { Network, type LayerMaker } from './network/network';
import { Random } from './random';

export const layerMakers: readonly LayerMaker[] = [...imageLayers, ...elementLayers, ...moveLayers, ...rowLayers];

const RULES: readonly RoundingRule[] = ['onnx-float-half-even', 'tflite-double-round', 'tflite-single-round'];
const INPUTS: readonly DType[] = ['float32', 'float32', 'int8', 'int8', 'uint8', 'int16'];

/** Values larger than this are not read any further: graphs stay small. */
const MOST_ELEMENTS = 1500;

/** A model of up to six random layers with branches, from a seed. `first` is the name of a layer maker that must be in it. */
export function randomNetwork(seed: number, first?: string): Model {
  const random = new Random(seed * 2654435761);
  for (;;) {
    try {
      const model = draw(new Network(random, random.pick(RULES)), first);
      if (model) return model;
    } catch (error) {
      // Windows, axes or extents that do not fit are drawn again.
      if (!(error instanceof ShapeError)) throw error;
    }
  }
}

function draw(network: Network, first: string | undefined): Model | undefined {
  const { random } = network;
  const dtype = random.pick(INPUTS);
  for (let i = random.int(1, 2); i > 0; i--) {
    const shape = random.pick([[1, random.int(3, 7), random.int(3, 7), random.int(1, 6)], [random.int(1, 2), random.int(4, 9), random.int(1, 5)], [random.int(1, 3), random.int(2, 20)]]);
    network.input(dtype, shape, dtype === 'float32' ? undefined : network.quantization(dtype));
  }
  const wanted = layerMakers.find((maker) => maker.name === first);
  let isMissing = wanted !== undefined;
  for (let layers = random.int(1, 6), tries = 0; layers > 0 && tries < 60; tries++) {
    const x = random.pick(network.values);
    const type = network.type(x);
    const maker = isMissing && random.int(0, 1) ? wanted! : random.pick(layerMakers);
    if (!maker.accepts(type, network, x) || elementCount(type.shape) === 0 || elementCount(type.shape) > MOST_ELEMENTS) continue;
    network.values.push(...[maker.make(network, x)].flat());
    if (maker === wanted) isMissing = false;
    layers--;
  }
  return network.editor.nodes.size > 0 && !isMissing ? network.finish() : undefined;
}

/** The model as code is generated from it, and the one to interpret: as drawn, where lowering leaves inputs and outputs their types. */
export function loweredNetwork(seed: number): { readonly model: Model; readonly reference: Model } {
  const drawn = randomNetwork(seed, layerMakers[seed % layerMakers.length].name);
  const model = lower(canonicalize(drawn));
  const types = ({ graph }: Model): string => JSON.stringify([graph.inputs, graph.outputs].map((ids) => ids.map((id) => graph.values.get(id)!.type)));
  return { model, reference: types(model) === types(drawn) ? drawn : model };
}
