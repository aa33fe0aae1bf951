"""A request for approval as pieces of HTML: how it stands, and who said what to it."""

from __future__ import annotations

from typing import Any

from ui import marks
from ui.calendar import moment
from ui.desk import Desk
from ui.words import say

VERDICTS = {"approved": ("✓", "rule"), "refused": ("✗", "danger"), None: ("○", "inferred")}


def line(row: dict[str, Any], lang: str, kind: str) -> str:
    """A request in three lines: for what and by whom, how it stands, the words to it."""
    asked_at = moment(row["requested_at"], lang)
    below = say("today.asked_by", lang, name=row["requested_name"], when=asked_at)
    if row["verdict"]:
        when = moment(row["decided_at"], lang)
        below += " · " + say("approval.by", lang, name=row["decided_name"], when=when)
    if row["comment"]:
        below += f" · “{row['comment']}”"
    return marks.headline(kind, "", state(row, lang), below)


def named(desk: Desk, row: dict[str, Any]) -> dict[str, Any]:
    """A request whose names tell the agency, too, where it is another one."""
    who = {s: desk.who(row[f"{s}_name"], row[f"{s}_agency"]) for s in ("requested", "decided")}
    return row | {f"{stage}_name": name for stage, name in who.items()}


def state(row: dict[str, Any], lang: str) -> str:
    """How a request stands, by sign and word."""
    sign, colour = VERDICTS[row["verdict"]]
    word = say(f"approval.{row['verdict'] or 'waits'}", lang)
    return marks.chip(f"{sign} {word}", colour)
