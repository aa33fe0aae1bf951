"""The nine steps with the cases at them, and what was recorded at one, as pieces of HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any


def steps(rows: Iterable[Mapping[str, Any]], lang: str) -> str:
    """The nine steps in order, each with how many cases stand there."""
    cells = "".join(_at_step(row, lang) for row in rows)
    return f'<ol class="cmis-steps">{cells}</ol>'


def _at_step(row: Mapping[str, Any], lang: str) -> str:
    cases = sum(row["urgencies"].values())
    kind = "" if cases else ' class="none"'
    name = escape(f"{row['number']}. {row[f'name_{lang}']}")
    return f"<li{kind}><b>{cases}</b><span>{name}</span></li>"


def answers(rows: Iterable[tuple[str, str]]) -> str:
    """Each question of an entry with its answer."""
    lines = "".join(f"<dt>{escape(asked)}</dt><dd>{escape(said)}</dd>" for asked, said in rows)
    return f'<dl class="cmis-answers">{lines}</dl>'


def changes(rows: Iterable[tuple[str, str, str]]) -> str:
    """What a later judgement found otherwise: the field, what it was, what it is."""
    lines = "".join(
        f"<li><b>{escape(field)}</b> <s>{escape(before)}</s> → {escape(after)}</li>"
        for field, before, after in rows
    )
    return f'<ul class="cmis-changes">{lines}</ul>'
