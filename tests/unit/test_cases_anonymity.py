"""k-anonymity: the finest form that keeps to the rules, checked on rows written by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.anonymity import Rules, Step, anonymous, coarser, rules, smallest_class
from cases.edit_distance import plan_edit
from cases.extracts import band
from cases.research_errors import ExtractTooFine
from planner.schemas import Ink, Sentence
from runtime.edit_distance import edit_distance

KEPT_TO = rules()
COLUMNS = KEPT_TO.quasi_identifiers


def rows(count: int, **changed: Any) -> list[dict[str, Any]]:
    row = {
        "agency_kind": "shelter",
        "period": "2026-01",
        "age_band": "13-17",
        "sex": "F",
        "region": "north",
        "disability": "unknown",
        "nationality": "TH",
    }
    return [row | changed for _ in range(count)]


def test_rows_that_are_alike_stay_as_they_are() -> None:
    found = anonymous(rows(5) + rows(7, sex="M"), KEPT_TO)
    assert (len(found.rows), found.smallest, found.generalised, found.suppressed) == (12, 5, (), 0)


def test_months_become_quarters_only_when_they_must() -> None:
    found = anonymous([r for m in ("01", "02", "03") for r in rows(3, period=f"2026-{m}")], KEPT_TO)
    assert found.generalised == (Step(column="period", to="quarter"),)
    assert {r["period"] for r in found.rows} == {"2026-Q1"}
    assert found.smallest == 9


def test_each_step_follows_the_one_before() -> None:
    ages = [r for a in ("0-12", "13-17") for r in rows(3, age_band=a, region=a)]
    found = anonymous(ages, KEPT_TO)
    assert found.generalised == KEPT_TO.steps
    assert {(r["period"], r["region"], r["age_band"]) for r in found.rows} == {
        ("2026", "country", "any")
    }


def test_one_odd_case_is_left_out_and_the_rest_stays_fine() -> None:
    found = anonymous(rows(19) + rows(1, sex="X"), KEPT_TO)
    assert (len(found.rows), found.suppressed, found.generalised) == (19, 1, ())
    assert all(r["sex"] == "F" for r in found.rows)


@pytest.mark.parametrize("few", [rows(4), rows(3) + rows(3, sex="M"), rows(6) + rows(3, sex="X")])
def test_too_few_of_a_kind_give_nothing(few: list[dict[str, Any]]) -> None:
    with pytest.raises(ExtractTooFine):
        anonymous(few, KEPT_TO)


@given(
    st.lists(
        st.builds(
            lambda *v: dict(zip(COLUMNS, v, strict=True)),
            st.sampled_from(["shelter", "prosecutor"]),
            st.sampled_from(["2026-01", "2026-02", "2026-07", "2027-01"]),
            st.sampled_from(["0-12", "60+", "unknown"]),
            st.sampled_from(["F", "M"]),
            st.sampled_from(["north", "south"]),
            st.sampled_from(["with", "unknown"]),
            st.sampled_from(["TH", "unknown"]),
        ),
        max_size=60,
    )
)
def test_what_is_given_out_is_always_k_of_a_kind(asked: list[dict[str, Any]]) -> None:
    try:
        found = anonymous(asked, KEPT_TO)
    except ExtractTooFine:
        return
    assert smallest_class(found.rows, COLUMNS) == found.smallest >= KEPT_TO.k
    assert len(found.rows) + found.suppressed == len(asked)
    assert found.suppressed <= KEPT_TO.most_suppressed * len(asked)


def test_steps_and_bands() -> None:
    assert coarser("2026-11", Step(column="period", to="quarter")) == "2026-Q4"
    assert coarser("2026-Q4", Step(column="period", to="year")) == "2026"
    assert [band(n, (13, 18)) for n in (0, 1, 2, None)] == ["0-12", "13-17", "18+", "unknown"]
    assert smallest_class([], COLUMNS) == 0


def test_rules_that_protect_nobody_are_refused() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 2"):
        Rules.model_validate(KEPT_TO.model_dump() | {"k": 1})


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("", "", 0), ("ก", "", 1), ("", "กข", 2), ("kitten", "sitting", 3), ("ยาย", "ตาย", 1)],
)
def test_letters_to_change(one: str, other: str, apart: int) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) == apart


def test_how_much_of_a_draft_was_changed() -> None:
    said = [Sentence(id=f"s{n}", text="abcd", ink=Ink.SAID) for n in range(3)]
    frame = Sentence(id="s9", text="heading", ink=Ink.FRAME)
    decided = {
        "s0": {"decision": "accepted", "text": None},
        "s1": {"decision": "edited", "text": "abXd", "reason": "r"},
        "s2": {"decision": "struck", "text": None, "reason": "r"},
    }
    assert plan_edit([*said, frame], decided) == (5, 12)
