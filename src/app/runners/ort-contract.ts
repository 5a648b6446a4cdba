/** What the model runner, a child process of its own, does. Tensors are float32; ids name loaded models. */
export type OrtContract = {
  requests: {
    load: { params: { readonly bytes: Uint8Array }; result: { readonly model: number; readonly inputs: readonly string[]; readonly outputs: readonly string[] } };
    run: { params: { readonly model: number; readonly inputs: Readonly<Record<string, OrtTensor>> }; result: Readonly<Record<string, OrtTensor>> };
    unload: { params: { readonly model: number }; result: null };
  };
  notices: Record<string, never>;
};

export interface OrtTensor {
  readonly type: 'float32' | 'int8' | 'uint8' | 'int32' | 'int64' | 'bool';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;
}
