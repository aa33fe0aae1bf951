"""Small pieces of HTML the pages share: marked narratives, inks, chips and evidence.

Everything from outside is escaped here, once; pages never build HTML themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from itertools import pairwise
from typing import Any

from ui.words import say

INK_SIGNS = {"said": "❝", "rule": "§", "inferred": "∴", "frame": "·"}


def story(text: str, marks: Iterable[Mapping[str, Any]]) -> str:
    """The narrative with its trigger words marked.

    ``marks`` are ``{start, end, label, flag}``; where two overlap the words are marked
    once and carry both labels.
    """
    marks = [m for m in marks if 0 <= m["start"] < m["end"] <= len(text)]
    edges = sorted({0, len(text), *(m["start"] for m in marks), *(m["end"] for m in marks)})
    pieces = [_piece(text, start, end, marks) for start, end in pairwise(edges)]
    return f'<div class="cmis-story" lang="th">{"".join(pieces)}</div>'


def _piece(text: str, start: int, end: int, marks: list[Mapping[str, Any]]) -> str:
    words = escape(text[start:end])
    over = [m for m in marks if m["start"] <= start and end <= m["end"]]
    if not over:
        return words
    style = ' class="flag"' if any(m.get("flag") for m in over) else ""
    ending = dict.fromkeys(m["label"] for m in over if m["end"] == end)
    labels = f"<sup>{escape(' '.join(ending))}</sup>" if ending else ""
    return f"<mark{style}>{words}{labels}</mark>"


def chip(words: str, kind: str = "quiet") -> str:
    """A small rounded label: ``danger``, ``said``, ``rule``, ``inferred`` or ``quiet``."""
    return f'<span class="cmis-chip {kind}">{escape(words)}</span>'


def ink_chip(ink: str, badge: str | None, lang: str) -> str:
    """The ink of a sentence by sign, word and shape, with its badge; nothing for a frame."""
    if ink == "frame":
        return ""
    label = f"{INK_SIGNS[ink]} {say(f'ink.{ink}', lang)}"
    if badge:
        label += f" · {say(f'badge.{badge}', lang)}"
    return chip(label, ink)


def item(
    sentence: Mapping[str, Any],
    lang: str,
    *,
    decision: Mapping[str, Any] | None = None,
    meta: str = "",
    reasons: Iterable[str] = (),
) -> str:
    """One sentence with its ink, its decision and a quiet line beneath."""
    state = (decision or {}).get("decision", "")
    words = (decision or {}).get("text") if state == "edited" else sentence["text"]
    classes = ["cmis-item", sentence["ink"]]
    classes += ["flagged"] if sentence.get("flags") and not state else []
    classes += ["struck"] if state == "struck" else []
    chips = ink_chip(sentence["ink"], sentence.get("badge"), lang) + _decision_chip(state, lang)
    why = "".join(f'<div class="meta">⚠ {escape(r)}</div>' for r in reasons)
    below = f'<div class="meta">{escape(meta)}</div>' if meta else ""
    body = f'<span class="words">{escape(str(words))}</span><div>{chips}</div>{below}{why}'
    return f'<div class="{" ".join(classes)}" data-sentence="{escape(sentence["id"])}">{body}</div>'


def _decision_chip(state: str, lang: str) -> str:
    if not state:
        return ""
    return chip(f"{DECISION_SIGNS[state]} {say(f'decision.{state}', lang)}")


DECISION_SIGNS = {"accepted": "✓", "edited": "✎", "struck": "✗"}


def evidence(
    sentence: Mapping[str, Any], citations: Mapping[str, Mapping[str, Any]], lang: str
) -> str:
    """What stands behind a sentence: the narrative's words and the cited passages."""
    quotes = [f"<q>{escape(span['text'])}</q>" for span in sentence.get("spans", ())]
    told = f"<b>{say('evidence.told', lang)}</b> {' … '.join(quotes)}" if quotes else ""
    cited = [_passage(citations[c], lang) for c in sentence.get("citations", ()) if c in citations]
    parts = [p for p in (told, *cited) if p]
    return "".join(f'<div class="cmis-evidence">{p}</div>' for p in parts)


def _passage(citation: Mapping[str, Any], lang: str) -> str:
    kind = say("evidence.official" if citation.get("official") else "evidence.summary", lang)
    if citation.get("as_enacted"):
        kind += " · " + say("evidence.as_enacted", lang)
    ours = citation.get("summary")
    ours = f"<br>{escape(say('evidence.summary', lang))}: {escape(ours)}" if ours else ""
    sure = say(f"confidence.{citation['confidence']}", lang)
    return (
        f"<b>{escape(citation['title_th'])}</b><br>{escape(citation['passage'])}{ours}<br>"
        f"<small>{escape(citation['id'])} · {kind} · {sure}</small>"
    )


def alert(head: str, body: str, after: str = "") -> str:
    """A danger box: bold head, what to do, quiet words after."""
    tail = f'<div class="cmis-quiet">{escape(after)}</div>' if after else ""
    return f'<div class="cmis-alert"><b>{escape(head)}</b><br>{escape(body)}{tail}</div>'


def headline(title: str, number: str, chips: str, below: str) -> str:
    """A case in a list: bold title, number, chips already rendered, a quiet line."""
    return (
        f'<div class="cmis-row"><b>{escape(title)}</b>'
        f'<span class="cmis-quiet">{escape(number)}</span></div>'
        f'<div>{chips}</div><div class="cmis-quiet">{escape(below)}</div>'
    )


def code_line(problem: Mapping[str, Any], decision: str | None, lang: str) -> str:
    """One problem code: label, score, role and the words that triggered it."""
    state = chip(say(f"code.{decision}", lang), "rule" if decision != "removed" else "quiet")
    words = " · ".join(f"<q>{escape(s['text'])}</q>" for s in problem["spans"])
    role = chip(say(f"role.{problem['role']}", lang))
    score = say("code.score", lang, percent=round(problem["score"] * 100))
    return (
        f"<div><b>{escape(problem['code'])}</b> {escape(problem['label_th'])}</div>"
        f"<div>{role}{chip(score)}{state if decision else ''}</div>"
        f'<div class="cmis-evidence">{words}</div>'
    )


def approved(words: str, content_hash: str) -> str:
    """The seal of an approved version: who, when, and the hash it binds to."""
    return (
        f'<div class="cmis-approved"><b>✓ {escape(words)}</b>'
        f'<div class="cmis-hash">{escape(content_hash)}</div></div>'
    )


def listing(sentences: Iterable[str]) -> str:
    """A plain list."""
    return f"<ul>{''.join(f'<li>{escape(s)}</li>' for s in sentences)}</ul>"


def hit(found: Mapping[str, Any], lang: str) -> str:
    """One search result: title, kind, words, source, and how far an added document is reviewed."""
    review = found.get("review")
    state = chip(say(f"review.{review}", lang), "quiet") if review else ""
    law = chip(say("evidence.official", lang), "rule") if found.get("official") else ""
    return (
        f'<div class="cmis-row"><b>{escape(found["title"])}</b>'
        f"{chip(say('kind.' + found['kind'], lang))}{law}{state}</div>"
        f"<div>{escape(found['text'])}</div>"
        f'<div class="cmis-quiet">{escape(found["id"])} · {escape(found["source"])}</div>'
    )


def way_in(words: str) -> str:
    """A link to the sign-in page in the same window."""
    return f'<a class="cmis-way" href="/login" target="_self">{escape(words)}</a>'
