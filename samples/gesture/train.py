"""Trains gesture.onnx, a 1-D CNN on accelerometer windows, on data from generator.py (which documents the data).

    pip install -r ../requirements.txt
    python train.py            generates, trains, exports and measures; overwrites the files beside this script
    python train.py --check    only measures the files that are there
"""

import sys
from pathlib import Path

import numpy as np
from torch import nn

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
import training  # noqa: E402
from generator import LABELS, SAMPLES, generate  # noqa: E402

TRAIN_SAMPLES, TEST_SAMPLES, CALIBRATION_SAMPLES = 6000, 400, 100
TRAIN_SEED, TEST_SEED, WEIGHTS_SEED = 11, 12, 13
EPOCHS = 30
DESCRIPTION = "Five hand gestures from a 3-axis accelerometer (64 readings at 50 Hz, in g): three 1-D convolutions"


class GestureCnn(nn.Sequential):
    def __init__(self) -> None:
        super().__init__()
        channels = (3, 8, 16, 16)
        for stage in (1, 2, 3):
            self.add_module(f"conv{stage}", nn.Conv1d(channels[stage - 1], channels[stage], kernel_size=5, padding=2))
            self.add_module(f"norm{stage}", nn.BatchNorm1d(channels[stage]))  # folded into the convolution by the export
            self.add_module(f"relu{stage}", nn.ReLU())
            self.add_module(f"pool{stage}", nn.MaxPool1d(2))
        self.flatten = nn.Flatten()
        self.dense = nn.Linear(channels[3] * SAMPLES // 8, len(LABELS))


def main() -> None:
    training.print_versions()
    if "--check" not in sys.argv:
        x_train, y_train = generate(TRAIN_SAMPLES, TRAIN_SEED)
        x_test, y_test = generate(TEST_SAMPLES, TEST_SEED)
        training.save_data(here / "gesture.npz", x_calibration=x_train[:CALIBRATION_SAMPLES], x_test=x_test, y_test=y_test)
        training.make_deterministic(WEIGHTS_SEED)
        network = GestureCnn()
        training.train_classifier(network, x_train, y_train, epochs=EPOCHS, seed=WEIGHTS_SEED)
        training.export_onnx(network, here / "gesture.onnx", input_name="acceleration", input_shape=(1, 3, SAMPLES),
                             labels=LABELS, description=DESCRIPTION)
    saved = np.load(here / "gesture.npz")
    training.report(here / "gesture.onnx", saved["x_test"], saved["y_test"])


if __name__ == "__main__":
    main()
