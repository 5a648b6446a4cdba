"""Reference figures of onnxruntime's own quantizer, printed as the rows of docs/benchmarks.md: static int8 QDQ, per channel,
calibrated on files 0 to 99 of the keyword test data, judged on 100 to 599. Not a part of the product: run it in a Python
environment of its own with onnxruntime, onnx and numpy.

usage: python bench/onnxruntime-quantizer.py <folder with models/ and testdata/>
"""
import pathlib
import sys
import tempfile
import time

import numpy
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

SCALE, ZERO_POINT = 0.5847029089927673, 83


class Samples(CalibrationDataReader):
    def __init__(self, name, samples):
        self.feeds = iter([{name: sample} for sample in samples])

    def get_next(self):
        return next(self.feeds, None)


def keyword_samples(folder):
    lines = (folder / "y_labels.csv").read_text().split()
    rows = [line.split(",") for line in lines]
    codes = [numpy.frombuffer((folder / row[0]).read_bytes(), dtype=numpy.int8) for row in rows]
    return [(numpy.float32(SCALE) * (code.astype(numpy.float32) - ZERO_POINT)) for code in codes], [int(row[2]) for row in rows]


def right(model, samples, labels, shape):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options)
    name = session.get_inputs()[0].name
    return sum(int(numpy.argmax(session.run(None, {name: x.reshape(shape)})[0])) == y for x, y in zip(samples, labels))


def main():
    shared = pathlib.Path(sys.argv[1])
    source = shared / "models" / "mlperf_tiny_kws_dscnn_float.onnx"
    samples, labels = keyword_samples(shared / "testdata" / "kws01")
    graph_input = onnx.load(source).graph.input[0]
    shape = [d.dim_value for d in graph_input.type.tensor_type.shape.dim]
    print("onnxruntime", onnxruntime.__version__)
    print("float", right(source, samples[100:], labels[100:], shape))
    with tempfile.TemporaryDirectory() as folder:
        prepared = pathlib.Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        for method in (CalibrationMethod.MinMax, CalibrationMethod.Entropy, CalibrationMethod.Percentile):
            for per_channel in (False, True):
                out = pathlib.Path(folder) / "int8.onnx"
                started = time.perf_counter()
                reader = Samples(graph_input.name, [x.reshape(shape) for x in samples[:100]])
                quantize_static(str(prepared), str(out), reader, quant_format=QuantFormat.QDQ, activation_type=QuantType.QInt8, weight_type=QuantType.QInt8, per_channel=per_channel, calibrate_method=method)
                seconds = time.perf_counter() - started
                print(method.name, "per channel" if per_channel else "per tensor", right(out, samples[100:], labels[100:], shape), f"{seconds:.1f} s", out.stat().st_size, "B")


main()
