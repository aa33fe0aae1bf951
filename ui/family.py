"""The household as a graph in Graphviz's language, and the same in words for who cannot see it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from ui.words import catalogue, say

Person = Mapping[str, Any]
FONT = "IBM Plex Sans Thai Looped"
SHAPES = {
    "client": 'peripheries=2, fillcolor="#e6f1f8"',
    "alleged_perpetrator": 'style="filled,dashed", fillcolor="#fdeaea", color="#a61b1b"',
}
POINT = 1 / 72  # inch
LETTER_PT, LINE_PT, EDGE_PT = 9, 21, 14
LINES = {"yes": "solid", "no": "dashed", "unknown": "dotted"}


def name(person: Person, lang: str) -> str:
    """What somebody is called: their names, else what the story calls them, else words for it."""
    known = person["identity"] or {}
    whole = " ".join(known.get(part) or "" for part in ("title", "given_name", "family_name"))
    nick = ", ".join(known.get("nicknames") or ())
    return whole.strip() or nick or known.get("called") or say("people.unnamed", lang)


def graph(
    people: Sequence[Person], ties: Sequence[Mapping[str, Any]], lang: str, ink: str = "#5c6664"
) -> str:
    """DOT: the frame tells the part, the line whether two share a home; ties in ``ink``."""
    lines = [
        "graph {",
        f'graph [bgcolor="transparent", rankdir=LR, nodesep=0.12, ranksep=0.5, fontname="{FONT}"]',
        f'node [shape=box, fontname="{FONT}", fontsize=15, style=filled, fillcolor="#f1efe8", '
        'fontcolor="#1f2b2a", color="#5c6664", penwidth=1.4, fixedsize=true]',
        f'edge [fontname="{FONT}", fontsize=13, fontcolor="{ink}", color="{ink}"]',
    ]
    for person in people:
        called = name(person, lang)
        played = [say(f"part.{p}", lang) for p in parts(person)]
        label = "\n".join([called, *(part for part in played if part != called)])
        look = next((SHAPES[p] for p in parts(person) if p in SHAPES), "peripheries=1")
        lines.append(f"{_quoted(person['id'])} [label={_quoted(label)}, {_size(label)}, {look}]")
    shown = {p["id"] for p in people}
    for tie in ties:
        if tie["standing"] != "removed" and {tie["person_id"], tie["relative_id"]} <= shown:
            ends = f"{_quoted(tie['person_id'])} -- {_quoted(tie['relative_id'])}"
            style = LINES.get(tie["lives_with"], "dotted")
            lines.append(f"{ends} [label={_quoted(kin(tie, lang))}, style={style}]")
    return "\n".join([*lines, "}"])


def told(people: Sequence[Person], ties: Sequence[Mapping[str, Any]], lang: str) -> str:
    """The ties in words."""
    named = {p["id"]: name(p, lang) for p in people}
    sentences = [
        say("people.tie", lang, one=named[t["person_id"]], kin=kin(t, lang), other=named[other])
        for t in ties
        if t["standing"] != "removed" and t["person_id"] in named
        for other in [t["relative_id"]]
        if other in named
    ]
    return " · ".join(sentences) or ", ".join(named.values())


def kin(tie: Mapping[str, Any], lang: str) -> str:
    """What one is to the other; a word a person wrote stays as it is."""
    key = f"kin.{tie['kinship']}"
    return say(key, lang) if key in catalogue(lang) else str(tie["kinship"])


def parts(person: Person) -> list[str]:
    """The parts somebody plays, those taken away left out."""
    return [r["role"] for r in person["roles"] if r["standing"] != "removed"]


def _size(label: str) -> str:
    """How large a box is: Graphviz counts every vowel above a Thai letter as a letter beside it."""
    lines = label.split("\n")
    widest = max(sum(unicodedata.category(c) != "Mn" for c in line) for line in lines)
    width, height = widest * LETTER_PT + EDGE_PT, len(lines) * LINE_PT + EDGE_PT
    return f"width={width * POINT:.2f}, height={height * POINT:.2f}"


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
