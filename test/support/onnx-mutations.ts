/** Damaged and hostile variants of a file: the same seed gives the same bytes. */
import { modelProto, type AttributeProto, type GraphProto, type ModelProto, type NodeProto, type TensorProto } from '../../src/engine/formats/onnx/schema';
import { decodeMessage, encodeMessage } from '../../src/engine/formats/onnx/wire';
import { onnxImporters } from '../../src/engine/ops/table';
import { random } from '../unit/device/random';

type Below = (limit: number) => number;

/** Every third file is damaged as bytes, the others as a graph: well-formed protobuf that says nonsense. */
export function mutated(bytes: Uint8Array, seed: number): Uint8Array {
  const { below, uint32 } = random(Math.imul(seed + 1, 0x9e3779b1));
  for (let i = 0; i < 8; i++) uint32(); // small seeds start with small numbers
  return seed % 3 === 0 ? damagedBytes(bytes, below) : damagedGraph(bytes, below);
}

function damagedBytes(bytes: Uint8Array, below: Below): Uint8Array {
  const copy = Uint8Array.from(bytes);
  switch (below(6)) {
    case 0: // cut off
      return copy.subarray(0, below(copy.length));
    case 1: // some bits
      for (let n = 1 + below(8); n > 0; n--) copy[below(copy.length)] ^= 1 << below(8);
      return copy;
    case 2: // some bytes in the head, where structure is densest
      for (let n = 1 + below(16); n > 0; n--) copy[below(Math.min(copy.length, 4096))] = below(256);
      return copy;
    case 3: { // a part repeated elsewhere
      const length = 1 + below(Math.min(512, copy.length - 1));
      copy.copyWithin(below(copy.length - length), below(copy.length - length), below(copy.length));
      return copy;
    }
    case 4: { // huge numbers where varints lie
      const at = below(Math.max(1, copy.length - 10));
      copy.fill(0xff, at, at + 1 + below(9));
      return copy;
    }
    default: { // a part left out
      const from = below(copy.length);
      const to = Math.min(copy.length, from + 1 + below(256));
      return Uint8Array.from([...copy.subarray(0, from), ...copy.subarray(to)]);
    }
  }
}

const hostileNames = ['<img src=x onerror=alert(1)>', '*/ int main(void){} /*', 'line\nbreak', '\u202egnp.exe', '', '__proto__', 'a'.repeat(5000), '\u0000'];
const hostileNumbers = [-1, 0, 1, 2, 7, 255, 65536, 1_000_000_000, 2 ** 31, -(2 ** 31), 2 ** 40, 2 ** 62, -(2 ** 62)];
const opTypes = [...onnxImporters().keys()];

function damagedGraph(bytes: Uint8Array, below: Below): Uint8Array {
  const model = decodeMessage<ModelProto>(modelProto, bytes);
  for (let n = 1 + below(4); n > 0; n--) change(model, model.graph!, below);
  return encodeMessage(modelProto, model);
}

function change(model: ModelProto, graph: GraphProto, below: Below): void {
  const pick = <T>(list: readonly T[]): T => list[below(list.length)];
  const node = graph.node.length ? pick(graph.node) : undefined;
  const tensor = graph.initializer.length ? pick(graph.initializer) : undefined;
  const value = pick([...graph.input, ...graph.output, ...graph.valueInfo]);
  const dims = value?.type?.tensor?.shape?.dims;
  switch (below(14)) {
    case 0:
      if (node) node.opType = pick(opTypes);
      return;
    case 1:
      if (node) node.input = node.input.map((name) => (below(2) ? name : pick(namesOf(graph))));
      return;
    case 2:
      if (node) node.input = node.input.slice(0, below(node.input.length + 1));
      return;
    case 3:
      if (node) node.output = [...node.output, `extra_${below(100)}`];
      return;
    case 4:
      if (node) changeAttribute(node, pick, below);
      return;
    case 5:
      if (tensor) tensor.dims = tensor.dims.map((d) => (below(2) ? d : pick(hostileNumbers)));
      return;
    case 6:
      if (tensor) changeTensor(tensor, pick, below);
      return;
    case 7:
      if (dims?.length) pick(dims).value = pick(hostileNumbers);
      return;
    case 8:
      if (dims) value!.type!.tensor!.shape!.dims = [...dims.slice(0, below(dims.length + 1)), { value: pick(hostileNumbers) }, ...dims.slice(below(dims.length + 1))];
      return;
    case 9:
      if (node) rename(graph, pick(namesOf(graph)), pick(hostileNames));
      return;
    case 10:
      if (value?.type?.tensor) value.type.tensor.elementType = below(30);
      return;
    case 11:
      model.opsetImport = model.opsetImport.map((set) => ({ ...set, version: pick([1, 5, 6, 7, 9, 10, 11, 12, 13, 18, 21, 24, 99, -1]) }));
      return;
    case 12: // a cycle
      if (node && node.output.length) pick(graph.node).input = [node.output[0], ...node.input];
      return;
    default:
      if (node) graph.node = graph.node.filter((other) => other !== node);
  }
}

function changeAttribute(node: NodeProto, pick: <T>(list: readonly T[]) => T, below: Below): void {
  if (!node.attribute.length) return;
  const attribute: AttributeProto = pick(node.attribute);
  if (attribute.ints.length) attribute.ints = attribute.ints.map((x) => (below(2) ? x : pick(hostileNumbers))).slice(0, below(attribute.ints.length + 2));
  else if (attribute.t) changeTensor(attribute.t, pick, below);
  else if (attribute.i !== undefined) attribute.i = pick(hostileNumbers);
  else if (attribute.f !== undefined) attribute.f = pick([0, -1, NaN, Infinity, 1e38]);
  else node.attribute = node.attribute.filter((other) => other !== attribute);
}

/** Other numbers where there are few: shapes, axes and sizes. */
function changeTensor(tensor: TensorProto, pick: <T>(list: readonly T[]) => T, below: Below): void {
  if (tensor.dataType === 7 && tensor.rawData && tensor.rawData.length <= 256) {
    const view = new DataView(Uint8Array.from(tensor.rawData).buffer);
    for (let at = 0; at + 8 <= view.byteLength; at += 8) if (below(2)) view.setBigInt64(at, BigInt(pick(hostileNumbers)), true);
    tensor.rawData = new Uint8Array(view.buffer);
  } else if (below(2)) tensor.dataType = below(30);
  else tensor.int64Data = tensor.int64Data.map((x) => (below(2) ? x : pick(hostileNumbers)));
}

const namesOf = (graph: GraphProto): string[] => [...graph.node.flatMap((node) => [...node.input, ...node.output]), ...graph.initializer.map((tensor) => tensor.name ?? ''), 'nowhere'];

function rename(graph: GraphProto, from: string, to: string): void {
  const name = (old: string): string => (old === from ? to : old);
  for (const node of graph.node) [node.input, node.output] = [node.input.map(name), node.output.map(name)];
  for (const item of [...graph.initializer, ...graph.input, ...graph.output]) item.name = name(item.name ?? '');
}
