"""Pieces of HTML around the pages: the way out, what is kept, a line of happenings. All escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

Row = tuple[str, str, str, str, str]


def leave(words: str, keys: str) -> str:
    """The quick way out, always in reach."""
    return (
        f'<a class="cmis-leave" href="/away" target="_self" rel="noreferrer" '
        f'title="{escape(keys)}">✕ {escape(words)}</a>'
    )


def kept(words: str, fields: str) -> str:
    """Where the script says how far what is written is kept; ``fields`` are those it watches."""
    watched = escape(fields, quote=True)
    return (
        f'<div class="cmis-kept cmis-quiet" role="status" data-keeps="{watched}">'
        f"{escape(words)}</div>"
    )


def timeline(rows: Iterable[Row]) -> str:
    """Happenings on one line: when, kind (an ink, ``danger`` or ``quiet``), words, who, where."""
    items = "".join(_happening(*row) for row in rows)
    return f'<ol class="cmis-timeline">{items}</ol>'


def _happening(when: str, kind: str, words: str, below: str, way: str) -> str:
    told = escape(words)
    if way:
        told = f'<a href="{escape(way, quote=True)}" target="_self">{told}</a>'
    return (
        f'<li class="{escape(kind)}"><time>{escape(when)}</time><span>{told}'
        f"<small>{escape(below)}</small></span></li>"
    )


def way_in(words: str, to: str) -> str:
    """A link to the sign-in page in the same window, which leads back to the address ``to``."""
    where = f"/login?to={quote(to, safe='')}" if to else "/login"
    return f'<a class="cmis-way" href="{where}" target="_self">{escape(words)}</a>'


def way_to(address: str, words: str) -> str:
    """A link to an address of ours, in a window of its own."""
    where = escape(address, quote=True)
    return f'<a class="cmis-way" href="{where}" target="_blank">{escape(words)}</a>'
