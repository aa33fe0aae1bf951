"""Pieces of HTML for people: parts and ties with their words, and two texts side by side.

Everything from outside is escaped here, once; pages never build HTML themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from ui.marks import chip
from ui.words import say

BLAMED = "alleged_perpetrator"
Row = tuple[str, str, str]  # what it is about, theirs, yours


def quoted(text: str | None, spans: Iterable[Sequence[int]]) -> list[str]:
    """The story's words at ``spans``, each once; none where the story is not shown."""
    found = [text[s[0] : s[1]].strip() for s in spans if 0 <= s[0] < s[1]] if text else []
    return list(dict.fromkeys(words for words in found if words))


def part_chip(part: Mapping[str, Any], lang: str) -> str:
    """A part somebody plays; one that the machine proposes says so."""
    proposed = part["standing"] == "proposed"
    words = say(f"part.{part['role']}", lang)
    if proposed:
        words += f" · {say('fact.proposed', lang)}"
    kind = "danger" if part["role"] == BLAMED else "inferred" if proposed else "quiet"
    return chip(words, kind)


def line(chips: str, words: Iterable[str], sentence: str = "") -> str:
    """A sentence, chips already rendered, and the story's words beneath."""
    told = " · ".join(f"<q>{escape(w)}</q>" for w in words)
    below = f'<div class="cmis-evidence">{told}</div>' if told else ""
    first = f"<span>{escape(sentence)}</span> " if sentence else ""
    return f"<div>{first}{chips}</div>{below}"


def both(rows: Iterable[Row], lang: str) -> str:
    """What somebody else wrote beside what was to be written."""
    told = "".join(
        f'<div class="cmis-diff"><b>{escape(about)}</b>'
        f"<div>{escape(say('clash.theirs', lang))}: {escape(theirs)}</div>"
        f"<div>{escape(say('clash.yours', lang))}: {escape(yours)}</div></div>"
        for about, theirs, yours in rows
    )
    return f'<div class="cmis-clash">{told}</div>'
