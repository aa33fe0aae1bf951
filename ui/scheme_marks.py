"""Pieces of HTML for schemes; everything from outside is escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from ui.calendar import day
from ui.marks import chip, quiet
from ui.titles import heading
from ui.words import say

SURE = re.compile(r"\s*\[([VGP][^\]]*)\]")
LESS_SURE = {"P": "confidence.proposal", "G": "confidence.general"}


def scheme(
    screened: Mapping[str, Any], full: Mapping[str, Any], missing: Iterable[str], lang: str
) -> str:
    """One scheme: name, amounts, what to do first, what is missing or failed, how to appeal.

    ``full``: the scheme as ``GET /schemes`` tells it: where to apply, with what, whom to call.
    """
    amounts = [*_in(screened, "amounts", lang)] or [_in(screened, "benefit", lang)]
    lines = {
        "scheme.to_do_first": _in(screened, "to_do_first", lang),
        "scheme.missing": [*missing],
        "scheme.failed": _in(screened, "failed", lang),
        "scheme.appeal": [_in(screened, "appeal", lang)] if screened["failed"] else [],
        "scheme.with_others": _in(screened, "with_others", lang),
    }
    told = "".join(
        f"<div><b>{say(key, lang)}</b> {escape(spelt_out(' · '.join(words), lang))}</div>"
        for key, words in lines.items()
        if any(words)
    )
    sure = chip(say(f"confidence.{screened['confidence']}", lang))
    from_where = say("scheme.source", lang, ids=screened["source"])
    return (
        f'<div class="cmis-row"><span>{heading(screened, lang)}</span>{sure}</div>'
        f"<div>{escape(spelt_out(' · '.join(a for a in amounts if a), lang))}</div>{told}"
        f"{how_to_apply(full, lang)}"
        f'<div class="cmis-quiet">{escape(from_where)}</div>'
    )


def how_to_apply(full: Mapping[str, Any], lang: str) -> str:
    """Where to apply, what to bring, whom to call, and when it was last checked; closed at first.

    The words are the office's Thai ones in both languages: they are what the counter knows.
    """
    checked = full.get("reviewed_on")
    lines = {
        "scheme.agency": full.get("agency_th"),
        "scheme.apply": full.get("apply_th"),
        "scheme.documents": " · ".join(full.get("documents_th") or ()),
        "scheme.hotlines": " · ".join(full.get("hotlines") or ()),
    }
    rows = "".join(
        f"<div><b>{say(key, lang)}</b> "
        f'<span lang="th">{escape(spelt_out(words, "th"))}</span></div>'
        for key, words in lines.items()
        if words
    )
    when = quiet(say("scheme.checked", lang, when=day(checked, lang))) if checked else ""
    opened = f"<summary>{say('scheme.how', lang)}</summary>{rows}{when}"
    return f"<details>{opened}</details>" if rows else when


def spelt_out(words: str, lang: str) -> str:
    """Marks of evidence inside a sentence in words: what is verified needs none."""

    def in_words(mark: re.Match[str]) -> str:
        sure = next((key for letter, key in LESS_SURE.items() if letter in mark[1]), None)
        return f" ({say(sure, lang)})" if sure else ""

    return SURE.sub(in_words, words)


def _in(told: Mapping[str, Any], field: str, lang: str) -> Any:
    """A field in ``lang``; the Thai one where it is said in no other."""
    english = told.get(f"{field}_en") if lang == "en" else None
    return english or told.get(f"{field}_th", told.get(field))
