"""A file is taken by its content; what cannot be heard is refused with its reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from intake.sound import RATE, Limits, Sound, blocks, inspect, opened
from intake.sound_errors import (
    SoundBroken,
    SoundEmpty,
    SoundFileUnknown,
    SoundIsVideo,
    SoundTooLarge,
    SoundTooLong,
    SoundTrackMissing,
    SoundTruncated,
    SoundUnknown,
)
from tests.sounds import KINDS, tone, write

LIMITS = Limits(megabytes=10, minutes=1)


def heard(path: Path, limits: Limits = LIMITS) -> tuple[Sound, float]:
    with opened(path) as file:
        sound = inspect(file, limits)
        return sound, sum(len(block) for block in blocks(file, sound, limits)) / RATE


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_heard_whole_whatever_its_name(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / f"a.{kind}", tone(3)).rename(tmp_path / "renamed.bin")
    sound, seconds = heard(path)
    assert seconds == pytest.approx(3, abs=0.1)
    assert sound.seconds == pytest.approx(3, abs=0.1)
    assert sound.kind.media_type.startswith("audio/")
    assert sound.size == path.stat().st_size


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_cut_off_is_refused(tmp_path: Path, kind: str, share: float) -> None:
    path = write(tmp_path / f"a.{kind}", tone(8))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(SoundTruncated):
        heard(path)


@pytest.mark.parametrize("kind", ["mp4", "avi", "webm"])
def test_a_video_is_refused_whatever_its_name(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / "film.wav", tone(1), kind=kind, video=True)
    with pytest.raises(SoundIsVideo):
        heard(path)


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"", SoundEmpty),
        ("ไม่ใช่เสียง".encode() * 100, SoundUnknown),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", SoundUnknown),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), SoundUnknown),
        (b"FLV\x01" + bytes(500), SoundIsVideo),
        (b"\x47" + bytes(187) + b"\x47" + bytes(187) + b"\x47" + bytes(187), SoundIsVideo),
        (b"fLaC" + bytes(500), SoundBroken),
        (b"ID3" + bytes(2000), SoundBroken),
        (b"RIFF\0\0\0\0WAVE", SoundTruncated),
        (b"OggS", SoundTruncated),
        (b"\x1a\x45\xdf\xa3", SoundBroken),
    ],
)
def test_other_content_is_refused(tmp_path: Path, content: bytes, refused: type) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(refused):
        heard(path)


def test_random_bytes_never_raise_anything_else(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    for start in (b"RIFF\0\0\0\0WAVEfmt ", b"\xff\xfb\x90\x64", b"\0\0\0\x18ftypM4A ", b"OggS\0"):
        path.write_bytes(start + os.urandom(4000))
        with pytest.raises((SoundBroken, SoundTruncated, SoundTrackMissing)):
            heard(path)


def test_limits_are_checked_before_and_while_decoding(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(3))
    with pytest.raises(SoundTooLarge) as large:
        heard(path, Limits(megabytes=0.01, minutes=1))
    assert large.value.details == {"limit_mb": "0.01", "size_mb": 0}
    with opened(path) as file, pytest.raises(SoundTooLong):
        inspect(file, Limits(megabytes=1, minutes=0.01))
    with opened(path) as file:
        lied = inspect(file, LIMITS)
        with pytest.raises(SoundTooLong):
            list(blocks(file, lied, Limits(megabytes=1, minutes=0.01)))


def test_a_streamed_wav_that_leaves_its_length_open_is_heard(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(2))
    content = bytearray(path.read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    assert heard(path)[1] == pytest.approx(2, abs=0.1)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SoundFileUnknown), opened(tmp_path / "none.wav"):
        pass
