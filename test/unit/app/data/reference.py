"""Makes reference.json: images by Pillow, features by librosa, and by NumPy after the formulas of TensorFlow's documentation.

python test/unit/app/data/reference.py > test/unit/app/data/reference.json, with numpy, pillow and librosa installed.
"""

import base64
import io
import json

import librosa
import numpy as np
from PIL import Image

RATE_HZ = 16000


def signal(count: int) -> np.ndarray:
    """A tone that rises, and noise from remainders: the same in every language."""
    i = np.arange(count)
    return 0.6 * np.sin(2 * np.pi * (200 + 0.02 * i) * i / RATE_HZ) + 0.2 * ((i * 7919 % 1000) / 500 - 1)


def picture(width: int, height: int) -> Image.Image:
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    pixels = np.stack([(x * 37 + y * 11) % 256, (x * x + 3 * y) % 256, (255 - x * y) % 256], axis=-1)
    return Image.fromarray(pixels.astype(np.uint8), "RGB")


def encoded(image: Image.Image, kind: str, **options: object) -> str:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return base64.b64encode(out.getvalue()).decode()


def decoded(text: str) -> list[int]:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB")).reshape(-1).tolist()


def images() -> list[dict[str, object]]:
    colour, grey = picture(13, 9), picture(13, 9).convert("L")
    rows = [
        ("rgb.png", encoded(colour, "PNG")),
        ("grey.png", encoded(grey, "PNG")),
        ("palette.png", encoded(colour.quantize(13), "PNG", bits=4)),
        ("two-colours.png", encoded(grey.convert("1"), "PNG")),
        ("alpha.png", encoded(Image.merge("RGBA", (*colour.split(), grey.point(lambda _: 255))), "PNG")),
        ("grey-alpha.png", encoded(Image.merge("LA", (grey, grey.point(lambda _: 255))), "PNG")),
        ("baseline.jpg", encoded(colour, "JPEG", quality=90, subsampling=0)),
        ("progressive.jpg", encoded(colour, "JPEG", quality=80, progressive=True, subsampling=0)),
        ("grey.jpg", encoded(grey, "JPEG")),
        ("rgb.bmp", encoded(colour, "BMP")),
        ("palette.bmp", encoded(colour.quantize(50), "BMP")),
        ("rgb.ppm", encoded(colour, "PPM")),
        ("grey.pgm", encoded(grey, "PPM")),
    ]
    return [{"name": name, "bytes": text, "width": 13, "height": 9, "pixels": decoded(text)} for name, text in rows]


def resized() -> list[dict[str, object]]:
    """In float, a channel at a time: Pillow rounds bytes between its two passes."""
    source = picture(31, 20)
    sizes = [(8, 8), (31, 5), (37, 23), (45, 13)]
    crops = {"stretch": lambda w, h: (0, 0, 31, 20), "crop": lambda w, h: middle(31, 20, w / h)}
    rows = []
    for how, box in crops.items():
        for width, height in sizes:
            channels = [Image.fromarray(np.asarray(c, dtype=np.float32), "F").resize((width, height), Image.BILINEAR, box=box(width, height)) for c in source.split()]
            rows.append({"how": how, "width": width, "height": height, "pixels": np.round(np.stack([np.asarray(c) for c in channels], -1).reshape(-1).astype(float), 2).tolist()})
    return rows


def middle(width: int, height: int, proportion: float) -> tuple[float, float, float, float]:
    wide, high = min(width, height * proportion), min(height, width / proportion)
    return ((width - wide) / 2, (height - high) / 2, (width + wide) / 2, (height + high) / 2)


def tensorflow_mel(bands: int, bins: int, low: float, high: float) -> np.ndarray:
    """tf.signal.linear_to_mel_weight_matrix."""
    to_mel = lambda hz: 1127.0 * np.log(1.0 + hz / 700.0)
    mel = to_mel(np.linspace(0.0, RATE_HZ / 2, bins)[1:])[:, None]
    edges = np.linspace(to_mel(low), to_mel(high), bands + 2)
    lower, centre, upper = edges[:-2][None], edges[1:-1][None], edges[2:][None]
    weights = np.maximum(0.0, np.minimum((mel - lower) / (centre - lower), (upper - mel) / (upper - centre)))
    return np.pad(weights, [[1, 0], [0, 0]])


def tensorflow(sound: np.ndarray, window_ms: float, stride_ms: float, bands: int, coefficients: int | None) -> np.ndarray:
    """tf.signal.stft, abs, mel, log(x + 1e-6), mfccs_from_log_mel_spectrograms."""
    length, stride = int(RATE_HZ * window_ms / 1000), int(RATE_HZ * stride_ms / 1000)
    fft = 1 << (length - 1).bit_length()
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    frames = np.stack([sound[at : at + length] * window for at in range(0, len(sound) - length + 1, stride)])
    mel = np.log(np.abs(np.fft.rfft(frames, fft)) @ tensorflow_mel(bands, fft // 2 + 1, 20.0, 4000.0) + 1e-6)
    if coefficients is None:
        return mel
    k, n = np.arange(bands)[:, None], np.arange(bands)[None]
    dct = 2.0 * np.cos(np.pi * k * (2 * n + 1) / (2 * bands))
    return (mel @ dct.T / np.sqrt(2.0 * bands))[:, :coefficients]


def features() -> list[dict[str, object]]:
    second = signal(RATE_HZ)
    peak = second / second.max()
    energy = librosa.feature.melspectrogram(y=second, sr=RATE_HZ, n_fft=1024, hop_length=512, n_mels=128, power=2.0, pad_mode="reflect")
    decibel = 10.0 * np.log10(np.maximum(energy, np.finfo(float).eps))
    plain = librosa.feature.melspectrogram(y=second, sr=RATE_HZ, n_fft=512, hop_length=160, n_mels=26, fmin=50, fmax=7000, center=False)
    ceps = librosa.feature.mfcc(S=10.0 * np.log10(np.maximum(plain, 1e-10)), n_mfcc=13)
    rows = [
        ("mlperf-kws", tensorflow(peak, 30, 20, 40, 10)),
        ("log-mel", tensorflow(second, 30, 20, 40, None)),
        ("mfcc,windowMs=25,strideMs=10,mels=32,coefficients=12", tensorflow(second, 25, 10, 32, 12)),
        ("mlperf-ad", decibel.T),
        ("mfcc,windowMs=32,strideMs=10,mels=26,lowHz=50,highHz=7000,style=librosa,power=2,log=db,offset=1e-10", ceps.T),
    ]
    picked = lambda values: [[int(r), int(c), float(f"{values[r, c]:.6g}")] for r in range(0, values.shape[0], 6) for c in range(0, values.shape[1], 3)]
    return [{"frontEnd": name, "shape": list(values.shape), "values": picked(values)} for name, values in rows]


print(json.dumps({"images": images(), "resized": resized(), "features": features()}, separators=(",", ":")))
