"""Trains digits.onnx (a small CNN) and digits-dense.onnx (for an Arduino Uno) on scikit-learn's 8x8 handwritten digits.

    pip install -r ../requirements.txt
    python train.py            trains, exports and measures; overwrites the files beside this script
    python train.py --check    only measures the files that are there

Data: "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, CC BY 4.0,
in the copy that scikit-learn carries: 1,797 images of 8x8 pixels, 0 to 16 each. Here pixels are scaled to 0..1, in steps
of 1/16, and the images are split at random, stratified by digit. The same writers are in both parts, so that accuracy on
the hand of a new writer would be somewhat lower.
"""

import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
import training  # noqa: E402

SEED = 7
TEST_SAMPLES = 360
CALIBRATION_SAMPLES = 100
LABELS = [str(digit) for digit in range(10)]


def load_data() -> dict[str, np.ndarray]:
    digits = load_digits()
    images = (digits.images / 16.0).astype(np.float32).reshape(-1, 1, 8, 8)
    x_train, x_test, y_train, y_test = train_test_split(
        images, digits.target.astype(np.int64), test_size=TEST_SAMPLES, random_state=SEED, stratify=digits.target)
    return {"x_train": x_train, "y_train": y_train, "x_calibration": x_train[:CALIBRATION_SAMPLES],
            "x_test": x_test, "y_test": y_test}


class DigitsCnn(nn.Sequential):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, kernel_size=3, padding=1)
        self.norm1 = nn.BatchNorm2d(8)  # folded into conv1 by the export
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(8, 16, kernel_size=3, padding=1)
        self.norm2 = nn.BatchNorm2d(16)
        self.relu2 = nn.ReLU()
        self.pool2 = nn.MaxPool2d(2)
        self.flatten = nn.Flatten()
        self.dense = nn.Linear(64, 10)


class DigitsDense(nn.Sequential):
    def __init__(self) -> None:
        super().__init__()
        self.flatten = nn.Flatten()
        self.dense1 = nn.Linear(64, 16)
        self.relu1 = nn.ReLU()
        self.dense2 = nn.Linear(16, 10)


MODELS = {
    "digits.onnx": (DigitsCnn, 40, "Handwritten digits, 8x8 pixels: two convolutions and a dense layer"),
    "digits-dense.onnx": (DigitsDense, 80, "Handwritten digits, 8x8 pixels: two dense layers, small enough for an Arduino Uno"),
}


def main() -> None:
    training.print_versions()
    data = load_data()
    if "--check" not in sys.argv:
        training.save_data(here / "digits.npz", **data)
        for name, (network_class, epochs, description) in MODELS.items():
            training.make_deterministic(SEED)
            network = network_class()
            training.train_classifier(network, data["x_train"], data["y_train"], epochs=epochs, seed=SEED)
            training.export_onnx(network, here / name, input_name="image", input_shape=(1, 1, 8, 8), labels=LABELS,
                                 description=description)
    saved = np.load(here / "digits.npz")
    for name in MODELS:
        training.report(here / name, saved["x_test"], saved["y_test"])


if __name__ == "__main__":
    main()
