"""Pieces of HTML for the conference room; everything from outside is escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from ui.calendar import moment
from ui.marks import chip, headline
from ui.words import say

VOTES = {"agree": ("✓", "rule"), "disagree": ("✗", "danger"), "abstain": ("–", "quiet")}
STATES = {"open": "inferred", "decided": "rule", "closed": "quiet"}
MARKUP = re.compile(r"([\\`*_\[\]$~:#|<>])")


def plain(text: str) -> str:
    """Words for a label that reads Markdown, so that they stay as they are."""
    return MARKUP.sub(r"\\\1", text)


def line(meeting: Mapping[str, Any], lang: str) -> str:
    """A meeting in a list."""
    chips = chip(say(f"conference.{meeting['status']}", lang), STATES[meeting["status"]])
    if meeting["decision"]:
        chips += chip(say(f"outcome.{meeting['decision']}", lang), "rule")
    title = say("room.number", lang, number=meeting["number"])
    return headline(title, "", chips, moment(meeting["meets_at"], lang))


def head(held: Mapping[str, Any], lang: str) -> str:
    """How the meeting stands, when it meets, and the exact plan it stands on."""
    chips = chip(say(f"conference.{held['status']}", lang), STATES[held["status"]])
    chips += chip(moment(held["meets_at"], lang))
    seal = say("room.bound", lang, hash=(held["version_hash"] or "–")[:12])
    return f'<div>{chips}</div><div class="cmis-quiet">{escape(seal)}</div>'


def thread(posts: Iterable[Mapping[str, Any]], lang: str) -> str:
    """What was said, the oldest first."""
    told = "".join(_post(post, lang) for post in posts)
    return told or f'<div class="cmis-quiet">{escape(say("room.nothing_said", lang))}</div>'


def _post(post: Mapping[str, Any], lang: str) -> str:
    colour = "said" if post["kind"] == "suggestion" else "quiet"
    head = (
        f"<b>{escape(post['written_name'])}</b> {chip(say('post.' + post['kind'], lang), colour)}"
    )
    when = escape(moment(post["written_at"], lang))
    return (
        f'<div class="cmis-post"><div class="cmis-row">{head}'
        f'<span class="cmis-quiet">{when}</span></div><div>{escape(post["text"])}</div></div>'
    )


def votes(cast: Iterable[Mapping[str, Any]], lang: str) -> str:
    """Who voted how; who disagreed, with the reason."""
    return "".join(_vote(vote, lang) for vote in cast)


def _vote(vote: Mapping[str, Any], lang: str) -> str:
    sign, colour = VOTES[vote["vote"]]
    words = chip(f"{sign} {say('vote.' + vote['vote'], lang)}", colour)
    why = f'<div class="cmis-quiet">“{escape(vote["dissent"])}”</div>' if vote["dissent"] else ""
    return f'<div class="cmis-vote">{words}{escape(vote["voter_name"])}{why}</div>'


def outcome(held: Mapping[str, Any], lang: str) -> str:
    """The decision with the hash it binds to."""
    head = say(f"outcome.{held['decision']}", lang)
    return (
        f'<div class="cmis-approved"><b>✓ {escape(head)}</b> '
        f'<span class="cmis-quiet">{escape(moment(held["decided_at"], lang))}</span>'
        f"<div>{escape(held['decision_text'] or '')}</div>"
        f'<div class="cmis-hash">{escape(held["decided_hash"] or "")}</div></div>'
    )


def written(text: str) -> str:
    """Words as somebody wrote them, on paper."""
    return f'<div class="cmis-sheet cmis-written">{escape(text)}</div>'
