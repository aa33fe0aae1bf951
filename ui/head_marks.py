"""The lines at the head of a case: what is told, its value, and why. All escaped here, once."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

Line = tuple[str, str, str]  # what it is about, the value as HTML already made, why


def lines(rows: Iterable[Line]) -> str:
    """A small table that becomes one column on a phone; a reason stands quietly after its value."""
    told = "".join(
        f"<dt>{escape(about)}</dt><dd>{value}{quiet(why) if why else ''}</dd>"
        for about, value, why in rows
    )
    return f'<dl class="cmis-head">{told}</dl>'


def plain(words: str) -> str:
    """A value in words."""
    return f"<b>{escape(words)}</b>"


def quiet(words: str) -> str:
    """Quiet words: a reason, or what stands in the place of a value that is not there."""
    return f'<span class="cmis-quiet">{escape(words)}</span>'
