"""Where somebody speaks: silence, noise and music never reach the recogniser.

A recogniser asked about silence invents sentences. So a detector of speech looks first, and only
stretches it is sure of are handed on, each short enough for one look of the recogniser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from intake.sound import RATE, Samples

BLOCK_S = 300
LONGEST_S = 28.0  # a recogniser's window is 30 s
JOIN_S = 2.0
PAD_S = 0.4
SHORTEST_MS = 250
PAUSE_MS = 500
THRESHOLD = 0.5


@dataclass(frozen=True)
class Stretch:
    """A stretch of speech: its start in seconds and its samples, float32 ``(n,)`` at 16 kHz."""

    start: float
    samples: Samples

    @property
    def end(self) -> float:
        """Its end in seconds."""
        return self.start + len(self.samples) / RATE


def stretches(blocks: Iterable[Samples], block_s: float = BLOCK_S) -> Iterator[Stretch]:
    """The stretches of speech in order, in memory no more than one block at a time."""
    at, waiting = 0, np.zeros(0, np.float32)
    for block in _of_length(blocks, int(block_s * RATE)):
        waiting = np.concatenate([waiting, block])
        spoken = joined(_detected(waiting))
        whole = [(a, b) for a, b in spoken if b < len(waiting) - JOIN_S * RATE]
        yield from _cut(waiting, whole, at)
        rest = len(whole) < len(spoken)
        kept = spoken[len(whole)][0] if rest else max(0, len(waiting) - int(JOIN_S * RATE))
        at, waiting = at + kept, waiting[kept:]
    yield from _cut(waiting, joined(_detected(waiting)), at)


def joined(spoken: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbours with a short pause between them as one, while one look can hold them (samples)."""
    found: list[tuple[int, int]] = []
    for start, end in spoken:
        close = found and start - found[-1][1] <= JOIN_S * RATE
        if close and end - found[-1][0] <= LONGEST_S * RATE:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _detected(samples: Samples) -> list[tuple[int, int]]:
    from faster_whisper.vad import VadOptions, get_speech_timestamps  # noqa: PLC0415 slow

    if not len(samples):
        return []
    options = VadOptions(
        threshold=THRESHOLD,
        min_speech_duration_ms=SHORTEST_MS,
        min_silence_duration_ms=PAUSE_MS,
        max_speech_duration_s=LONGEST_S - 1,
        speech_pad_ms=int(1000 * PAD_S),
    )
    return [(s["start"], s["end"]) for s in get_speech_timestamps(samples, options)]


def _cut(samples: Samples, spoken: Iterable[tuple[int, int]], at: int) -> Iterator[Stretch]:
    return (Stretch((at + a) / RATE, samples[a:b].copy()) for a, b in spoken)


def _of_length(blocks: Iterable[Samples], length: int) -> Iterator[Samples]:
    parts: list[Samples] = []
    size = 0
    for block in blocks:
        parts.append(block)
        size += len(block)
        if size >= length:
            yield np.concatenate(parts)
            parts, size = [], 0
    if parts:
        yield np.concatenate(parts)
