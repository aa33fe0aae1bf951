"""HTML of documents, conferences, limits and administration: everything from outside is escaped."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import docx
import pytest

from ui import (
    admin_marks,
    conference_marks,
    deadline_marks,
    document_marks,
    document_preview,
    knowledge_marks,
)
from ui.calendar import BANGKOK
from ui.words import catalogue

EVIL = "<b>x</b>"
NOW = "2026-11-26T09:00:00+07:00"
LANGS = ("th", "en")


@pytest.mark.parametrize("lang", LANGS)
def test_custody_tells_who_whom_why_and_escapes_it(lang: str) -> None:
    act = {"version_id": "v1", "act": "sent", "party": EVIL, "note": EVIL, "by_name": EVIL}
    told = document_marks.custody([act | {"at": NOW}], {"v1": 2}, lang)
    assert EVIL not in told
    assert told.count("&lt;b&gt;x") == 3


@pytest.mark.parametrize("lang", LANGS)
def test_talk_votes_and_labels_hold_no_markup_of_others(lang: str) -> None:
    post = {"written_name": EVIL, "kind": "comment", "text": EVIL, "written_at": NOW}
    vote = {"vote": "disagree", "dissent": EVIL, "voter_name": EVIL}
    told = conference_marks.thread([post], lang) + conference_marks.votes([vote], lang)
    assert EVIL not in told
    assert conference_marks.plain("[a](b) *c*") == r"\[a\](b) \*c\*"


@pytest.mark.parametrize("lang", LANGS)
def test_the_days_of_five_weeks_with_what_is_late_above(lang: str) -> None:
    today = datetime.now(BANGKOK).date()
    days = [
        {"day": (today - timedelta(days=30)).isoformat(), "count": 4, "statutory": 1},
        {"day": today.isoformat(), "count": 7, "statutory": 0},
    ]
    told = deadline_marks.heat(days, lang)
    assert told.count("<td") == 35
    assert "heat-3 today" in told
    assert "4" in told.partition("<table")[0]


@pytest.mark.parametrize("lang", LANGS)
def test_what_nobody_verified_stands_out(lang: str) -> None:
    assert "⚠" in knowledge_marks.confidence("proposal", lang)
    assert "✓" in knowledge_marks.confidence("statute", lang)
    added = {"added_at": NOW, "title": EVIL, "review": "waiting"}
    assert EVIL not in knowledge_marks.added([added], lang)


@pytest.mark.parametrize("lang", LANGS)
def test_a_broken_trail_names_the_case_and_what_broke(lang: str) -> None:
    damage = [{"case_id": "c", "case_number": "2569-1", "kind": "row", "subject": EVIL}]
    report = {"ok": False, "cases": 1, "events": 2, "damage": damage, "checkpoint": None}
    told = admin_marks.verified(report, lang)
    assert "2569-1" in told
    assert EVIL not in told


@pytest.mark.parametrize(
    "family",
    [
        "custody:made,read,sent,received,refused,signed,withdrawn",
        "document.state:absent,open,signed,withdrawn",
        "outcome:keep_plan,change_plan,prepare_closure,refer",
        "job:todo,doing,succeeded,failed,cancelled,aborting,aborted",
        "damage:event,head,narrative,version,approval,row,seal,document,checkpoint",
        "review:waiting,accepted,rejected",
        "change:changed,gone",
    ],
)
def test_every_word_of_a_closed_list_is_written(family: str) -> None:
    head, _, ends = family.partition(":")
    assert {f"{head}.{end}" for end in ends.split(",")} <= set(catalogue("th"))


def test_a_word_file_is_told_in_order_and_a_broken_one_not_at_all() -> None:
    file, kept = docx.Document(), BytesIO()
    file.add_paragraph("หนึ่ง")
    file.add_table(1, 2).rows[0].cells[1].text = "สอง"
    file.save(kept)
    assert document_preview.lines(kept.getvalue()) == ["หนึ่ง", "สอง"]
    assert document_preview.lines(b"PK\x03\x04 nothing") == []
