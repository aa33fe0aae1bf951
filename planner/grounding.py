"""Verification, sentence by sentence: what a sentence claims must stand in what it rests on.

Deterministic: quotes are exact words of the narrative; numbers, section numbers and amounts of a
rule stand in the cited passages; every parent chain ends in words or a source. What fails is
mended once where the rule book says how, otherwise flagged; nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel

from intake.schemas import Span
from knowledge_base.library import Library
from knowledge_base.words import repaired
from planner.ledger import in_force
from planner.schemas import Badge, Draft, Flag, Ink, Sentence

QUOTE = re.compile(r"“([^”]*)”")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:/\d+)?")
Part = TypeVar("Part", bound=BaseModel)


class Ground:
    """What sentences of one draft are checked against."""

    def __init__(self, library: Library, narrative: str, draft: Draft) -> None:
        self.library = library
        self.narrative = narrative
        self.as_of = draft.as_of
        self.sentences = {s.id: s for s in draft.sentences()}
        self.hotlines = frozenset(library.hotlines)
        self.dates = _numbers_of_dates(draft)

    def faults(self, sentence: Sentence) -> list[Flag]:
        """Everything wrong with a sentence; empty when it stands."""
        checks: dict[Ink, Callable[[Sentence], Iterable[Flag]]] = {
            Ink.SAID: self._said,
            Ink.RULE: self._rule,
            Ink.INFERRED: self._inferred,
            Ink.FRAME: lambda _: (),
        }
        return [*self._spans(sentence), *checks[sentence.ink](sentence)]

    def _spans(self, sentence: Sentence) -> Iterable[Flag]:
        for span in sentence.spans:
            if self.narrative[span.start : span.end] != span.text:
                yield Flag(code="grounding.span", detail=span.text[:40])

    def _said(self, sentence: Sentence) -> Iterable[Flag]:
        quotes = QUOTE.findall(sentence.text)
        if not sentence.spans or not quotes:
            yield Flag(code="grounding.no_words")
        for quote in quotes:
            if not any(quote in span.text for span in sentence.spans):
                yield Flag(code="grounding.quote", detail=quote[:40])

    def _rule(self, sentence: Sentence) -> Iterable[Flag]:
        entries = [self.library.resolve(c) for c in sentence.citations]
        solid = [e for e in entries if e and e.kind in ("law", "welfare")]
        if not solid or None in entries:
            yield Flag(code="grounding.no_source")
        for entry in solid:
            if not entry.confidence.is_verified or not in_force(entry, self.as_of):
                yield Flag(code="grounding.source_unverified", detail=entry.id)
        yield from self._numbers(sentence)

    def _inferred(self, sentence: Sentence) -> Iterable[Flag]:
        if not self.ends(sentence, frozenset()):
            yield Flag(code="grounding.no_parent")
        quotes = [q for q in QUOTE.findall(sentence.text) if q not in self.narrative]
        if quotes and not self._in_passages(sentence, quotes):
            yield Flag(code="grounding.quote", detail=quotes[0][:40])
        if not sentence.origin:
            yield from self._numbers(sentence)

    def _in_passages(self, sentence: Sentence, quotes: list[str]) -> bool:
        passages = self._passages(sentence)
        return all(repaired(q) in passages for q in quotes) or bool(sentence.origin)

    def _numbers(self, sentence: Sentence) -> Iterable[Flag]:
        ground = set(NUMBER.findall(self._passages(sentence)))
        ground |= set(NUMBER.findall(repaired(" ".join(s.text for s in sentence.spans))))
        for number in NUMBER.findall(repaired(sentence.text)):
            if number not in ground and number not in self.hotlines and number not in self.dates:
                yield Flag(code="grounding.number", detail=number)

    def _passages(self, sentence: Sentence) -> str:
        entries = [self.library.resolve(c) for c in sentence.citations]
        parts = [f"{e.id} {e.context_th} {e.title_th} {e.text_th}" for e in entries if e]
        return repaired("\n".join(parts))

    def ends(self, sentence: Sentence, seen: frozenset[str]) -> bool:
        """Whether the chain of parents ends in words of the narrative or in a source."""
        if sentence.spans or any(self.library.resolve(c) for c in sentence.citations):
            return True
        parents = [self.sentences[p] for p in sentence.parents if p in self.sentences]
        return any(self.ends(p, seen | {sentence.id}) for p in parents if p.id not in seen)


def verify(draft: Draft, library: Library, narrative: str) -> Draft:
    """The draft with every fault mended where the rule book says how, else flagged."""
    ground = Ground(library, narrative, draft)

    def checked(sentence: Sentence) -> Sentence:
        faults = ground.faults(sentence)
        if faults and _mendable(sentence):
            sentence = mended(sentence)
            faults = ground.faults(sentence)
        return sentence.model_copy(update={"flags": tuple(faults)})

    return rewritten(draft, checked)


def mended(sentence: Sentence) -> Sentence:
    """A rule whose passage does not say all of it becomes an inference to be checked."""
    parents = [f"span:{s.start}-{s.end}" for s in sentence.spans]
    parents += [f"cite:{c}" for c in sentence.citations]
    return sentence.model_copy(
        update={
            "ink": Ink.INFERRED,
            "badge": Badge.TO_BE_CHECKED,
            "parents": tuple(parents),
            "flags": (),
        }
    )


def uncited(draft: Draft, library: Library) -> list[str]:
    """Ids of claims with neither words nor source nor a chain that ends in one."""
    ground = Ground(library, "", draft)
    return [
        s.id
        for s in draft.sentences()
        if s.ink is not Ink.FRAME and not ground.ends(s, frozenset())
    ]


def rewritten(part: Part, change: Callable[[Sentence], Sentence]) -> Part:
    """The same part with every sentence in it changed."""
    return part.model_copy(
        update={name: _rewritten(getattr(part, name), change) for name in type(part).model_fields}
    )


def _rewritten(value: Any, change: Callable[[Sentence], Sentence]) -> Any:
    if isinstance(value, Sentence):
        return change(value)
    if isinstance(value, Span):
        return value
    if isinstance(value, BaseModel):
        return rewritten(value, change)
    if isinstance(value, tuple):
        return tuple(_rewritten(item, change) for item in value)
    return value


def _mendable(sentence: Sentence) -> bool:
    """Only the library's own rules are mended; a model's words are flagged as they are."""
    return sentence.ink is Ink.RULE and bool(sentence.origin) and not _by_model(sentence)


def _by_model(sentence: Sentence) -> bool:
    return sentence.origin.startswith("chat:")


def _numbers_of_dates(draft: Draft) -> frozenset[str]:
    days = {draft.as_of}
    days |= {a.due.date() for p in draft.plan.problems for g in p.goals for a in g.actions if a.due}
    days |= {g.review_on for p in draft.plan.problems for g in p.goals if g.review_on}
    return frozenset(n for d in days for n in _date_numbers(d))


def _date_numbers(day: date) -> tuple[str, ...]:
    return (str(day.day), str(day.year + 543))
