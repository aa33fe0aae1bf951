"""A line of a case's time in words: what it was, whose act it was, and where to find it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from ui import document_marks
from ui.desk import Desk
from ui.marks import capital
from ui.roles import INVITED

Row = Mapping[str, Any]
COLOURS = {"told": "said", "entry": "said", "plan": "inferred", "conference": "inferred"}
ACTS = {
    **dict.fromkeys(("approved", "accepted", "done", "signed", "decided"), "rule"),
    **dict.fromkeys(
        ("refused", "rejected", "revoked", "withdrawn", "late", "called_off"), "danger"
    ),
}
# The part of the file in which a line is found, and the one in which an approval's subject is.
PARTS = {"entry": "steps", "deadline": "steps", "letter": "letters", "document": "documents"}
SUBJECTS = {"closure": "steps", "document": "documents", "plan": "plan"}
DUE = {"open": "timeline.due", "late": "timeline.late", "called_off": "deadline.cancelled"}


def told(desk: Desk, row: Row) -> tuple[str, str]:
    """What happened, and below it who did it or how it stands."""
    words, below = WORDS[row["what"]](desk, row)
    return capital(words), below


def colour(row: Row) -> str:
    """How the line looks: as its act, else as what it is."""
    return ACTS.get(row["act"] or "") or COLOURS.get(row["what"], "quiet")


def way(case_id: str, row: Row, role: str) -> str:
    """The address of where it is; empty where this role has no such page."""
    if row["what"] == "conference":
        room = urlencode({"conference": row["subject_id"]})
        return f"/conference?{room}" if role in INVITED else ""
    asked = SUBJECTS.get(row["kind"] or "", "letters") if row["what"] == "approval" else ""
    place = {"case": case_id, "part": asked or PARTS.get(row["what"], row["what"])}
    if place["part"] == "documents":
        place["document"] = row["subject_id"]
    return f"/case?{urlencode(place)}"


def _who(desk: Desk, row: Row) -> str:
    return desk.who(row["by_name"], row["by_agency"])


def _story(desk: Desk, row: Row) -> tuple[str, str]:
    words = "story.more_told" if row["act"] == "more" else "timeline.received"
    return desk.say(words), _who(desk, row)


def _entry(desk: Desk, row: Row) -> tuple[str, str]:
    form = desk.kept("/entry-forms")["forms"].get(row["kind"], {})
    return str(form.get(desk.lang) or desk.say("choice.gone")), _who(desk, row)


def _plan(desk: Desk, row: Row) -> tuple[str, str]:
    words = desk.say("plan.version", number=row["number"])
    words += f" · {desk.say('approval.approved')}" if row["act"] == "approved" else ""
    return words, _who(desk, row)


def _letter(desk: Desk, row: Row) -> tuple[str, str]:
    act = desk.say(f"trail.act.referral_{row['act']}")
    between = f"{desk.agency(row['by_agency'])} → {desk.agency(row['party'])}"
    return f"{act} · {row[f'words_{desk.lang}']}", between


def _deadline(desk: Desk, row: Row) -> tuple[str, str]:
    state = desk.say(DUE.get(row["act"]) or f"deadline.{row['act']}")
    why = f"“{row['note']}”" if row["note"] else ""
    below = " · ".join(part for part in (state, _who(desk, row), why) if part)
    return str(row[f"words_{desk.lang}"]), below


def _document(desk: Desk, row: Row) -> tuple[str, str]:
    kinds = {k["type_id"]: k for k in desk.kept("/document-types")["items"]}
    titled = {"title": row["words_th"]}
    title = document_marks.title(titled, kinds.get(row["kind"], {"name_th": ""}), desk.lang)
    number = desk.say("documents.version", number=row["number"]) if row["number"] else ""
    party = f"→ {row['party']}" if row["party"] else ""
    below = " · ".join(part for part in (number, _who(desk, row), party) if part)
    act = desk.say(f"custody.{row['act']}")
    return f"{act} · {title}", below


def _conference(desk: Desk, row: Row) -> tuple[str, str]:
    ended = f"outcome.{row['kind']}" if row["act"] == "decided" else "conference.closed"
    below = "" if row["act"] == "meets" else desk.say(ended)
    return desk.say("room.number", number=row["number"]), below


def _approval(desk: Desk, row: Row) -> tuple[str, str]:
    said = desk.say(f"custody.approval_{row['act']}")
    kind = desk.say(f"sign.{row['kind']}")
    return f"{said} · {kind}", _who(desk, row)


WORDS: dict[str, Callable[[Desk, Row], tuple[str, str]]] = {
    "told": _story,
    "entry": _entry,
    "plan": _plan,
    "letter": _letter,
    "deadline": _deadline,
    "document": _document,
    "conference": _conference,
    "approval": _approval,
}
