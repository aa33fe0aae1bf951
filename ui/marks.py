"""Small pieces of HTML the pages share: marked narratives, inks, chips and evidence.

Everything from outside is escaped here, once; pages never build HTML themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from ui.calendar import day
from ui.titles import heading
from ui.words import say

INK_SIGNS = {"said": "❝", "rule": "§", "inferred": "∴", "frame": "·"}


def story(
    text: str, marks: Iterable[Mapping[str, Any]], start: int = 0, end: int | None = None
) -> str:
    """The narrative, or its part from ``start`` to ``end``, with its trigger words marked.

    ``marks`` are ``{start, end, label, flag, doubt}``; where two overlap the words are marked
    once and carry both labels.
    """
    last = len(text) if end is None else end
    marks = [m for m in marks if 0 <= m["start"] < m["end"] <= len(text)]
    within = (place for m in marks for place in (m["start"], m["end"]) if start < place < last)
    edges = sorted({start, last, *within})
    pieces = [_piece(text, a, b, marks) for a, b in pairwise(edges)]
    return f'<div class="cmis-story" lang="th">{"".join(pieces)}</div>'


def _piece(text: str, start: int, end: int, marks: list[Mapping[str, Any]]) -> str:
    words = escape(text[start:end])
    over = [m for m in marks if m["start"] <= start and end <= m["end"]]
    if not over:
        return words
    kind = next((k for k in ("flag", "doubt") if any(m.get(k) for m in over)), "")
    style = f' class="{kind}"' if kind else ""
    ending = dict.fromkeys(m["label"] for m in over if m["end"] == end)
    labels = f"<sup>{escape(' '.join(ending))}</sup>" if ending else ""
    return f"<mark{style}>{words}{labels}</mark>"


def player(recording_id: str, start: float = 0.0) -> str:
    """A player of a kept recording, standing at ``start`` seconds."""
    source = f"/api/v1/audio/{escape(recording_id)}/sound#t={start:.1f}"
    return f'<audio class="cmis-player" controls preload="metadata" src="{source}"></audio>'


def recording(name: str, seconds: float | None) -> str:
    """What a recording is called and, where its file says, how long it is."""
    length = chip(clock(seconds)) if seconds else ""
    return f'<div class="cmis-row"><b>{escape(name)}</b>{length}</div>'


def clock(seconds: float) -> str:
    """A place in a recording: minutes and seconds, from the first hour on with hours."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"


def joined(places: Iterable[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Places of ``text`` in order, neighbours with nothing but spaces between them as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if found and not text[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def capital(words: str) -> str:
    """Words that begin a line; Thai has no capitals and stays as it is."""
    return words[:1].upper() + words[1:]


def chip(words: str, kind: str = "quiet") -> str:
    """A small rounded label: ``danger``, ``said``, ``rule``, ``inferred`` or ``quiet``."""
    return f'<span class="cmis-chip {kind}">{escape(words)}</span>'


def quiet(words: str) -> str:
    """A quiet line."""
    return f'<div class="cmis-quiet">{escape(words)}</div>'


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
    about = " · ".join(part for part in (kind, sure, _in_force(citation, lang)) if part)
    return (
        f"{heading(citation, lang)}<br>"
        f"<mark>{escape(citation['passage'])}</mark>{ours}<br>"
        f"<small>{escape(about)} · {escape(citation['id'])}</small>"
    )


def _in_force(citation: Mapping[str, Any], lang: str) -> str:
    """Since when, and until when, a cited passage is in force; nothing where nobody knows."""
    since, until = citation.get("effective_from"), citation.get("effective_to")
    told = [say("evidence.in_force", lang, when=day(since, lang))] if since else []
    told += [say("evidence.until", lang, when=day(until, lang))] if until else []
    return " ".join(told)


def alert(head: str, body: str, after: str = "", badge: str = "", *, doubted: bool = False) -> str:
    """A danger box: bold head, a chip already rendered, what to do, quiet words after."""
    tail = f'<div class="cmis-quiet">{escape(after)}</div>' if after else ""
    first = f"<b>{escape(head)}</b> {badge}".strip()
    kind = "cmis-alert doubted" if doubted else "cmis-alert"
    return f'<div class="{kind}">{first}<br>{escape(body)}{tail}</div>'


def alert_line(head: str, after: str, badge: str = "") -> str:
    """One danger in a line: bold head, a chip already rendered, quiet words after."""
    return f'<b>{escape(head)}</b> {badge}<span class="cmis-quiet">{escape(after)}</span>'


def alert_lines(lines: Sequence[str]) -> str:
    """One danger box around lines of `alert_line`."""
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f'<ul class="cmis-alert">{items}</ul>'


def headline(title: str, number: str, chips: str, below: str) -> str:
    """A case in a list: bold title, number, chips already rendered, a quiet line."""
    return (
        f'<div class="cmis-row"><b>{escape(title)}</b>'
        f'<span class="cmis-quiet">{escape(number)}</span></div>'
        f'<div>{chips}</div><div class="cmis-quiet">{escape(below)}</div>'
    )


def told(words: str, chips: str, when: str) -> str:
    """A notice on one line: chips already rendered, its words, a quiet moment."""
    return (
        f'<div class="cmis-row"><span>{chips}{escape(words)}</span>'
        f'<span class="cmis-quiet">{escape(when)}</span></div>'
    )


def code_line(
    problem: Mapping[str, Any], decision: str | None, lang: str, label: str | None = None
) -> str:
    """One problem code: label (the recorded one by default), score, role and its words."""
    state = chip(say(f"code.{decision}", lang), "rule" if decision != "removed" else "quiet")
    words = " · ".join(f"<q>{escape(s['text'])}</q>" for s in problem["spans"])
    role = chip(say(f"role.{problem['role']}", lang))
    score = say("code.score", lang, percent=round(problem["score"] * 100))
    return (
        f"<div><b>{escape(problem['code'])}</b> {escape(label or problem['label_th'])}</div>"
        f"<div>{role}{chip(score)}{state if decision else ''}</div>"
        f'<div class="cmis-evidence">{words}</div>'
    )


def approved(words: str, content_hash: str) -> str:
    """The seal of an approved version: who, when, and the hash it binds to."""
    return (
        f'<div class="cmis-approved"><b>✓ {escape(words)}</b>'
        f'<div class="cmis-hash">{escape(content_hash)}</div></div>'
    )


def ready(parts: Iterable[str]) -> str:
    """What of a draft is ready while the rest is written."""
    lines = [line for part in parts for line in part.splitlines() if line.strip()]
    return f'<div class="cmis-ready" lang="th">{"<br>".join(map(escape, lines))}</div>'


def listing(sentences: Iterable[str]) -> str:
    """A plain list."""
    return f"<ul>{''.join(f'<li>{escape(s)}</li>' for s in sentences)}</ul>"


def hit(found: Mapping[str, Any], lang: str) -> str:
    """One search result: title, kind, words, source, and how far an added document is reviewed."""
    review = found.get("review")
    state = chip(say(f"review.{review}", lang), "quiet") if review else ""
    law = chip(say("evidence.official", lang), "rule") if found.get("official") else ""
    return (
        f'<div class="cmis-row"><span>{heading(found, lang)}</span>'
        f"{chip(say('kind.' + found['kind'], lang))}{law}{state}</div>"
        f"<div>{escape(found['text'])}</div>"
        f'<div class="cmis-quiet">{escape(found["id"])} · {escape(found["source"])}</div>'
    )


def pair(name: str, value: str) -> str:
    """A name and its value on one line."""
    return f'<div><span class="cmis-quiet">{escape(name)}</span><br>{escape(value)}</div>'
