"""Writes sentences with their ground: ids in order, citations collected, inks by the rule book.

| library says                          | ink                                                  |
| ------------------------------------- | ---------------------------------------------------- |
| rule, V, every cited source verified  | rule                                                 |
| rule otherwise                        | inferred from coded words and source, to be checked  |
| practice V / G / P                    | inferred, badge practice (V) or proposal (G, P)      |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from intake.schemas import Span
from knowledge_base.entries import Entry
from knowledge_base.interventions import Action
from knowledge_base.laws import LawEntry
from knowledge_base.library import Library
from knowledge_base.official import OfficialText
from planner.schemas import Badge, Citation, Ink, Sentence

LAW_OR_SCHEME = ("law", "welfare")
Official = Callable[[Entry], OfficialText | None]


class Ledger:
    """The sentences and citations of one draft in the making."""

    def __init__(self, library: Library, as_of: date, official: Official | None = None) -> None:
        self.library = library
        self._official = official
        self.as_of = as_of
        self._count = 0
        self._citations: dict[str, Citation] = {}

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every passage cited so far."""
        return tuple(self._citations.values())

    def said(self, text: str, spans: Sequence[Span], origin: str = "") -> Sentence:
        """A sentence of the narrative's own words."""
        return self._sentence(text, Ink.SAID, spans=spans, origin=origin)

    def frame(self, text: str, citations: Iterable[str] = (), origin: str = "") -> Sentence:
        """Form text, a heading or a question: no claim."""
        return self._sentence(text, Ink.FRAME, citations=self.cite(citations), origin=origin)

    def rule(self, text: str, citations: Iterable[str], origin: str = "") -> Sentence:
        """What a verified section or scheme says."""
        return self._sentence(text, Ink.RULE, citations=self.cite(citations), origin=origin)

    def inferred(
        self,
        text: str,
        *,
        spans: Sequence[Span] = (),
        citations: Iterable[str] = (),
        parents: Sequence[str] = (),
        badge: Badge | None = None,
        origin: str = "",
    ) -> Sentence:
        """A conclusion from words, sources or other sentences."""
        return self._sentence(
            text,
            Ink.INFERRED,
            spans=spans,
            citations=self.cite(citations),
            parents=parents,
            badge=badge,
            origin=origin,
        )

    def action(self, action: Action, text: str, spans: Sequence[Span]) -> Sentence:
        """An action of the library in the ink its ground allows."""
        if action.ink == "rule" and action.confidence == "V" and self.is_verified(action.cites):
            return self.rule(text, action.cites, action.id)
        badge = Badge.TO_BE_CHECKED if action.ink == "rule" else practice_badge(action.confidence)
        return self.inferred(
            text, spans=spans, citations=action.cites, badge=badge, origin=action.id
        )

    def is_verified(self, cites: Iterable[str]) -> bool:
        """Whether laws and schemes are cited, all verified and in force."""
        entries = [e for e in map(self.library.resolve, cites) if e and e.kind in LAW_OR_SCHEME]
        return bool(entries) and all(
            e.confidence.is_verified and in_force(e, self.as_of) for e in entries
        )

    def cite(self, references: Iterable[str]) -> tuple[str, ...]:
        """Remember the passages behind references that resolve; ids as the entries have them."""
        found = []
        for reference in references:
            entry = self.library.resolve(reference)
            if entry:
                if entry.id not in self._citations:
                    text = self._official(entry) if self._official else None
                    self._citations[entry.id] = citation(entry, text)
                found.append(entry.id)
        return tuple(dict.fromkeys(found))

    def _sentence(
        self,
        text: str,
        ink: Ink,
        *,
        spans: Sequence[Span] = (),
        citations: Sequence[str] = (),
        parents: Sequence[str] = (),
        badge: Badge | None = None,
        origin: str = "",
    ) -> Sentence:
        self._count += 1
        ground = [f"span:{s.start}-{s.end}" for s in spans] + [f"cite:{c}" for c in citations]
        return Sentence(
            id=f"s{self._count}",
            text=text,
            ink=ink,
            parents=(*parents, *ground) if ink is Ink.INFERRED else (),
            citations=tuple(citations),
            spans=tuple(spans),
            badge=badge,
            origin=origin,
        )


def practice_badge(confidence: str) -> Badge:
    """Practice for verified practice, proposal for the rest."""
    return Badge.PRACTICE if confidence == "V" else Badge.PROPOSAL


def citation(entry: Entry, official: OfficialText | None = None) -> Citation:
    """An entry as a cited passage: the law's own text where it is in, else our summary."""
    return Citation(
        id=entry.id,
        kind=entry.kind.value,
        title_th=entry.context_th.split(" › ")[0] + " " + entry.title_th
        if entry.kind == "law"
        else entry.title_th,
        passage=official.passage if official else entry.text_th,
        official=official is not None,
        summary=entry.text_th if official else "",
        as_enacted=official is not None and official.as_enacted,
        confidence=entry.confidence.value,
        source=", ".join(s.ref for s in entry.sources[:4]),
        effective_from=entry.effective_from,
        effective_to=entry.effective_to,
        entry_hash=entry.content_hash,
    )


def in_force(entry: Entry, as_of: date) -> bool:
    """Whether the entry holds on a day."""
    if isinstance(entry, LawEntry) and not entry.in_force:
        return False
    return entry.holds(as_of)
