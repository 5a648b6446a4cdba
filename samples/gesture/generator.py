"""A generator of accelerometer windows for five hand gestures, from the physics of a board held in a hand.

A window is 64 readings of three axes at 50 Hz (1.28 s), in units of g, as an LIS3DH gives them in its 10-bit mode at
+-2 g: steps of 4 mg (here 1/256 g), clipped at +-2 g. What the sensor reads is a = R (g + m) + noise:

- g, gravity, 1 g; R, how the board is held: any heading, and pitch and roll of about 25 degrees (standard deviation).
- m, the motion of the hand, drawn anew for each window in direction, strength, speed and phase:
    idle    nothing, or a slow sway, or now and then a light knock
    shake   to and fro along one direction, 2.5 to 6 Hz, with its second harmonic and some movement across
    circle  round in a plane, 1 to 3 Hz, the ellipse up to three times as long as wide
    flick   one stroke: a push and the braking after it, 0.1 to 0.25 s long, anywhere in the window
    tilt    the board is turned by 25 to 80 degrees within 0.25 to 0.8 s; gravity moves over the axes
- noise: the sensor's own (10 to 30 mg rms), and the hand's tremor at 8 to 12 Hz (up to 60 mg).

Gestures overlap on purpose, as they do in life: a flat circle looks like a shake, a weak flick like a knock, a gesture can
begin or end outside of the window, and 1 % of the windows carry a wrong label. So no model gets them all right.
"""

import numpy as np

RATE_HZ = 50
SAMPLES = 64
LABELS = ["idle", "shake", "circle", "flick", "tilt"]
MISLABELLED = 0.01
RANGE_G = 2.0
STEP_G = 1 / 256

Random = np.random.Generator
TIME_S = np.arange(SAMPLES) / RATE_HZ


