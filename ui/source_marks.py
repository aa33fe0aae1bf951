"""Pieces of HTML for documents an office added; everything from outside is escaped here."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from ui.calendar import moment
from ui.marks import alert, chip, headline, quiet
from ui.words import say

STATES = {"waiting": "inferred", "accepted": "rule", "rejected": "danger"}
ARRIVED = {
    "queued": "quiet",
    "running": "quiet",
    "done": "rule",
    "known": "inferred",
    "gone": "quiet",
    "refused": "danger",
    "failed": "danger",
}
SHOWN = 8


def source(row: Mapping[str, Any], agency: str, lang: str) -> str:
    """A document: title, id, how far reviewed, whose, from which file, by whom."""
    chips = chip(say(f"review.{row['review']}", lang), STATES[row["review"]])
    chips += chip(say(f"sources.{row['kind']}", lang)) + chip(agency)
    added = say(
        "sources.added",
        lang,
        who=row["added_by"],
        when=moment(row["added_at"], lang),
        file=row["file_name"],
        count=row["passages"],
    )
    return headline(row["title"], row["id"], chips, added) + decided(row, lang)


def decided(row: Mapping[str, Any], lang: str) -> str:
    """Who decided it last, when and why; nothing for one that waits."""
    if not row["reviewed_at"]:
        return ""
    when = moment(row["reviewed_at"], lang)
    words = say(f"sources.{row['review']}_by", lang, who=row["reviewed_by"], when=when)
    return quiet(f"{words}: {row['reason']}" if row["reason"] else words)


def review(row: Mapping[str, Any], lang: str) -> str:
    """An earlier decision in a line."""
    as_last = {"review": row["review"], "reason": row["reason"]}
    return decided(as_last | {"reviewed_by": row["done_by"], "reviewed_at": row["done_at"]}, lang)


def warning(row: Mapping[str, Any], lang: str) -> str:
    """Something to see before it is accepted: what, why it matters, and where."""
    head = say(f"sources.warns.{row['kind']}", lang, count=row["count"])
    about = " · ".join(row["about"][:SHOWN])
    places = ", ".join(f"#{place + 1}" for place in row["passages"][:SHOWN])
    where = say("sources.where", lang, places=places) if places else ""
    return alert(
        head, say(f"sources.why.{row['kind']}", lang), " · ".join(filter(None, (about, where)))
    )


def arrival(row: Mapping[str, Any], agency: str, lang: str) -> str:
    """A file that was sent: its name, what became of it, whose, by whom, and why or what to see."""
    state = _became(row)
    chips = chip(say(f"sources.arrived.{state}", lang), ARRIVED[state]) + chip(agency)
    when = moment(row["ended_at"] or row["sent_at"], lang)
    size = max(0.1, round(row["size_bytes"] / 1_000_000, 1))
    sent = say("sources.sent", lang, who=row["sent_by"] or "", when=when, megabytes=f"{size:g}")
    told = row["refusal"][f"message_{lang}"] if row["refusal"] else _to_see(row, lang)
    return headline(row["file_name"], "", chips, sent) + (quiet(told) if told else "")


def _became(row: Mapping[str, Any]) -> str:
    if row["status"] != "done":
        return str(row["status"])
    if row["review"] is None:
        return "gone"
    return "known" if row["known"] else "done"


def _to_see(row: Mapping[str, Any], lang: str) -> str:
    """What its reviewer will be warned of, in a line."""
    if row["review"] != "waiting":
        return ""
    found = [say(f"sources.warns.{w['kind']}", lang, count=w["count"]) for w in row["warnings"]]
    return " · ".join(found) or say("sources.no_warning", lang)


def passage(row: Mapping[str, Any], lang: str) -> str:
    """A passage as it would be cited, with its place in the document."""
    place = f"#{row['ordinal'] + 1} · {row['context']}"
    if row["page"]:
        place += f" · {say('sources.page', lang, page=row['page'])}"
    return (
        f'<div class="cmis-evidence"><small>{escape(place)}</small><br>{escape(row["text"])}</div>'
    )
