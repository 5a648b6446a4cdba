import type { SourceNotes } from '../../ir/types';
import { graphProto, modelProto, nodeProto, type GraphProto, type ModelProto, type NodeProto } from './schema';
import { decodeMessage, encodeMessage } from './wire';

/** What a file says besides its meaning, kept as encoded messages so that a written file says it again. */
export function modelNotes(proto: ModelProto, nodes: ReadonlyMap<string, Uint8Array>): SourceNotes {
  const model: Partial<ModelProto> = { domain: proto.domain, modelVersion: proto.modelVersion, docString: proto.docString, unknown: proto.unknown };
  const graph: Partial<GraphProto> = { docString: proto.graph?.docString, unknown: proto.graph?.unknown };
  return { model: encodeMessage(modelProto, model as ModelProto), graph: encodeMessage(graphProto, graph as GraphProto), nodes };
}

/** Fields for the written model that come from the notes; empty ones are left out so that they overwrite nothing. */
export const modelFields = (notes: SourceNotes | undefined): Partial<ModelProto> => (notes ? present(decodeMessage<ModelProto>(modelProto, notes.model), ['domain', 'modelVersion', 'docString', 'unknown']) : {});
export const graphFields = (notes: SourceNotes | undefined): Partial<GraphProto> => (notes ? present(decodeMessage<GraphProto>(graphProto, notes.graph), ['docString', 'unknown']) : {});

export function nodeFields(notes: SourceNotes | undefined, name: string): Pick<NodeProto, 'docString' | 'unknown' | 'attribute'> | undefined {
  const bytes = notes?.nodes.get(name);
  return bytes && decodeMessage<NodeProto>(nodeProto, bytes);
}

function present<T extends object>(message: T, keys: readonly (keyof T)[]): Partial<T> {
  const result: Partial<T> = {};
  for (const key of keys) if (message[key] !== undefined) result[key] = message[key];
  return result;
}
