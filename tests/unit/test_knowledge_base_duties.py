"""Duties, situations, traps and open questions: typed, unique, and joined to law entries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge_base.duties import (
    LawNote,
    load_duties,
    load_situations,
    load_traps,
    load_unknowns,
)
from knowledge_base.entries import Confidence
from knowledge_base.laws import law_entries, load_laws
from knowledge_base.marked_yaml import DataFileBroken

DATA = Path(__file__).parents[2] / "knowledge_base" / "data"
ENTRIES = law_entries(load_laws(DATA))
DUTIES = load_duties(DATA)
BOUND_MIN = ["child-adoption-2522-19-6mo"]


def test_every_duty_stands_on_entries_of_the_law() -> None:
    assert len(DUTIES) >= 59
    for duty in DUTIES.values():
        assert set(duty.basis) <= set(ENTRIES), duty.file
        assert duty.basis or duty.confidence is Confidence.GENERAL, duty.file


def test_a_duty_is_no_surer_than_the_best_of_its_entries() -> None:
    order = list(Confidence)
    for duty in DUTIES.values():
        if duty.basis:
            best = min(order.index(ENTRIES[basis].confidence) for basis in duty.basis)
            assert order.index(duty.confidence) >= best, duty.file


def test_seven_days_of_section_42_and_twelve_hours_of_section_30() -> None:
    assert DUTIES["child-protection-2546-42-7d"].within == "7d"
    hours = DUTIES["child-protection-2546-30-12h"]
    assert (hours.within, hours.who, hours.bound) == ("12h", ("competent_official",), "max")


def test_only_the_trial_of_adoption_is_a_minimum() -> None:
    assert [duty.id for duty in DUTIES.values() if duty.bound == "min"] == BOUND_MIN


def test_a_duty_knows_its_line() -> None:
    for duty in DUTIES.values():
        file, line = duty.file.split(":")
        written = (DATA / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert written == f"  - id: {duty.id}"


@pytest.mark.parametrize(
    ("load", "least"), [(load_situations, 18), (load_traps, 36), (load_unknowns, 18)]
)
def test_notes_load_and_lead_to_entries(
    load: Callable[[Path], dict[str, LawNote]], least: int
) -> None:
    notes = load(DATA)
    assert len(notes) >= least
    assert {entry for note in notes.values() for entry in note.entries} <= set(ENTRIES)
    assert all(note.th for note in notes.values())


def test_every_situation_and_nearly_every_trap_leads_somewhere() -> None:
    assert all(note.entries and note.situation_th for note in load_situations(DATA).values())
    assert [note.id for note in load_traps(DATA).values() if not note.entries] == ["trap-26"]


def test_the_first_trap_leads_to_the_act_in_force_and_the_decree() -> None:
    laws = {entry.split("#")[0] for entry in load_traps(DATA)["trap-1"].entries}
    assert laws == {"dv-2550", "family-institution-decree-2562", "family-institution-2562"}


@pytest.mark.parametrize(
    "change",
    [("within: 12h", "within: noon"), ("confidence: statute", "confidence: sure"), ("who:", "by:")],
)
def test_a_duty_that_does_not_fit_is_refused_with_its_line(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    text = (DATA / "duties.yaml").read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / "duties.yaml").write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(DataFileBroken) as refused:
        load_duties(tmp_path)
    assert refused.value.details["file"] == "duties.yaml"
    assert int(str(refused.value.details["line"])) > 0
