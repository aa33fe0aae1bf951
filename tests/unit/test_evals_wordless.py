"""Sounds without words: the same every time, within bounds, and measured by what hears."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from evals.experiments import Experiment
from evals.family_speech import SPEECH, heard_by, measuring, read
from evals.wordless_sounds import LOUD, made, specs
from intake.sound import RATE
from intake.speech import Listener
from intake.transcript import Segment, Transcript
from tests.bench import Bench


class Hears(Listener):
    """Says one word of every sound that is loud, and counts the seconds."""

    def __init__(self) -> None:
        """Opens nothing."""

    def transcribe_file(self, path: Path, progress: object = None) -> Transcript:
        with wave.open(str(path)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        said = Segment(start=0, end=1, text="แม่", confidence=1)
        return Transcript(
            segments=(said,) if np.abs(samples).max() > 0 else (),
            model="",
            seconds=len(samples) / RATE,
        )


def test_every_sound_is_made_the_same_within_bounds() -> None:
    for spec in specs():
        sound = made(spec)
        assert len(sound) == spec["seconds"] * RATE
        assert np.abs(sound).max() <= LOUD + 1e-6
        assert np.array_equal(sound, made(spec))
    with pytest.raises(KeyError):
        made({"kind": "speech", "seconds": 1})


def test_what_was_written_down_for_nobody_was_invented() -> None:
    measure = measuring(heard_by(Hears()))
    rows = [measure(case) for case in read(Bench(), [])]
    found = SPEECH.figures(rows)
    assert found["invented_share"] == pytest.approx(1 - 1 / len(specs()))
    assert found["cer"] is None
    assert rows[0]["seconds"] == specs()[0]["seconds"]
    assert SPEECH.detail(rows) == {}


def test_clips_of_a_manifest_are_counted_by_dialect(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text(
        '{"audio": "a.wav", "text": "แม่", "dialect": "isan"}\n{"audio": "b.wav"}\n',
        encoding="utf-8",
    )
    asked = Experiment(id="x", title="x", family="speech", data=(str(manifest),), engines=("y",))
    one, other = read(Bench(), asked.files())
    assert (one["dialect"], one["text"]) == ("isan", "แม่")
    assert (other["dialect"], other["text"]) == ("unknown", None)
    measure = measuring(lambda path: ("แม", 2.0))
    rows = [measure(case) for case in (one, other)]
    assert SPEECH.figures(rows)["cer"] == pytest.approx(1 / 3)
    assert SPEECH.figures(rows)["invented_share"] is None
    groups = SPEECH.detail(rows)["fairness"]["dialect"]["groups"]
    assert groups == {"isan": {"n": 1, "value": None, "ci": None}}
