"""Where a case stands follows from its record alone, and is explained."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.casebook import casebook, listed
from cases.casework_errors import EntryUnfit
from cases.entries import compared, last_risk
from cases.forms import checked
from cases.steps import Facts, conditions, current, steps
from runtime.messages import catalogue

DAY = timedelta(days=1)
START = datetime(2026, 6, 1, tzinfo=UTC)
JUDGED = {"risk": "high", "decision": "keep_plan"}


def entry(kind: str, day: float, **content: Any) -> dict[str, Any]:
    return {"id": kind, "kind": kind, "content": content, "recorded_at": START + day * DAY}


def at(*entries: dict[str, Any], **more: Any) -> str:
    return current(steps(facts(*entries, **more))).id


def facts(*entries: dict[str, Any], **more: Any) -> Facts:
    return Facts(story_told=True, entries=entries, **{"now": START + 60 * DAY} | more)


REGISTERED = entry("registration", 0)
SCREENED = entry("screening", 1, in_scope=True)
ASSESSED = entry("assessment", 2, **JUDGED)
VISITED = entry("visit", 5)
BEGUN = {"status": "under_way", "changed_at": START + 4 * DAY}
PLANNED = {"plans": [START + 4 * DAY], "services": [BEGUN]}


def test_an_untold_story_waits() -> None:
    nothing = steps(Facts(story_told=False))
    assert {s.state for s in nothing} == {"waiting"}
    assert current(nothing).id == "surveillance"
    assert nothing[0].missing == ("story_told",)


def test_each_record_opens_the_next_step() -> None:
    assert at() == "intake"
    assert at(REGISTERED) == "screening"
    assert at(REGISTERED, SCREENED) == "assessment"
    assert at(REGISTERED, SCREENED, ASSESSED) == "planning"
    assert at(REGISTERED, SCREENED, ASSESSED, plans=[START + 4 * DAY]) == "implementation"
    assert at(REGISTERED, SCREENED, ASSESSED, **PLANNED) == "monitoring"
    assert at(REGISTERED, SCREENED, ASSESSED, VISITED, **PLANNED) == "reassessment"


def test_a_plan_older_than_the_assessment_does_not_count() -> None:
    assert at(REGISTERED, SCREENED, ASSESSED, plans=[START + DAY]) == "planning"


def test_a_reassessment_that_changes_the_plan_opens_planning_again() -> None:
    again = entry("reassessment", 30, risk="high", decision="change_plan")
    known = facts(REGISTERED, SCREENED, ASSESSED, VISITED, again, **PLANNED)
    assert not conditions(known)["plan_approved"]
    assert current(steps(known)).id == "planning"


def test_a_letter_without_answer_keeps_screening_open() -> None:
    letters = [{"status": "pending"}]
    nine = steps(facts(REGISTERED, SCREENED, letters=letters))
    assert nine[1].state == "open"
    assert nine[1].missing == ("letters_answered",)


@pytest.mark.parametrize(
    ("risk", "days", "low"), [("low", 20, True), ("low", 31, False), ("high", 1, False)]
)
def test_low_risk_is_low_and_fresh(risk: str, days: int, low: bool) -> None:
    judged = entry("reassessment", 60 - days, risk=risk, decision="prepare_closure")
    assert conditions(facts(ASSESSED, judged))["risk_low"] is low


def test_closing_watching_and_reopening() -> None:
    again = entry("reassessment", 40, risk="low", decision="prepare_closure")
    record = (REGISTERED, SCREENED, ASSESSED, VISITED, again)
    assert at(*record, **PLANNED) == "disengagement"
    closed = PLANNED | {"closures": [START + 50 * DAY]}
    assert at(*record, **closed, watching=True) == "surveillance"
    assert steps(facts(*record, **closed))[-1].state == "done"
    reopened = (*record, entry("reopening", 55))
    assert at(*reopened, **closed) == "screening"
    assert not conditions(facts(*reopened, **closed))["assessed"]


def test_services_that_ended_before_a_reopening_carry_out_no_new_plan() -> None:
    before = {"status": "delivered", "changed_at": START + 9 * DAY}
    again = (entry("screening", 56, in_scope=True), entry("assessment", 57, **JUDGED))
    record = (REGISTERED, SCREENED, ASSESSED, VISITED, entry("reopening", 55), *again)
    planned = {"plans": [START + 4 * DAY, START + 58 * DAY], "services": [before]}
    known = conditions(facts(*record, **planned))
    assert known["plan_approved"]
    assert not known["services_begun"]
    assert not known["services_delivered"]


def test_what_screening_found_out_of_scope_is_closed_from_there() -> None:
    out = entry("screening", 2, in_scope=False)
    known = facts(REGISTERED, out, closures=[START + 3 * DAY])
    assert conditions(known)["screened_out"]
    assert current(steps(known)).id == "surveillance"


def test_every_step_says_why_in_both_languages() -> None:
    for step in steps(facts(REGISTERED, SCREENED)):
        assert step.name_th in step.why_th
        assert step.name_en in step.why_en
        assert "{" not in step.why_th + step.why_en


def test_the_files_name_only_what_there_is() -> None:
    book, forms = casebook("steps"), casebook("entries")["forms"]
    known = set(conditions(Facts(story_told=True)))
    assert known == set(book["conditions"])
    named = {c for s in book["steps"] for c in (*s["enter"], *s["exit"])}
    named |= {c for f in forms.values() for c in f.get("needs", ())}
    by = [of for f in forms.values() for of in f.get("needs_by", {}).values()]
    named |= {c for of in by for needed in of.values() for c in needed}
    assert named <= known
    assert {f["step"] for f in forms.values()} <= {s["id"] for s in book["steps"]}
    for purpose in listed("referrals", "purposes").values():
        assert set(purpose["parts"]) <= set(casebook("referrals")["parts"])
    classes = set(casebook("views")["viewers"]["referred"]["shelter"]) | {"talk", "reporter"}
    told = {kind for rules in casebook("views")["fields"].values() for kind in rules.values()}
    assert told <= classes


def test_both_languages_say_everything() -> None:
    assert catalogue("th").keys() == catalogue("en").keys()


@pytest.mark.parametrize(
    ("kind", "content", "fields"),
    [
        ("nothing", {}, "kind"),
        ("registration", {}, "case_type, channel, has_children, reporter_hidden"),
        ("visit", {"met": "x", "safe": 1, "indicators": " "}, "indicators, met, safe"),
        ("notice", {"what": "x", "received_at": "x", "answer_by": "2026-01-01"}, "answer_by"),
        ("screening", {"more": 1}, "more"),
        ("closure_request", {"told_times": 1, "watchers": []}, "told_times"),
        ("closure_request", {"reason": "died"}, "risk_factors"),
        ("complaint_choice", {"rights_told": False}, "rights_told"),
    ],
)
def test_what_does_not_fit_a_form_is_named(kind: str, content: dict[str, Any], fields: str) -> None:
    with pytest.raises(EntryUnfit) as refused:
        checked(kind, content)
    told = refused.value.details["fields"]
    assert isinstance(told, str)
    assert set(fields.split(", ")) <= set(told.split(", "))


def test_only_what_changed_is_shown() -> None:
    a = entry("assessment", 1, risk="high", safety="unsafe", needs="x") | {"recorded_name": "ก"}
    b = entry("reassessment", 9, risk="low", safety="unsafe", needs="x", why_changed="y")
    shown = compared(a, b | {"recorded_name": "ข"})
    assert shown["changed"] == {"risk": {"before": "high", "after": "low"}}
    assert last_risk([a, b]) == "low"
    assert last_risk([REGISTERED]) is None
