"""The figures of masking, against values worked out by hand, a nought, a one and broken files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.privacy import evaluate_privacy, intervals
from evals.privacy_sets import PrivacySetBroken, occurrences, our_type, read_spans, read_vignettes
from intake.entities import Entity

STORY = "นางมานี ใจดีมาก โทร 081-000-0001 มานีร้อง"
SET = f"""
meta: {{pii_types: [PERSON_NAME, PHONE]}}
vignettes:
  - id: A
    narrative: {STORY}
    key:
      pii:
        - {{text: มานี ใจดีมาก, type: PERSON_NAME}}
        - {{text: 081-000-0001, type: PHONE}}
        - {{text: ร้อง, type: OCCUPATION}}
"""


class Fixed:
    """Finds the words it was given, wherever they first stand."""

    def __init__(self, **words: str) -> None:
        self.words = words

    def find(self, text: str) -> list[Entity]:
        """One entity a word."""
        places = [(text.find(w), w, kind) for kind, w in self.words.items()]
        return [Entity(at, at + len(w), kind) for at, w, kind in places if at >= 0]


@pytest.fixture
def vignettes(tmp_path: Path) -> Path:
    """The small set as a file."""
    file = tmp_path / "set.yaml"
    file.write_text(SET, encoding="utf-8")
    return file


def report(file: Path, **words: str) -> dict[str, Any]:
    """The figures of a masker that finds ``words``."""
    return evaluate_privacy(read_vignettes(file), Fixed(**words))


def test_full_names_and_their_parts_are_due(vignettes: Path) -> None:
    (story,) = read_vignettes(vignettes)
    assert [STORY[e.start : e.end] for e in story.gold] == ["มานี ใจดีมาก", "081-000-0001", "มานี"]


def test_recall_by_characters_by_hand(vignettes: Path) -> None:
    # 12 + 12 + 4 characters are due; นางมานี covers 4 of them, and no entity whole.
    figures = report(vignettes, PERSON="นางมานี")
    assert figures["recall"] == pytest.approx(4 / 28)
    assert figures["by_type"]["PERSON"]["recall"] == pytest.approx(4 / 16)
    assert figures["entity_recall"] == 0.0


def test_precision_leaves_the_title_out_by_hand(vignettes: Path) -> None:
    # Masked are 4 characters of the name, 3 of the surname, and wrongly 4 beside it; the 3
    # characters of the title count on neither side.
    figures = report(vignettes, PERSON="นางมานี", PHONE="มาก โทร")
    assert figures["precision"] == pytest.approx((4 + 3) / (4 + 7))
    assert figures["by_type"]["PHONE"]["precision"] == pytest.approx(3 / 7)


def test_all_found_is_one(vignettes: Path) -> None:
    texts = read_vignettes(vignettes)

    class Knows:
        def find(self, text: str) -> list[Entity]:
            return list(texts[0].gold)

    figures = evaluate_privacy(texts, Knows())
    assert (figures["recall"], figures["precision"], figures["entity_recall"]) == (1.0, 1.0, 1.0)
    assert figures["missed"] == []


def test_nothing_found_is_nought_and_told(vignettes: Path) -> None:
    figures = report(vignettes)
    assert (figures["recall"], figures["entity_recall"]) == (0.0, 0.0)
    assert figures["precision"] == 1.0
    assert {m["text"] for m in figures["missed"]} == {"มานี ใจดีมาก", "081-000-0001", "มานี"}


def test_intervals_resample_whole_texts() -> None:
    # One type; of two texts one is found wholly, one not at all: 0, ½ or 1 in every resample.
    counts = np.array([[[4, 4, 1, 1, 4, 4]], [[4, 0, 1, 0, 0, 0]]])
    found = intervals(counts, ["ALL"])
    assert found["recall"] == (0.0, 1.0)
    assert found["precision"] == (1.0, 1.0)
    assert intervals(counts[:0], ["ALL"]) == {}


def test_a_word_inside_a_longer_cluster_or_number_is_not_that_word() -> None:
    assert list(occurrences("นที", "คนที่มา นทีมา")) == [(8, 11)]
    assert list(occurrences("12", "เลข 123 และ 12")) == [(12, 14)]


def test_span_files_leave_out_what_is_no_type_of_ours(tmp_path: Path) -> None:
    file = tmp_path / "spans.jsonl"
    file.write_text(
        '{"id": "a", "text": "มานี 5 ม.ค.", "spans": [{"start": 0, "end": 4, "type": "PERSON"},'
        ' {"start": 5, "end": 11, "type": "DATE"}]}\n',
        encoding="utf-8",
    )
    (row,) = read_spans(file)
    assert row.gold == (Entity(0, 4, "PERSON"),)
    assert evaluate_privacy([row], Fixed(PERSON="มานี"))["recall"] == 1.0


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        '{"text": "x"}',
        "[]",
        '{"text": "มานี", "spans": [{"start": 0, "end": 9, "type": "PERSON"}]}',
        '{"text": "มานี", "spans": [{"start": 2, "end": 2, "type": "PERSON"}]}',
        '{"text": null, "spans": []}',
        "",
    ],
)
def test_a_broken_span_file_is_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "spans.jsonl"
    file.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(PrivacySetBroken):
        read_spans(file)


@pytest.mark.parametrize(
    "content",
    ["[]", "vignettes: 3", "vignettes: [{id: A}]", "vignettes: [3]", "a: 1", "vignettes:"],
)
def test_a_broken_vignette_file_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "set.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(PrivacySetBroken):
        read_vignettes(file)


def test_absent_files_are_refused(tmp_path: Path) -> None:
    for read in (read_spans, read_vignettes):
        with pytest.raises(PrivacySetBroken):
            read(tmp_path / "absent")


@pytest.mark.parametrize("name", ["PERSON_NAME", "THAI_ID", "PERSON", "VEHICLE_PLATE"])
def test_other_vocabularies_have_our_names(name: str) -> None:
    assert our_type(name)


@pytest.mark.parametrize("name", ["DATE", "LOCATION", "NEVER_HEARD_OF"])
def test_what_identifies_nobody_has_none(name: str) -> None:
    assert our_type(name) is None
