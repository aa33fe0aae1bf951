"""Versions side by side, edits carried to a new draft, changed law, and the client's papers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cases.comparing import Comparing
from cases.errors import CaseUnseen
from cases.people import Person
from cases.review import Decision
from planner.graph import Planner
from planner.schemas import Action, Draft
from planner.wording import pattern
from tests.integration.record import Record

WORDS = "นัดพบที่ศูนย์สุขภาพในเวลาที่สะดวก"


def opened(of: dict[str, Any]) -> list[Action]:
    """The open actions of a version that the client's paper may tell, the soonest first."""
    draft = Draft.model_validate(of["content"])
    found = [a for p in draft.plan.problems for g in p.goals for a in g.actions]
    inside = pattern("sheet.inside")
    told = [a for a in found if a.state == "open" and not inside.search(a.sentence.text)]
    return sorted(told, key=lambda a: str(a.due))


@pytest.fixture(scope="module")
def versions(record: Record, owner: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    """A version with an edit and a strike, and the next that was to keep them."""
    first = record.drafted(owner)
    edited, struck, *_ = [a.sentence.id for a in opened(first)]
    taken = [
        Decision(sentence_id=edited, decision="edited", text=WORDS, reason="ตามที่ตกลงกัน"),
        Decision(sentence_id=struck, decision="struck", reason="ทำแล้ว"),
    ]
    record.services.review.decide(owner, first["id"], taken)
    run = record.services.drafting.request(owner, first["case_id"], carry_from=first["id"])
    record.work()
    done = record.services.drafting.read(owner, run["id"])
    review = record.services.review
    return review.read(owner, first["id"]), review.read(owner, done["version_id"])


def test_a_new_draft_keeps_what_people_wrote(versions: tuple[dict[str, Any], ...]) -> None:
    _, second = versions
    kept = {d["decision"]: d for d in second["decisions"].values()}
    assert set(kept) == {"edited", "struck"}
    assert kept["edited"]["text"] == WORDS
    assert "ฉบับที่ 1" in kept["edited"]["reason"]
    assert WORDS not in {s.text for s in Draft.model_validate(second["content"]).sentences()}


def test_versions_are_told_apart_sentence_by_sentence(
    record: Record, owner: Person, versions: tuple[dict[str, Any], ...]
) -> None:
    first, second = versions
    told = record.services.comparing.difference(owner, first["case_id"], first["id"], second["id"])
    assert (told["old"]["number"], told["new"]["number"]) == (1, 2)
    assert told["counts"]["same"] > 50
    edited = [r for r in told["rows"] if r["old"] and r["old"]["edited"] == WORDS]
    assert [r["new"]["edited"] for r in edited] == [WORDS]
    other = record.drafted(owner)
    with pytest.raises(CaseUnseen):
        record.services.comparing.difference(owner, first["case_id"], first["id"], other["id"])
    with pytest.raises(CaseUnseen):
        record.services.drafting.request(owner, first["case_id"], carry_from=other["id"])


def test_papers_carry_the_words_people_decided_on(
    record: Record, owner: Person, versions: tuple[dict[str, Any], ...]
) -> None:
    first, _ = versions
    struck = opened(first)[1].sentence.text
    papers = record.services.comparing.sheets(owner, first["id"])
    lines = [line for part in papers["client"]["parts"] for line in part["lines"]]
    assert any(WORDS in line for line in lines)
    assert not any(struck in line for line in lines)
    assert papers["safety"]["parts"]
    assert papers["safety"]["readability"]["terms"] == 0


def test_changed_law_names_sentences_and_proposes_others(
    record: Record, owner: Person, versions: tuple[dict[str, Any], ...]
) -> None:
    first, _ = versions
    assert record.services.comparing.law_changes(owner, first["id"])["affected"] == []
    library = record.wiring.library
    law = next(c["id"] for c in first["content"]["citations"] if c["kind"] == "law")
    entry = library.entries[law]
    changed = entry.model_copy(update={"text_th": entry.text_th + " แก้ไขแล้ว"})
    new = replace(library, entries=library.entries | {law: changed}, version="another day")
    told = Comparing(record.database, new, Planner(new)).law_changes(owner, first["id"])
    assert [(c["id"], c["change"]) for c in told["changed"]] == [(law, "changed")]
    assert told["affected"]
    assert any(a["proposed"] for a in told["affected"])
