"""Sounds without a word in them, made from a few numbers: nothing may be written down for them.

They need no recording of anybody, so every machine can make them (``data/wordless-sounds.yaml``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from intake.sound import RATE, Samples

FILE = Path(__file__).parent / "data" / "wordless-sounds.yaml"
LOUD = 0.4
Spec = Mapping[str, Any]
Wave = np.ndarray[Any, np.dtype[np.float64]]


def specs(file: Path = FILE) -> list[Spec]:
    """The sounds of a file: ``id``, ``kind``, ``seconds``, and ``hertz`` or ``seed``."""
    found: list[Spec] = yaml.safe_load(file.read_text(encoding="utf-8"))["sounds"]
    return found


def made(spec: Spec) -> Samples:
    """The samples ``(seconds * RATE,)`` of a sound, mono float32 within ±`LOUD`; as kinds say."""
    t = np.arange(int(spec["seconds"] * RATE)) / RATE
    sound = KINDS[spec["kind"]](t, spec)
    most = float(np.abs(sound).max()) or 1.0
    return np.asarray(LOUD * sound / most, np.float32)


def _tones(t: Wave, spec: Spec) -> Wave:
    return _sum(np.sin(2 * np.pi * f * t) for f in spec["hertz"])


def _pulses(t: Wave, spec: Spec) -> Wave:
    return np.asarray(_tones(t, spec) * (t % 3 < 1))


def _sweep(t: Wave, spec: Spec) -> Wave:
    low, high = spec["hertz"]
    pitch = low + (high - low) * (0.5 - 0.5 * np.cos(2 * np.pi * t / 2))
    return np.asarray(np.sin(2 * np.pi * np.cumsum(pitch) / RATE))


def _chord(t: Wave, spec: Spec) -> Wave:
    (root,) = spec["hertz"]
    tones = [root * 2 ** (k / 12) * over for k in (0, 4, 7) for over in (1, 2, 3)]
    return _sum(np.sin(2 * np.pi * f * t) for f in tones)


def _noise(t: Wave, spec: Spec) -> Wave:
    return np.random.default_rng(spec["seed"]).standard_normal(len(t))


def _rumble(t: Wave, spec: Spec) -> Wave:
    return np.convolve(_noise(t, spec), np.ones(400) / 400, mode="same")


def _knocks(t: Wave, spec: Spec) -> Wave:
    return np.asarray(_noise(t, spec) * np.exp(-40 * (t % 0.7)))


def _sum(waves: Iterable[Wave]) -> Wave:
    return np.asarray(np.sum([*waves], axis=0))


KINDS: Mapping[str, Callable[[Any, Spec], Any]] = {
    "silence": lambda t, _: np.zeros(len(t)),
    "tone": _tones,
    "pulses": _pulses,
    "sweep": _sweep,
    "chord": _chord,
    "noise": _noise,
    "rumble": _rumble,
    "knocks": _knocks,
}
