"""The figures of people, against values worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.people import compare, evaluate_people, figures, keys
from intake.people import People, PersonRole, ProposedPerson, ProposedRole
from intake.schemas import Span

TEXT = "แดงตีดำ เขียวแจ้ง"
GOLDEN = Path(__file__).parents[2] / "evals" / "data" / "golden"
KEY = {
    "client": [["ดำ"], ["ขาว"]],
    "alleged_perpetrator": [[[0, 3]]],
    "reporter": [],
    "also_reporter": [["SPEAKER"]],
}


def person(words: str, role: PersonRole, *, speaker: bool = False) -> ProposedPerson:
    """Somebody called so, with one part."""
    start = TEXT.index(words)
    span = Span(start=start, end=start + len(words), text=words)
    return ProposedPerson(
        id=words,
        spans=(span,),
        speaker=speaker,
        roles=(ProposedRole(role=role, score=0.9, spans=()),),
    )


@pytest.fixture
def people() -> People:
    """One hit, one miss, one extra, one that is only allowed."""
    return People(
        persons=(
            person("ดำ", PersonRole.CLIENT),
            person("แดง", PersonRole.ALLEGED_PERPETRATOR),
            person("แจ้ง", PersonRole.ALLEGED_PERPETRATOR),
            person("เขียว", PersonRole.REPORTER, speaker=True),
        )
    )


def test_found_missed_extra_and_allowed_are_told_apart(people: People) -> None:
    row = compare({"id": "A", "narrative": TEXT}, KEY, people)
    assert row["missed"] == {"client": [["ขาว"]]}
    assert row["extra"] == {"alleged_perpetrator": ["แจ้ง"]}
    assert figures([row]) == {
        "client.recall": 0.5,
        "client.precision": 1.0,
        "alleged_perpetrator.recall": 1.0,
        "alleged_perpetrator.precision": 0.5,
        "reporter.recall": 1.0,
        "reporter.precision": 1.0,
    }


def test_every_key_is_of_a_story_that_tuning_saw(people: People) -> None:
    known = keys()
    assert {f"G{n:02d}" for n in range(1, 31)} <= known.keys()
    assert not {f"G{n:02d}" for n in range(31, 81)} & known.keys()


def test_a_file_is_measured_with_intervals(people: People) -> None:
    report = evaluate_people([GOLDEN / "G01-G10.yaml"], lambda _: People())
    assert report["stories"] == 10
    assert report["client.recall"] == 0.0
    assert report["client.precision"] == 1.0
    assert report["ci"]["client.recall"] == (0.0, 0.0)
    assert any(w["id"] == "G01" for w in report["wrong"])
