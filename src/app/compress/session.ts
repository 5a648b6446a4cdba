import { writeOnnx } from '../../engine/formats/onnx/write';
import type { Model, ValueId } from '../../engine/ir/types';
import type { OrtRunner, OrtModel } from '../runners/ort-client';

/** A model with one input, loaded into onnxruntime, with some of its inner values in sight. */
export class Session {
  private constructor(private readonly loaded: OrtModel, private readonly shape: readonly number[], private readonly names: readonly string[]) {}

  static async open(runner: OrtRunner, model: Model, watched: readonly ValueId[]): Promise<Session> {
    const { bytes, exposed } = writeOnnx(model, { expose: watched });
    const input = model.graph.values.get(model.graph.inputs[0])!;
    return new Session(await runner.load(bytes), input.type.shape!, exposed);
  }

  /** Real numbers of the watched values, in the order they were asked for. */
  async run(sample: Float32Array): Promise<ArrayLike<number>[]> {
    const input = this.loaded.inputs[0];
    const results = await this.loaded.run({ [input]: { type: 'float32', shape: this.shape, data: sample } });
    return this.names.map((name) => (name === input ? sample : (results[name].data as Float32Array)));
  }

  close(): Promise<void> {
    return this.loaded.unload();
  }
}

export async function withSession<T>(runner: OrtRunner, model: Model, watched: readonly ValueId[], work: (session: Session) => Promise<T>): Promise<T> {
  const session = await Session.open(runner, model, watched);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
