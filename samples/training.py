"""What the samples' training scripts share: a seeded training loop, the ONNX export, and the check of the exported file.

Everything is seeded and runs on one CPU thread, so the same package versions (requirements.txt) on the same kind of
processor give the same file. Other versions give weights that differ slightly, and accuracy figures within about 1 %.
"""

import json
import platform
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

OPSET = 17


def make_deterministic(seed: int) -> None:
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)


def train_classifier(network: nn.Module, x: np.ndarray, y: np.ndarray, *, epochs: int, seed: int,
                     batch: int = 64, rate: float = 4e-3) -> None:
    """Trains in place: Adam with decoupled weight decay, one-cycle schedule, cross entropy on the network's logits.

    The weight decay also keeps each channel's weights in a narrow range, which is what int8 quantization wants.
    """
    make_deterministic(seed)
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-2)
    steps = epochs * -(-len(x) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=rate, total_steps=steps)
    network.train()
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for start in range(0, len(x), batch):
            chosen = order[start:start + batch]
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(inputs[chosen]), targets[chosen]).backward()
            optimizer.step()
            schedule.step()
    network.eval()


def export_onnx(network: nn.Module, file: Path, *, input_name: str, input_shape: tuple[int, ...], labels: list[str],
                description: str) -> None:
    """Writes the network with a softmax behind it, batch fixed to 1 as on a board, and the labels in the file's metadata."""
    model = nn.Sequential()
    for name, layer in network.named_children():
        model.add_module(name, layer)
    model.add_module("softmax", nn.Softmax(dim=1))
    model.eval()
    torch.onnx.export(model, (torch.zeros(input_shape),), str(file), input_names=[input_name], output_names=["scores"],
                      opset_version=OPSET, dynamo=False)
    exported = onnx.load(file)
    exported.graph.name = file.stem
    name_folded_weights(exported.graph)
    exported.doc_string = description
    for key, value in (("labels", json.dumps(labels)), ("description", description)):
        exported.metadata_props.add(key=key, value=value)
    onnx.checker.check_model(exported, full_check=True)
    onnx.save(exported, file)


def name_folded_weights(graph: onnx.GraphProto) -> None:
    """Folding a batch norm leaves weights called `onnx::Conv_26`; they get the name of their layer again."""
    folded = {w.name: w for w in graph.initializer if w.name.startswith("onnx::")}
    for node in graph.node:
        layer = node.name.strip("/").split("/")[0]
        for index, role in ((1, "weight"), (2, "bias")):
            if len(node.input) > index and node.input[index] in folded:
                folded[node.input[index]].name = node.input[index] = f"{layer}.{role}"


def save_data(file: Path, **arrays: np.ndarray) -> None:
    """Compressed .npz: x_* are float32 in the model's input shape without its batch dimension, y_* are int64 label indices."""
    np.savez_compressed(file, **arrays)


def measure_accuracy(file: Path, x: np.ndarray, y: np.ndarray) -> tuple[int, np.ndarray]:
    """How many samples the exported file gets right in onnxruntime, and its confusion matrix [truth, prediction]."""
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    predicted = np.array([session.run(None, {name: sample[None]})[0].argmax() for sample in x])
    classes = int(y.max()) + 1
    confusion = np.zeros((classes, classes), dtype=int)
    np.add.at(confusion, (y, predicted), 1)
    return int((predicted == y).sum()), confusion


def report(file: Path, x: np.ndarray, y: np.ndarray) -> None:
    """Prints what samples/README.md states of a model."""
    correct, confusion = measure_accuracy(file, x, y)
    parameters = sum(int(np.prod(w.dims)) for w in onnx.load(file).graph.initializer)
    print(f"{file.name}: {correct} of {len(y)} test samples right ({100 * correct / len(y):.2f} %), "
          f"{parameters} parameters, {file.stat().st_size} bytes")
    print(confusion)


def print_versions() -> None:
    print(f"Python {platform.python_version()}, numpy {np.__version__}, torch {torch.__version__}, "
          f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}")
