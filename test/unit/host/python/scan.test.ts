import assert from 'node:assert/strict';
import { scanLayers } from '../../../../src/host/python/scan';

const brief = (text: string): unknown[] => scanLayers(text).map(({ callee, line, endLine, endColumn, name, channels, isDepthwise }) => [callee, line, endLine, endColumn, name, channels, isDepthwise]);

describe('layer constructors in Python', () => {
  it('reads a Keras functional model', () => {
    const text = [
      'x = Conv2D(8, 3, strides=2, padding="same")(inp)',
      'x = ReLU()(BatchNormalization()(x))',
      'x = layers.DepthwiseConv2D(3, padding="same", name="dw_1")(x)',
      'out = tf.keras.layers.Dense(units=12, activation="softmax", name=\'scores\')(x)',
    ];
    const ends = text.map((line) => line.length);
    assert.deepEqual(brief(text.join('\n')), [
      ['Conv2D', 0, 0, ends[0], undefined, 8, false],
      ['ReLU', 1, 1, ends[1], undefined, undefined, false],
      ['BatchNormalization', 1, 1, ends[1] - 1, undefined, undefined, false],
      ['DepthwiseConv2D', 2, 2, ends[2], 'dw_1', undefined, true],
      ['Dense', 3, 3, ends[3], 'scores', 12, false],
    ]);
  });

  it('reads a Keras Sequential model over several lines', () => {
    const text = 'model = keras.Sequential([\n  layers.Conv2D(\n    filters=16,  # not (8, 3)\n    kernel_size=(3, 3),\n  ),\n  layers.Flatten(),\n  layers.Dense(10),\n])\n';
    assert.deepEqual(brief(text), [['Conv2D', 1, 4, 3, undefined, 16, false], ['Flatten', 5, 5, 18, undefined, undefined, false], ['Dense', 6, 6, 18, undefined, 10, false]]);
  });

  it('reads a torch module: attributes are names, groups make it depthwise', () => {
    const text = 'class Net(nn.Module):\n  def __init__(self):\n    super().__init__()\n    self.stem = nn.Conv2d(3, 8, 3, stride=2)\n    self.dw: nn.Module = nn.Conv2d(8, 8, 3, groups=8)\n    self.pw = torch.nn.Conv2d(in_channels=8, out_channels=width, kernel_size=1)\n    self.body = nn.Sequential(nn.ReLU(), nn.Linear(64, 10))\n';
    assert.deepEqual(brief(text), [
      ['Conv2d', 3, 3, 44, 'stem', 8, false], ['Conv2d', 4, 4, 53, 'dw', 8, true], ['Conv2d', 5, 5, 79, 'pw', undefined, false],
      ['ReLU', 6, 6, 39, undefined, undefined, false], ['Linear', 6, 6, 58, undefined, 10, false],
    ]);
  });

  it('reads nothing from comments, strings, classes and half-written calls', () => {
    const text = '"""A Conv2D(8, 3) model\nDense(4)"""\n# Conv2D(8)\nclass Dense(Layer):\n  pass\nfrom keras.layers import Dense\nprint("Conv2D(3)")\nx = Conv2D(8, 3\n';
    assert.deepEqual(brief(text), []);
  });
});
