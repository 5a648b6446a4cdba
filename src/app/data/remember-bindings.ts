import type { Bindings } from '../../engine/formats/onnx/bind-shapes';
import { rememberInProject } from './remember-in-project';

/** Writes extents into the `bind` of a model's entry; see `rememberInProject`. */
export const rememberBindings = (modelPath: string, bindings: Bindings, home: string): Promise<string> =>
  rememberInProject(modelPath, (entry) => ({ ...entry, bind: { ...(entry.bind as Bindings | undefined), ...bindings } }), home);
