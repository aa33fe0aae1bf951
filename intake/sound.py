"""A recording opened: what it is, how long, and its samples block by block.

Limits are checked before anything is decoded and again while it is, for a header may lie. Samples
are mono float32 at 16 kHz, which is what detectors and recognisers of speech hear.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from intake.sound_errors import (
    SoundBroken,
    SoundEmpty,
    SoundFileUnknown,
    SoundIsVideo,
    SoundTooLarge,
    SoundTooLong,
    SoundTrackMissing,
    SoundTruncated,
)
from intake.sound_files import Kind, check_end, kind_of, says_its_length
from runtime.settings import Settings

if TYPE_CHECKING:
    from av.container import InputContainer

RATE = 16_000
MEGABYTE = 1_000_000
SLACK_S = 0.5
SLACK_SHARE = 0.02
Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Limits:
    """The largest and the longest recording taken."""

    megabytes: float
    minutes: float

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """As the office has set them."""
        return cls(settings.audio_max_mb, settings.audio_max_minutes)


@dataclass(frozen=True)
class Sound:
    """What a recording is. ``seconds`` is None when the file does not say."""

    kind: Kind
    seconds: float | None
    size: int


def inspect(file: BinaryIO, limits: Limits) -> Sound:
    """What a file is, without decoding it; raises a kind of `SoundRefused`."""
    size = file.seek(0, os.SEEK_END)
    if not size:
        raise SoundEmpty
    if size > limits.megabytes * MEGABYTE:
        raise SoundTooLarge(limit_mb=f"{limits.megabytes:g}", size_mb=round(size / MEGABYTE))
    kind = kind_of(file)
    check_end(file, kind)
    with _opened(file, kind) as container:
        seconds = _seconds(container) if says_its_length(file, kind) else None
    if seconds and seconds > limits.minutes * 60:
        raise SoundTooLong(limit_minutes=f"{limits.minutes:g}")
    return Sound(kind, seconds, size)


def blocks(file: BinaryIO, sound: Sound, limits: Limits) -> Iterator[Samples]:
    """The samples of a recording, a few thousand at a time.

    Raises `SoundBroken`, `SoundTruncated` or `SoundTooLong` where decoding shows it.
    """
    heard = 0
    most = int(limits.minutes * 60 * RATE)
    with _opened(file, sound.kind) as container:
        for block in _decoded(container):
            heard += len(block)
            if heard > most:
                raise SoundTooLong(limit_minutes=f"{limits.minutes:g}")
            yield block
    if not heard:
        raise SoundBroken
    promised = sound.seconds or 0.0
    if heard / RATE < promised - max(SLACK_S, SLACK_SHARE * promised):
        raise SoundTruncated


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file for reading; raises `SoundFileUnknown`."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise SoundFileUnknown(file=path.name) from error
    with file:
        yield file


@contextmanager
def _opened(file: BinaryIO, kind: Kind) -> Iterator[InputContainer]:
    import av  # noqa: PLC0415 slow to import, and most commands hear nothing

    file.seek(0)
    try:
        container = av.open(file, "r", format=kind.decoder, metadata_errors="ignore")
    except (av.FFmpegError, ValueError) as error:
        raise SoundBroken from error
    with container:
        if any(not _is_picture(stream) for stream in container.streams.video):
            raise SoundIsVideo
        if not container.streams.audio:
            raise SoundTrackMissing
        yield container


def _is_picture(stream: Any) -> bool:
    """A cover picture, as music files carry one."""
    return bool(int(stream.disposition) & 0x400)


def _seconds(container: InputContainer) -> float | None:
    track = container.streams.audio[0]
    if track.duration is not None and track.time_base is not None:
        return float(track.duration * track.time_base)
    return container.duration / 1_000_000 if container.duration else None


def _decoded(container: InputContainer) -> Iterator[Samples]:
    import av  # noqa: PLC0415

    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    bad = good = 0
    for packet in container.demux(audio=0):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            bad += 1
            continue
        good += len(frames)
        for frame in frames:
            frame.pts = None
            yield from (f.to_ndarray()[0] for f in resampler.resample(frame))
    if good:
        yield from (f.to_ndarray()[0] for f in resampler.resample(None))
    if bad > good:
        raise SoundBroken
