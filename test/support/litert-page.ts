import { loadAndCompile, loadLiteRt, Tensor } from '@litertjs/core';

/** Runs in the browser: LiteRT's own runtime on a model that the page's server serves. */
type Runner = (model: string, inputs: readonly (readonly number[])[]) => Promise<number[][]>;

let loaded: Promise<unknown> | undefined;

const run: Runner = async (model, inputs) => {
  await (loaded ??= loadLiteRt('/wasm/'));
  const compiled = await loadAndCompile(model, { accelerator: 'wasm' });
  const tensors = compiled.getInputDetails().map(({ shape }, i) => new Tensor(Float32Array.from(inputs[i]), [...shape]));
  const results = await compiled.run(tensors);
  const outputs = await Promise.all(results.map(async (tensor) => Array.from((await tensor.data()) as Float32Array)));
  for (const tensor of [...tensors, ...results]) tensor.delete();
  compiled.delete();
  return outputs;
};

(globalThis as unknown as { runTflite: Runner }).runTflite = run;
