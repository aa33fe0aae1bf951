"""Sounds made for tests, and files of every kind that hold them."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from scipy.signal import lfilter

from intake.sound import RATE, Samples

CODECS = {
    "wav": "pcm_s16le",
    "mp3": "libmp3lame",
    "m4a": "aac",
    "ogg": "libopus",
    "flac": "flac",
    "webm": "libopus",
    "mp4": "aac",
    "avi": "libmp3lame",
}
KINDS = ("wav", "mp3", "m4a", "ogg", "flac", "webm")
VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480))


def silence(seconds: float) -> Samples:
    """Nothing."""
    return np.zeros(int(seconds * RATE), np.float32)


def tone(seconds: float, hertz: float = 440) -> Samples:
    """A pure tone."""
    t = np.arange(int(seconds * RATE)) / RATE
    return np.asarray(0.5 * np.sin(2 * np.pi * hertz * t), np.float32)


def music(seconds: float) -> Samples:
    """Chords with overtones, a beat and hiss: music to an ear, speech to no detector."""
    random = np.random.default_rng(4)
    step = RATE // 2
    t = np.arange(step) / RATE
    bars = []
    for _ in range(int(seconds * RATE / step)):
        root = 220 * 2 ** (random.integers(0, 12) / 12)
        tones = [root * 2 ** (k / 12) * h for k in (0, 4, 7) for h in range(1, 6)]
        bar = np.exp(-3 * t) * sum(np.sin(2 * np.pi * f * t) for f in tones)
        bar[:2000] += 3 * random.standard_normal(2000) * np.exp(-np.arange(2000) / 300)
        bars.append(bar + 0.05 * random.standard_normal(step))
    found = np.concatenate(bars)
    return np.asarray(0.4 * found / np.abs(found).max(), np.float32)


def voice(seconds: float, seed: int = 0) -> Samples:
    """Babble of vowels and hisses: speech to a detector, no word to anybody."""
    random = np.random.default_rng(seed)
    parts: list[Samples] = []
    while sum(map(len, parts)) < seconds * RATE:
        parts += [_hiss(random), _vowel(random), silence(random.uniform(0, 0.04))]
    return np.concatenate(parts)[: int(seconds * RATE)]


def _hiss(random: np.random.Generator) -> Samples:
    length = int(RATE * random.uniform(0.04, 0.1))
    noise = random.standard_normal(length) * np.hanning(length)
    return np.asarray(0.02 * lfilter([1, -0.9], [1], noise), np.float32)


def _vowel(random: np.random.Generator) -> Samples:
    t = np.arange(int(RATE * random.uniform(0.12, 0.25))) / RATE
    pitch = 120 + 40 * np.sin(2 * np.pi * 1.5 * (t + random.uniform(0, 1)))
    sound = np.diff(np.floor(np.cumsum(pitch) / RATE), prepend=0.0)
    sound = lfilter([1], [1, -0.96], sound + 0.02 * random.standard_normal(len(t)))
    for hertz, width in zip(VOWELS[random.integers(len(VOWELS))], (80, 100, 140), strict=True):
        r = np.exp(-np.pi * width / RATE)
        sound = lfilter([1 - r], [1, -2 * r * np.cos(2 * np.pi * hertz / RATE), r * r], sound)
    edges = np.minimum(1, np.minimum(t / 0.02, (t[-1] - t) / 0.03))
    return np.asarray(0.5 * edges * sound / np.abs(sound).max(), np.float32)


def write(path: Path, samples: Samples, *, kind: str | None = None, video: bool = False) -> Path:
    """The samples in a file of ``kind`` (else of the name's), with moving pictures if wanted."""
    kind = kind or path.suffix[1:]
    with av.open(str(path), "w", format={"m4a": "mp4"}.get(kind, kind)) as out:
        film = _film(out, "libvpx" if kind == "webm" else "mpeg4") if video else None
        rate = 48_000 if CODECS[kind] == "libopus" else RATE
        track = out.add_stream(CODECS[kind], rate=rate, layout="mono")
        size = track.codec_context.frame_size or 1024
        if film:
            _pictures(out, film)
        shaped = av.AudioResampler(format=track.format, layout="mono", rate=rate, frame_size=size)
        pcm = (np.clip(samples, -1, 1) * 32767).astype(np.int16)[None, :]
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.rate = RATE
        for part in (*shaped.resample(frame), *shaped.resample(None), None):
            out.mux(track.encode(part))
    return path


def _film(out: av.container.OutputContainer, codec: str) -> av.VideoStream:
    stream = out.add_stream(codec, rate=10)
    stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
    return stream


def _pictures(out: av.container.OutputContainer, stream: av.VideoStream) -> None:
    for shade in range(0, 200, 20):
        picture = np.full((64, 64, 3), shade, np.uint8)
        out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
    out.mux(stream.encode(None))
