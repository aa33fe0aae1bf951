"""HTML of versions and papers: told in both languages, everything from outside escaped."""

from __future__ import annotations

import pytest

from ui import marks, version_marks

EVIL = "<b>x</b>"


def side(text: str, decision: str | None = None, edited: str | None = None) -> dict[str, object]:
    return {"id": "s1", "text": text, "ink": "said", "decision": decision, "edited": edited}


@pytest.mark.parametrize("lang", ["th", "en"])
def test_differences_show_old_and_new_and_leave_out_the_same(lang: str) -> None:
    rows = [
        {"change": "same", "old": side("เดิม"), "new": side("เดิม")},
        {"change": "changed", "old": side("เก่า"), "new": side("ใหม่", "edited", EVIL)},
        {"change": "added", "old": None, "new": side("เพิ่ม")},
    ]
    told = version_marks.differences(rows, lang)
    assert "เดิม" not in told
    assert "<del>เก่า</del>" in told
    assert "&lt;b&gt;x" in told
    assert EVIL not in told
    assert version_marks.differences(rows[:1], lang).startswith('<div class="cmis-quiet">')


def test_papers_and_proposals_are_escaped() -> None:
    paper = {"title": EVIL, "parts": [{"heading": "หัวข้อ", "lines": [EVIL]}]}
    assert EVIL not in version_marks.sheet(paper)
    rows = [{"id": "s1", "text": EVIL, "proposed": None}]
    told = version_marks.proposals(rows, "en")
    assert EVIL not in told
    assert "no longer" in told
    assert EVIL not in marks.ready([EVIL + "\nบรรทัด"])
    assert 'href="/x?a=1&amp;b=2"' in version_marks.to_print("/x?a=1&b=2", "พิมพ์")
