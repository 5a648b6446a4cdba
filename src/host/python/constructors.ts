/** Constructors of layers in Keras and PyTorch, and what they become in an exported model. */
export interface Constructor {
  readonly framework: 'keras' | 'torch';
  /** Canonical ops that it may have become, each once: a separable convolution becomes two. Empty where it never stands by itself. */
  readonly becomes: readonly (readonly string[])[];
  /** It is folded into its neighbour, or moves no numbers, where the exporter can. */
  readonly folds: boolean;
  /** Where the number of output channels stands: position of the argument, and its name. */
  readonly channels?: { readonly position: number; readonly name: string };
}

const keras = (becomes: Constructor['becomes'], folds = false, channels?: Constructor['channels']): Constructor => ({ framework: 'keras', becomes, folds, ...(channels ? { channels } : {}) });
const torch = (becomes: Constructor['becomes'], folds = false, channels?: Constructor['channels']): Constructor => ({ framework: 'torch', becomes, folds, ...(channels ? { channels } : {}) });
const filters = { position: 0, name: 'filters' };
const units = { position: 0, name: 'units' };
const outChannels = { position: 1, name: 'out_channels' };
const outFeatures = { position: 1, name: 'out_features' };
const conv = [['conv']];
const dense = [['dense', 'matmul']];
const mean = [['reduce', 'average_pool']];
const activation = [['clamp', 'elu', 'celu', 'softplus', 'sigmoid', 'tanh', 'hard_swish', 'softmax', 'leaky_relu', 'prelu']];
const recurrent = [['lstm', 'gru', 'rnn']];

export const constructors: Readonly<Record<string, Constructor>> = {
  Conv1D: keras(conv, false, filters), Conv2D: keras(conv, false, filters), Conv2DTranspose: keras([['transpose_conv']], false, filters),
  DepthwiseConv1D: keras(conv), DepthwiseConv2D: keras(conv), SeparableConv1D: keras([['conv'], ['conv']], false, filters), SeparableConv2D: keras([['conv'], ['conv']], false, filters),
  Dense: keras(dense, false, units), LSTM: keras(recurrent, false, units), GRU: keras(recurrent, false, units),
  MaxPooling1D: keras([['max_pool']]), MaxPooling2D: keras([['max_pool']]), MaxPool2D: keras([['max_pool']]),
  AveragePooling1D: keras([['average_pool']]), AveragePooling2D: keras([['average_pool']]), AvgPool2D: keras([['average_pool']]),
  GlobalAveragePooling1D: keras(mean), GlobalAveragePooling2D: keras(mean), GlobalMaxPooling2D: keras([['reduce', 'max_pool']]),
  Add: keras([['add']]), Multiply: keras([['mul']]), Concatenate: keras([['concat']]), UpSampling2D: keras([['resize']]), ZeroPadding2D: keras([['pad']], true),
  Softmax: keras([['softmax']], true), PReLU: keras([['prelu']]), Activation: keras(activation, true), LeakyReLU: keras([['leaky_relu']], true),
  BatchNormalization: keras([['batch_norm', 'mul']], true), ReLU: keras([['clamp']], true), Flatten: keras([], true), Reshape: keras([], true), Dropout: keras([], true), Permute: keras([['transpose']], true),

  Conv1d: torch(conv, false, outChannels), Conv2d: torch(conv, false, outChannels), ConvTranspose2d: torch([['transpose_conv']], false, outChannels),
  Linear: torch(dense, false, outFeatures), LazyLinear: torch(dense, false, { position: 0, name: 'out_features' }),
  MaxPool1d: torch([['max_pool']]), MaxPool2d: torch([['max_pool']]), AvgPool1d: torch([['average_pool']]), AvgPool2d: torch([['average_pool']]),
  AdaptiveAvgPool1d: torch(mean), AdaptiveAvgPool2d: torch(mean), Upsample: torch([['resize']]),
  BatchNorm1d: torch([['batch_norm', 'mul']], true), BatchNorm2d: torch([['batch_norm', 'mul']], true), ReLU6: torch([['clamp']], true), Sigmoid: torch([['sigmoid']], true), Tanh: torch([['tanh']], true),
  Hardswish: torch([['hard_swish']], true), Identity: torch([], true), Dropout2d: torch([], true), Unflatten: torch([], true),
};
