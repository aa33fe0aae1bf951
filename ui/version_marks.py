"""Pieces of HTML for versions and papers; everything from outside is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from ui.marks import chip
from ui.words import say

KINDS = {"added": "rule", "changed": "inferred", "removed": "danger"}


def sheet(paper: Mapping[str, Any]) -> str:
    """A paper for the client as it will be printed."""
    parts = "".join(
        f"<h4>{escape(part['heading'])}</h4>"
        f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in part['lines'])}</ul>"
        for part in paper["parts"]
    )
    return f'<div class="cmis-sheet" lang="th"><h3>{escape(paper["title"])}</h3>{parts}</div>'


def to_print(address: str, words: str) -> str:
    """A link to the printable page in a window of its own."""
    return f'<a class="cmis-way" href="{escape(address)}" target="_blank">{escape(words)}</a>'


def differences(rows: Iterable[Mapping[str, Any]], lang: str) -> str:
    """What changed, in the new version's order; sentences that are the same are left out."""
    told = "".join(_row(row, lang) for row in rows if row["change"] in KINDS)
    return told or f'<div class="cmis-quiet">{escape(say("diff.none", lang))}</div>'


def _row(row: Mapping[str, Any], lang: str) -> str:
    old, new = row["old"], row["new"]
    label = chip(say(f"diff.{row['change']}", lang), KINDS[row["change"]])
    before = f"<del>{escape(_words(old))}</del>" if old else ""
    behind = f"<ins>{escape(_words(new))}</ins>" if new else ""
    return f'<div class="cmis-diff">{label}{before}{behind}</div>'


def _words(side: Mapping[str, Any]) -> str:
    return str(side["edited"] if side["decision"] == "edited" else side["text"])


def proposals(rows: Iterable[Mapping[str, Any]], lang: str) -> str:
    """Sentences that rest on changed law, with what a new draft says in their place."""
    return "".join(
        f'<div class="cmis-diff"><del>{escape(row["text"])}</del>'
        f"<ins>{escape(row['proposed'] or say('law.no_proposal', lang))}</ins></div>"
        for row in rows
    )
