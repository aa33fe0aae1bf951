"""What is due for review, by the interval of its kind."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from knowledge_base.library import DATA, load_library
from knowledge_base.review import ReviewRule, due_for_review, load_review

LIBRARY = load_library()
RULES = load_review(DATA)


def test_every_kind_has_an_interval() -> None:
    kinds = {entry.kind.value for entry in LIBRARY.entries.values()}

    assert set(RULES) == kinds | {"hotline"}


def test_a_review_is_due_after_its_months() -> None:
    rule = ReviewRule(id="welfare", months=6, why_th="x")

    assert rule.due(date(2026, 8, 31)) == date(2027, 2, 28)
    assert rule.due(None) is None


def test_nothing_nobody_reviewed_is_forgotten() -> None:
    unreviewed = [line.number for line in LIBRARY.hotlines.values() if line.last_confirmed is None]

    assert unreviewed
    due = due_for_review(LIBRARY, RULES, date(2026, 11, 25))
    assert {d.id for d in due if d.due_on is None} >= set(unreviewed)


def test_more_is_due_as_days_go_by_and_the_longest_overdue_is_first() -> None:
    soon = due_for_review(LIBRARY, RULES, date(2026, 12, 1))
    later = due_for_review(LIBRARY, RULES, date(2027, 6, 1))
    last = due_for_review(LIBRARY, RULES, date(2040, 1, 1))

    assert {d.id for d in soon} < {d.id for d in later} < {d.id for d in last}
    assert {d.id for d in later} >= {f"scheme:{scheme}" for scheme in LIBRARY.schemes}
    days = [d.due_on or date.min for d in later]
    assert days == sorted(days)
    assert len(last) == len(LIBRARY.entries) + len(LIBRARY.hotlines)


@pytest.mark.parametrize("months", [0, 61])
def test_an_interval_out_of_reason_is_refused(months: int) -> None:
    with pytest.raises(ValidationError):
        ReviewRule(id="law", months=months, why_th="x")