def generate(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`count` windows, float32 [count, 3, 64] in g, and their labels, int64 [count]; all classes equally likely."""
    random = np.random.default_rng(seed)
    labels = random.integers(len(LABELS), size=count)
    windows = np.stack([window(LABELS[label], random) for label in labels])
    wrong = random.random(count) < MISLABELLED
    labels[wrong] = (labels[wrong] + random.integers(1, len(LABELS), size=int(wrong.sum()))) % len(LABELS)
    return windows.astype(np.float32), labels.astype(np.int64)


def window(gesture: str, random: Random) -> np.ndarray:
    """One window [3, 64] in g, as the sensor would read it."""
    gravity = np.outer([0.0, 0.0, 1.0], np.ones(SAMPLES))
    motion = GESTURES[gesture](random, gravity)
    heading = turn(np.array([0.0, 0.0, 1.0]), random.uniform(0, 2 * np.pi))
    held = turn(direction_across(random), np.radians(abs(random.normal(0, 25)))) @ heading
    reading = held @ (gravity + motion) + tremor(random) + random.normal(0, random.uniform(0.010, 0.030), (3, SAMPLES))
    return np.clip(np.round(reading / STEP_G) * STEP_G, -RANGE_G, RANGE_G - STEP_G)


def idle(random: Random, _gravity: np.ndarray) -> np.ndarray:
    sway = random.uniform(0, 0.1) * np.sin(2 * np.pi * random.uniform(0.2, 1.0) * TIME_S + random.uniform(0, 2 * np.pi))
    motion = np.outer(direction(random), sway)
    if random.random() < 0.25:
        motion += np.outer(direction(random), random.uniform(0.1, 0.5) * stroke(random, duration_s=random.uniform(0.04, 0.1)))
    return motion


def shake(random: Random, _gravity: np.ndarray) -> np.ndarray:
    along, across = perpendicular(random)
    strength, angle = log_uniform(random, 0.25, 1.5), 2 * np.pi * random.uniform(2.5, 6.0) * TIME_S
    phase, other_phase = random.uniform(0, 2 * np.pi, 2)
    to_and_fro = np.sin(angle + phase) + random.uniform(0, 0.35) * np.sin(2 * angle + other_phase)
    sideways = random.uniform(0, 0.35) * np.sin(angle + other_phase)
    return strength * envelope(random) * (np.outer(along, to_and_fro) + np.outer(across, sideways))


def circle(random: Random, _gravity: np.ndarray) -> np.ndarray:
    along, across = perpendicular(random)
    strength, width = log_uniform(random, 0.2, 1.0), random.uniform(1 / 3, 1) * random.choice([-1, 1])
    angle = 2 * np.pi * random.uniform(1.0, 3.0) * TIME_S + random.uniform(0, 2 * np.pi)
    return strength * envelope(random) * (np.outer(along, np.cos(angle)) + width * np.outer(across, np.sin(angle)))


def flick(random: Random, _gravity: np.ndarray) -> np.ndarray:
    pulse = stroke(random, duration_s=random.uniform(0.1, 0.25))
    return np.outer(direction(random), log_uniform(random, 0.35, 2.0) * pulse)


def tilt(random: Random, gravity: np.ndarray) -> np.ndarray:
    """Gravity itself, seen from the turning board; and the little push that turning takes."""
    duration_s, middle_s = random.uniform(0.25, 0.8), random.uniform(0.2, 1.08)
    progress = 1 / (1 + np.exp(-(TIME_S - middle_s) / (duration_s / 6)))
    axis, angle = direction_across(random), np.radians(random.uniform(25, 80))
    turned = np.stack([turn(axis, angle * p) @ [0.0, 0.0, 1.0] for p in progress], axis=1)
    push = random.uniform(0, 0.15) * np.gradient(progress, TIME_S) * duration_s
    return turned - gravity + np.outer(direction(random), push)


GESTURES = {"idle": idle, "shake": shake, "circle": circle, "flick": flick, "tilt": tilt}


def stroke(random: Random, *, duration_s: float) -> np.ndarray:
    """A push and the braking after it: one period of a sine under a bell, its middle anywhere in the window."""
    since_s = TIME_S - random.uniform(0.1, TIME_S[-1] - 0.1)
    bell = np.exp(-0.5 * (since_s / (duration_s / 2)) ** 2)
    return bell * np.cos(2 * np.pi * since_s / (2 * duration_s) + random.uniform(-0.8, 0.8))


def envelope(random: Random) -> np.ndarray:
    """A gesture swells and fades by up to 40 %, and one in five begins or ends within the window."""
    swell = 1 + random.uniform(0, 0.4) * np.sin(2 * np.pi * random.uniform(0.3, 1.0) * TIME_S + random.uniform(0, 2 * np.pi))
    if random.random() > 0.2:
        return swell
    edge = 1 / (1 + np.exp(-(TIME_S - random.uniform(0.3, 0.9)) / 0.04))
    return swell * (edge if random.random() < 0.5 else 1 - edge)


def tremor(random: Random) -> np.ndarray:
    amplitudes, phases = random.uniform(0, 0.06, 3), random.uniform(0, 2 * np.pi, 3)
    return amplitudes[:, None] * np.sin(2 * np.pi * random.uniform(8, 12) * TIME_S + phases[:, None])


def direction(random: Random) -> np.ndarray:
    vector = random.normal(size=3)
    return vector / np.linalg.norm(vector)


def direction_across(random: Random) -> np.ndarray:
    """A horizontal direction: turning about it moves the board's face away from the sky."""
    heading = random.uniform(0, 2 * np.pi)
    return np.array([np.cos(heading), np.sin(heading), 0.0])


def perpendicular(random: Random) -> tuple[np.ndarray, np.ndarray]:
    first = direction(random)
    second = np.cross(first, direction(random))
    return first, second / np.linalg.norm(second)


def turn(axis: np.ndarray, angle: float) -> np.ndarray:
    """Rotation matrix about a unit axis (Rodrigues' formula)."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def log_uniform(random: Random, low: float, high: float) -> float:
    return float(np.exp(random.uniform(np.log(low), np.log(high))))
