"""Pieces of HTML for documents an office added; everything from outside is escaped here."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from ui.calendar import moment
from ui.marks import alert, chip, headline, quiet
from ui.words import say

STATES = {"waiting": "inferred", "accepted": "rule", "rejected": "danger"}
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


def passage(row: Mapping[str, Any], lang: str) -> str:
    """A passage as it would be cited, with its place in the document."""
    place = f"#{row['ordinal'] + 1} · {row['context']}"
    if row["page"]:
        place += f" · {say('sources.page', lang, page=row['page'])}"
    return (
        f'<div class="cmis-evidence"><small>{escape(place)}</small><br>{escape(row["text"])}</div>'
    )
