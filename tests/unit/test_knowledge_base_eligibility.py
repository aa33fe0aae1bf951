"""Screening: the cases beside the schemes, dated amounts, and what must hold for any household."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.cases import SchemeCase, differences, load_cases
from knowledge_base.criteria import UNKNOWN_WORDS
from knowledge_base.eligibility import Screening, in_danger, next_fact, screen
from knowledge_base.facts import Fact, FactIllTyped, FactUnknown
from knowledge_base.library import DATA, load_library

LIBRARY = load_library()
DAY = date(2026, 11, 24)
CASES = [(s, case) for s in LIBRARY.schemes for case in load_cases(DATA, s)]
STATED = [dict(case.facts) for _, case in CASES]
Household = dict[str, Any]


def one(scheme: str, facts: Mapping[str, Any], day: date = DAY) -> Screening:
    return screen(LIBRARY, facts, day, only=[scheme])[0]


@pytest.mark.parametrize(("scheme", "case"), CASES, ids=lambda x: getattr(x, "name_th", x))
def test_a_household_a_policy_officer_wrote(scheme: str, case: SchemeCase) -> None:
    assert differences(LIBRARY, LIBRARY.schemes[scheme], case) == []


def test_each_scheme_has_a_favourable_case_and_another() -> None:
    for scheme in LIBRARY.schemes:
        verdicts = [case.verdict for s, case in CASES if s == scheme]
        assert len(verdicts) >= 2, scheme
        assert {"likely", "assess"} & set(verdicts), scheme


def test_only_schemes_without_a_test_that_refuses_have_no_refusal() -> None:
    """Where a verified HARD or EXCL criterion may refuse or ask, some case shows it."""
    for scheme in LIBRARY.schemes.values():
        deciding = [c for c in scheme.criteria if c.evidence == "V" and c.kind in ("HARD", "EXCL")]
        verdicts = {case.verdict for s, case in CASES if s == scheme.id}
        assert not deciding or verdicts & {"unlikely", "ask"}, scheme.id


def test_a_wrong_case_says_what_differs() -> None:
    wrong = SchemeCase(
        name_th="x", as_of=DAY, facts={"critical_emergency": False}, verdict="likely"
    )

    said = differences(LIBRARY, LIBRARY.schemes["ucep-1669"], wrong)
    assert [line.split(":")[0] for line in said] == ["verdict", "failed"]


def test_nothing_known_refuses_nobody() -> None:
    verdicts = {s.id: s.verdict for s in screen(LIBRARY, {}, DAY)}

    assert len(verdicts) == 75
    assert "unlikely" not in verdicts.values()


def test_a_refusal_names_the_criterion_and_how_to_appeal() -> None:
    found = one("sso-maternity", {"sso_section": "33", "contrib_months_15": 3})

    assert found.verdict == "unlikely"
    assert found.failed == ("ส่งสมทบไม่น้อยกว่า 5 เดือน ใน 15 เดือนก่อนคลอด",)
    assert found.appeal_th == LIBRARY.appeals["social-security"].th
    assert one("sso-maternity", {"sso_section": "33", "contrib_months_15": 9}).appeal_th is None


def test_the_question_that_decides_comes_with_its_proof() -> None:
    found = one("ucs-gold-card", {"nationality": "TH", "id_number_status": "THAI_13"})

    assert (found.verdict, found.missing) == ("ask", ("health_scheme",))
    assert found.question_th == LIBRARY.facts["health_scheme"].ask_th
    assert found.document_th == LIBRARY.facts["health_scheme"].proof_th


def test_a_year_of_birth_at_the_edge_asks_for_the_day() -> None:
    edge = {"nationality": "TH", "birth_date": 1966, "gets_state_income": False}

    assert one("old-age-allowance", edge).missing == ("birth_date",)
    assert one("old-age-allowance", edge, date(2027, 1, 1)).verdict == "assess"
    assert one("old-age-allowance", edge | {"birth_date": 1970}).verdict == "unlikely"


@pytest.mark.parametrize(
    ("day", "amount"),
    [(date(2024, 12, 31), "800"), (date(2025, 1, 1), "1,000"), (DAY, "1,000")],
)
def test_amounts_are_those_of_the_day(day: date, amount: str) -> None:
    facts = {"sso_section": "33", "contrib_months_36": 30, "is_insured_legal_child": True}

    (said,) = one("sso-child-allowance", facts | {"child_age_months": 20}, day).amounts
    assert said.startswith(f"{amount} บาท")


def test_amounts_nobody_verified_are_not_shown() -> None:
    assert one("foster-family-child", {}).amounts == ()
    assert LIBRARY.schemes["foster-family-child"].rates != ()


def test_none_of_these_is_nothing_at_all() -> None:
    facts = next(c.facts for s, c in CASES if s == "elderly-residential-centre")

    assert facts["severe_psychiatric_or_communicable"] == ["none"]
    assert one("elderly-residential-centre", facts).failed == ()


def test_schemes_that_go_together_or_not_say_so() -> None:
    baby = next(c.facts for s, c in CASES if s == "child-support-grant" and c.verdict == "likely")
    insured = {"sso_section": "33", "contrib_months_36": 30, "is_insured_legal_child": True}
    rule = next(r for r in LIBRARY.interactions if r.id == "newborn-and-insured-child")

    found = {s.id: s for s in screen(LIBRARY, {**baby, **insured}, DAY)}
    assert rule.th in found["child-support-grant"].with_others_th
    assert rule.th in found["sso-child-allowance"].with_others_th
    assert found["old-age-allowance"].with_others_th == ()


def test_a_benefit_received_already_is_told_too() -> None:
    facts = {"nationality": "TH", "id_number_status": "THAI_13", "health_scheme": "UCS"}

    (found,) = screen(
        LIBRARY, {**facts, "existing_benefits": ["sso-section39"]}, DAY, only=["ucs-gold-card"]
    )
    assert any("39" in told for told in found.with_others_th)


def test_danger_comes_before_money() -> None:
    assert in_danger({"immediate_danger": True})
    assert not in_danger({"immediate_danger": "UNKNOWN"})


def test_the_next_fact_moves_most_schemes() -> None:
    asked = next_fact(LIBRARY, screen(LIBRARY, {}, DAY))

    assert asked == LIBRARY.facts["nationality"]
    assert next_fact(LIBRARY, []) is None


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"no_such_field": 1}, FactUnknown),
        ({"age_years": "old"}, FactIllTyped),
        ({"pregnant": "yes"}, FactIllTyped),
        ({"school_level": "P1"}, FactIllTyped),
    ],
)
def test_facts_of_another_vocabulary_are_refused(facts: Household, error: type[Exception]) -> None:
    with pytest.raises(error):
        screen(LIBRARY, facts, DAY)


def value_of(fact: Fact) -> st.SearchStrategy[Any]:
    """Any value a fact may have, blank ones too."""
    blank = st.sampled_from([None, *sorted(UNKNOWN_WORDS & {"", "UNKNOWN"})])
    options = st.sampled_from(fact.values) if fact.values else st.text("กขค", max_size=3)
    days = st.dates(date(1930, 1, 1), date(2026, 11, 1)).map(date.isoformat)
    typed: dict[str, st.SearchStrategy[Any]] = {
        "bool": st.booleans(),
        "int": st.integers(0, int(fact.most or 120)),
        "number": st.integers(0, int(fact.most or 2_000_000)),
        "date": days | st.integers(1930, 2026),
        "enum": options,
        "multi": st.lists(options, max_size=3),
        "map": st.dictionaries(st.sampled_from(sorted(LIBRARY.schemes)), st.integers(0, 4)),
    }
    return typed.get(fact.type, st.text("กขค", max_size=3)) | blank


ANY_FACT = st.sampled_from(sorted(LIBRARY.facts)).flatmap(
    lambda field: st.tuples(st.just(field), value_of(LIBRARY.facts[field]))
)


@st.composite
def households(draw: st.DrawFn) -> Household:
    """A written household with some of its facts forgotten and some others known."""
    facts = dict(draw(st.sampled_from(STATED)))
    for field in draw(st.lists(st.sampled_from(sorted(facts)), max_size=2)) if facts else ():
        facts.pop(field, None)
    return dict(draw(st.lists(ANY_FACT, max_size=6))) | facts


@settings(max_examples=200, deadline=None)
@given(facts=households(), new=ANY_FACT)
def test_a_new_fact_refuses_only_by_a_criterion_that_fails_by_it(
    facts: Household, new: tuple[str, Any]
) -> None:
    field, value = new
    if facts.get(field) is not None:
        return
    before = {s.id: s for s in screen(LIBRARY, facts, DAY)}
    after = {s.id: s for s in screen(LIBRARY, facts | {field: value}, DAY)}

    for scheme, was in before.items():
        now = after[scheme]
        assert set(was.failed_ids) <= set(now.failed_ids), scheme
        if was.verdict == "likely":
            assert now.verdict == "likely", scheme
        if now.verdict == "unlikely" and was.verdict != "unlikely":
            assert set(now.failed_ids) - set(was.failed_ids), scheme


@settings(max_examples=100, deadline=None)
@given(facts=households(), data=st.data())
def test_the_order_of_facts_and_schemes_never_matters(
    facts: Household, data: st.DataObject
) -> None:
    shuffled = dict(data.draw(st.permutations(list(facts.items()))))
    schemes = data.draw(st.permutations(sorted(LIBRARY.schemes)))

    found = screen(LIBRARY, shuffled, DAY, only=schemes)
    assert {s.id: s for s in found} == {s.id: s for s in screen(LIBRARY, facts, DAY)}


@settings(max_examples=100, deadline=None)
@given(facts=households(), field=st.sampled_from(sorted(LIBRARY.facts)))
def test_a_blank_is_never_a_no(facts: Household, field: str) -> None:
    if facts.get(field) is not None:
        return
    blanks = [None, "", "UNKNOWN"]

    known = screen(LIBRARY, {k: v for k, v in facts.items() if k != field}, DAY)
    assert all(screen(LIBRARY, facts | {field: blank}, DAY) == known for blank in blanks)
