"""An entry in full as HTML: what it says, limits, penalty, dates, sources; all escaped here."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from ui import knowledge_marks
from ui.calendar import day
from ui.marks import chip, quiet
from ui.titles import heading
from ui.words import say

PARTS = ("says", "when", "penalty", "immunity")


def entry(told: Mapping[str, Any], lang: str) -> str:
    """Title, how far it was checked and since when it holds, its parts, and where it is from."""
    head = (
        f'<div class="cmis-row"><span>{heading(told, lang)}</span>'
        f"{chip(say('kind.' + told['kind'], lang))}"
        f"{knowledge_marks.confidence(told['confidence'], lang)}</div>"
    )
    return f"{head}{_dates(told, lang)}{_parts(told, lang)}{_sources(told, lang)}"


def _dates(told: Mapping[str, Any], lang: str) -> str:
    since = knowledge_marks.in_force(told, lang) or say("knowledge.entry_undated", lang)
    checked = told.get("reviewed_on")
    when = say("knowledge.entry_reviewed", lang, when=day(checked, lang)) if checked else ""
    ended = say("knowledge.entry_not_in_force", lang) if told.get("in_force") is False else ""
    return quiet(" · ".join(w for w in (ended, since, when, told["id"]) if w))


def _parts(told: Mapping[str, Any], lang: str) -> str:
    parts = {part: told.get(f"{part}_th") for part in PARTS}
    if not parts["says"]:
        return f'<div lang="th" style="white-space:pre-line">{escape(told["text_th"])}</div>'
    limits = " · ".join(_limit(limit) for limit in told.get("time_limits") or ())
    rows = [*parts.items(), ("limits", limits), ("amended", ", ".join(told["amended_by"]))]
    return "".join(
        f"<div><b>{say(f'knowledge.entry_{name}', lang)}</b> "
        f'<span lang="th">{escape(words)}</span></div>'
        for name, words in rows
        if words
    )


def _limit(limit: Mapping[str, Any]) -> str:
    return f"{limit['start_th']}: {limit['th']}"


def _sources(told: Mapping[str, Any], lang: str) -> str:
    named = (_source(source) for source in told["sources"])
    rows = "".join(f"<li>{row}</li>" for row in named)
    return f"{quiet(say('knowledge.entry_sources', lang))}<ul>{rows}</ul>" if rows else ""


def _source(source: Mapping[str, Any]) -> str:
    name = escape(source.get("title_th") or source["ref"])
    url = str(source.get("url") or "")
    if not url.startswith("https://"):
        return name
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{name}</a>'
