"""Pieces of HTML about the knowledge's own state; everything from outside is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from ui.calendar import day
from ui.marks import chip, headline
from ui.titles import original, title
from ui.words import say

SURE = ("statute", "verified")
ENDS = {"in_force": "effective_from", "ended": "effective_to"}


def checked(hit: Mapping[str, Any], lang: str) -> str:
    """How far an entry was checked, and since and until when it holds; nothing for a document."""
    sure = hit.get("confidence")
    chips = confidence(sure, lang) if sure else ""
    dates = in_force(hit, lang)
    return f'<div>{chips}<span class="cmis-quiet">{escape(dates)}</span></div>'


def confidence(sure: str, lang: str) -> str:
    """The badge: what nobody verified stands out by shape and colour."""
    verified = sure in SURE
    sign = "✓" if verified else "⚠"
    words = f"{sign} {say(f'confidence.{sure}', lang)}"
    return chip(words, "rule" if verified else "inferred")


def in_force(entry: Mapping[str, Any], lang: str) -> str:
    """The dates in force in words; empty when none are known."""
    told = [
        say(f"knowledge.{key}", lang, when=day(entry[name], lang))
        for key, name in (("since", "effective_from"), ("until", "effective_to"))
        if entry.get(name)
    ]
    return " · ".join(told)


def dated(entries: Iterable[Mapping[str, Any]], which: str, lang: str) -> str:
    """Entries by the day they came into force or end."""
    rows = "".join(
        f'<li><span class="cmis-day">{escape(day(e[ENDS[which]], lang))}</span>'
        f"<span>{escape(title(e, lang))}{original(e, lang)} "
        f"{confidence(e['confidence'], lang)}</span></li>"
        for e in entries
    )
    return _listed(rows, lang)


def added(sources: Iterable[Mapping[str, Any]], lang: str) -> str:
    """Documents that offices added."""
    rows = "".join(
        f'<li><span class="cmis-day">{escape(day(s["added_at"], lang))}</span>'
        f"<span>{escape(s['title'])} {_reviewed(s['review'], lang)}</span></li>"
        for s in sources
    )
    return _listed(rows, lang)


def _reviewed(review: str, lang: str) -> str:
    return chip(say(f"review.{review}", lang), "rule" if review == "accepted" else "inferred")


def _listed(rows: str, lang: str) -> str:
    none = f'<div class="cmis-quiet">{escape(say("knowledge.none", lang))}</div>'
    return f'<ul class="cmis-dated">{rows}</ul>' if rows else none


def plan(affected: Mapping[str, Any], lang: str) -> str:
    """An open plan and what it cites that changed."""
    cited = " · ".join(
        f"{title(c, lang)} ({say('change.' + c['change'], lang)})" for c in affected["citations"]
    )
    state = "knowledge.approved" if affected["approved"] else "knowledge.not_approved"
    chips = chip(say(state, lang), "danger" if affected["approved"] else "quiet")
    number = say("plan.version", lang, number=affected["version"])
    return headline(affected["case_number"], number, chips, cited)
