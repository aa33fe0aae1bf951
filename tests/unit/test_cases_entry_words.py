"""Every field and every choice of an entry's form has words in both languages."""

from __future__ import annotations

import re

import pytest

from cases.casebook import casebook
from cases.forms import alternatives, worded
from ui import step_marks

FORMS = worded()["forms"]
THAI, LATIN = re.compile("[ก-๙]"), re.compile("[A-Za-z]")


@pytest.mark.parametrize("kind", FORMS)
def test_fields_and_choices_have_words(kind: str) -> None:
    for name, rule in FORMS[kind]["fields"].items():
        words = [rule["words"], *rule.get("values", {}).values()]
        assert set(rule.get("of", ())) == set(rule.get("values", {})), (kind, name)
        assert all(THAI.search(w["th"]) and LATIN.search(w["en"]) for w in words), (kind, name)


def test_no_words_are_left_over() -> None:
    fields = {(kind, name) for kind, form in FORMS.items() for name in form["fields"]}
    known = {f"{kind}.{name}" for kind, name in fields} | {name for _, name in fields}
    words = casebook("entry-words")
    assert set(words["fields"]) | set(words["values"]) <= known


def test_one_kind_of_entry_ends_each_step_that_an_entry_ends() -> None:
    ends = [form["step"] for form in FORMS.values() if form.get("ends_step")]
    assert len(ends) == len(set(ends))
    assert {"intake", "assessment", "monitoring", "surveillance"} <= set(ends)


def test_a_closure_has_a_way_for_each_reason_that_waits_for_less() -> None:
    usual, *others = alternatives("closure_request")
    assert "closure_prepared" in usual
    assert all(set(way) < {*usual, "screened_out"} for way in others)


def test_what_was_answered_is_escaped() -> None:
    html = step_marks.answers([("ความต้องการ", "<b>ที่พัก</b>")])
    assert "<dd>&lt;b&gt;ที่พัก&lt;/b&gt;</dd>" in html
    assert "<s>สูง</s> → ต่ำ" in step_marks.changes([("ระดับความเสี่ยง", "สูง", "ต่ำ")])
