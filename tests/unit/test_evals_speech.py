"""Error rates counted by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.speech import (
    Clip,
    SpeechSetBroken,
    count,
    evaluate_speech,
    letters_of,
    read_manifest,
)
from intake.transcript import Segment, Transcript
from runtime.edit_distance import edit_distance


@pytest.mark.parametrize(
    ("wanted", "found", "least"),
    [("", "", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("abc", "abc", 0)],
)
def test_fewest_edit_distance(wanted: str, found: str, least: int) -> None:
    assert edit_distance(wanted, found) == least
    assert edit_distance(found, wanted) == least


def test_spaces_case_digits_and_split_sara_am_are_no_errors() -> None:
    assert letters_of("ตั้งแต่ ปี ๒๕๖๙, OK!") == "ตั้งแต่ปี2569ok"
    assert letters_of("ทํา") == letters_of("ทำ")
    assert letters_of("ใหญ่ๆ") == "ใหญ่ๆ"


def test_letters_and_words_are_counted() -> None:
    # One tone mark lost of eight letters; one word of three changed.
    assert count("แม่ตีลูก", "แมตีลูก") == [1, 8, 1, 3]
    assert count("แม่", "") == [3, 3, 1, 1]
    assert count("แม่ตีลูก", "แม่ ตี ลูก") == [0, 8, 0, 3]


class Parrot:
    """Says what it was told to say."""

    model = "parrot"

    def __init__(self, lines: dict[str, str]) -> None:
        self._lines = lines

    def prepare(self) -> None:
        """Nothing to open."""

    def transcribe_file(self, path: Path) -> Transcript:
        text = self._lines[path.name]
        segments = (Segment(start=0, end=2, text=text, confidence=1),) if text else ()
        return Transcript(segments=segments, model=self.model, seconds=2)


def test_rates_are_over_all_letters_together_and_come_with_intervals() -> None:
    clips = [Clip(Path("a"), "แม่ตีลูก"), Clip(Path("b"), "แม่"), Clip(Path("c"), None)]
    shares: list[float] = []
    report = evaluate_speech(
        clips,
        Parrot({"a": "แมตีลูก", "b": "", "c": "อะไร"}),
        lambda share, _: shares.append(share),
    )
    assert report["cer"] == pytest.approx(4 / 11, abs=1e-4)
    assert report["wer"] == pytest.approx(2 / 4, abs=1e-4)
    assert report["ci"]["cer"] == [0.125, 1.0]
    assert (report["n"], report["n_with_text"], report["model"]) == (3, 2, "parrot")
    assert "too few" in report["note"]
    assert report["rtf"] >= 0
    assert shares[-1] == 1
    assert [c.get("cer") for c in report["clips"]] == [0.125, 1.0, None]


def test_without_any_text_there_is_no_rate() -> None:
    report = evaluate_speech([Clip(Path("a"), None)], Parrot({"a": ""}))
    assert (report["cer"], report["wer"], report["ci"]) == (None, None, {})


def test_a_manifest_is_read_beside_its_recordings(tmp_path: Path) -> None:
    file = tmp_path / "m.jsonl"
    rows = [{"audio": "a.wav", "text": "แม่"}, {"audio": "b.wav", "text": None}]
    file.write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    assert read_manifest(file) == [
        Clip(tmp_path / "a.wav", "แม่"),
        Clip(tmp_path / "b.wav", None),
    ]


@pytest.mark.parametrize("content", ["", "{}", "[1]", "no json", '{"audio": 3}'])
def test_a_broken_manifest_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "m.jsonl"
    file.write_text(content)
    with pytest.raises(SpeechSetBroken):
        read_manifest(file)
    with pytest.raises(SpeechSetBroken):
        read_manifest(tmp_path / "none.jsonl")
