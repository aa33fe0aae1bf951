"""Verification, sentence by sentence: what a sentence claims must stand in what it rests on.

Deterministic. Quotes are exact words of the narrative; numbers, sections, amounts and hotlines
stand in the cited passages, the narrative's words, or (for an inference of the library) in the
library item it was written from; every parent chain ends in words or a source. A rule of the
library whose passage does not say all of it becomes an inference to be checked, as the rule book
has it; anything else that fails is flagged. Nothing is dropped, nothing is forced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel

from intake.schemas import Span
from knowledge_base.entries import Entry
from knowledge_base.laws import LawEntry
from knowledge_base.library import Library
from knowledge_base.words import repaired
from planner import claims
from planner.ledger import LAW_OR_SCHEME, in_force
from planner.model_checks import model_faults
from planner.origins import MODEL, is_library, library_action, library_words
from planner.periods import HORIZON, after
from planner.schemas import Badge, Citation, Draft, Flag, Ink, Sentence
from planner.wording import pattern
from runtime.thai_dates import show_date

SHOWN = 40
NAME_LENGTH = 10
Part = TypeVar("Part", bound=BaseModel)


class Ground:
    """What sentences of one draft are checked against."""

    def __init__(self, library: Library, narrative: str, draft: Draft) -> None:
        self.library = library
        self.narrative = narrative
        self.draft = draft
        self.as_of = draft.as_of
        self.sentences = {s.id: s for s in draft.sentences()}

    def faults(self, sentence: Sentence) -> list[Flag]:
        """Everything wrong with a sentence; empty when it stands."""
        checks: dict[Ink, Callable[[Sentence], Iterable[Flag]]] = {
            Ink.SAID: self._said,
            Ink.RULE: self._rule,
            Ink.INFERRED: self._inferred,
            Ink.FRAME: self._frame,
        }
        found = [*self._spans(sentence), *checks[sentence.ink](sentence)]
        if sentence.origin.startswith(MODEL):
            found += [_flag(name, detail) for name, detail in model_faults(self, sentence)]
        return list(dict.fromkeys(found))

    def _spans(self, sentence: Sentence) -> Iterable[Flag]:
        for span in sentence.spans:
            if self.narrative[span.start : span.end] != span.text:
                yield _flag("span", span.text)

    def _said(self, sentence: Sentence) -> Iterable[Flag]:
        quoted = claims.quotes(sentence.text)
        if not sentence.spans or not quoted:
            yield _flag("no_words")
        for quote in quoted:
            if not any(quote in span.text for span in sentence.spans):
                yield _flag("quote", quote)
        for number in sorted(claims.numbers(claims.without_quotes(sentence.text))):
            yield _flag("number", number)

    def _rule(self, sentence: Sentence) -> Iterable[Flag]:
        entries = [self.library.resolve(c) for c in sentence.citations]
        solid = [e for e in entries if e and e.kind in LAW_OR_SCHEME]
        if not solid or None in entries:
            yield _flag("no_source")
        for entry in solid:
            if not entry.confidence.is_verified or not in_force(entry, self.as_of):
                yield _flag("source_unverified", entry.id)
        yield from self._cites(sentence)
        yield from self._numbers(sentence, self.passages(sentence))
        yield from self._sections(sentence)

    def _inferred(self, sentence: Sentence) -> Iterable[Flag]:
        if not self.ends(sentence, frozenset()):
            yield _flag("no_parent")
        own = library_words(self.library, sentence.origin)
        passages = f"{self.passages(sentence)}\n{_held(own)}"
        for quote in claims.quotes(sentence.text):
            if quote not in self.narrative and repaired(quote) not in passages:
                yield _flag("quote", quote)
        yield from self._cites(sentence)
        if sentence.origin == "urgency":
            doubted = sum(f.to_confirm for f in self.draft.red_flags)
            passages += f" {len(self.draft.red_flags) - doubted} {doubted}"
        yield from self._numbers(sentence, passages)
        if not is_library(sentence.origin):
            yield from self._sections(sentence)
            yield from self._schemes(sentence)

    def _frame(self, sentence: Sentence) -> Iterable[Flag]:
        if is_library(sentence.origin):
            return
        named = claims.sections(sentence.text) or pattern("pattern.amount").search(sentence.text)
        if named:
            yield _flag("frame_claim", sentence.text)

    def _cites(self, sentence: Sentence) -> Iterable[Flag]:
        """An action of the library cites what the library cites for it, nothing else."""
        action = library_action(self.library, sentence.origin)
        if action is None:
            return
        allowed = {e.id for e in map(self.library.resolve, action.cites) if e}
        for citation in sentence.citations:
            if citation not in allowed:
                yield _flag("no_source", citation)

    def _numbers(self, sentence: Sentence, passages: str) -> Iterable[Flag]:
        text = claims.without(sentence.text, self.dates)
        ground = claims.numbers(passages)
        ground |= claims.numbers(" ".join(s.text for s in sentence.spans))
        for number in sorted(claims.numbers(text) - ground):
            yield _flag("number", number)

    def _sections(self, sentence: Sentence) -> Iterable[Flag]:
        entries = self._entries(sentence)
        known = {s for e in entries if isinstance(e, LawEntry) for s in e.sections}
        known |= claims.sections(self.passages(sentence))
        for section in sorted(claims.sections(sentence.text) - known):
            yield _flag("section", section)

    def _schemes(self, sentence: Sentence) -> Iterable[Flag]:
        """A scheme named in words must be a scheme that is cited or told of."""
        passages = self.passages(sentence) + " ".join(s.text for s in sentence.spans)
        for scheme, name in _scheme_names(self.library):
            named = name in sentence.text and name not in passages
            if named and f"scheme:{scheme}" not in sentence.citations:
                yield _flag("scheme", name)

    def is_instructed(self, span: Span) -> bool:
        """Whether some words of the story stand in a line that gives the machine orders."""
        start = self.narrative.rfind("\n", 0, span.start) + 1
        end = self.narrative.find("\n", span.end)
        return claims.is_instruction(self.narrative[start : end if end >= 0 else None])

    @cached_property
    def claims(self) -> tuple[Sentence, ...]:
        """The library's and the story's own claims, against which a model's words are held."""
        return tuple(
            s
            for s in self.sentences.values()
            if s.ink is not Ink.FRAME and not s.origin.startswith(MODEL)
        )

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The draft's own due and review dates as it writes them."""
        goals = [g for p in self.draft.plan.problems for g in p.goals]
        days = {self.as_of, *(g.review_on for g in goals if g.review_on)}
        days |= {a.due.date() for g in goals for a in g.actions if a.due}
        for begun in (self.draft.received_at, *self.draft.told_at):
            days |= {after(begun, HORIZON[g.horizon]).date() for g in goals} if begun else set()
        return tuple(show_date(d) for d in sorted(days))

    def _entries(self, sentence: Sentence) -> list[Entry]:
        return [e for e in map(self.library.resolve, sentence.citations) if e]

    def passages(self, sentence: Sentence) -> str:
        """The text of everything a sentence cites."""
        parts = [f"{e.id} {e.context_th} {e.title_th} {e.text_th}" for e in self._entries(sentence)]
        parts += [c.passage for c in self.draft.citations if self._is_official(c, sentence)]
        return "\n".join(map(_held, parts))

    def _is_official(self, citation: Citation, sentence: Sentence) -> bool:
        """Whether the law's own text behind a sentence stands in the draft."""
        return citation.official and citation.id in sentence.citations

    def ends(self, sentence: Sentence, seen: frozenset[str]) -> bool:
        """Whether the chain of parents ends in words of the narrative or in a source."""
        if sentence.spans or any(self.library.resolve(c) for c in sentence.citations):
            return True
        parents = [self.sentences[p] for p in sentence.parents if p in self.sentences]
        return any(self.ends(p, seen | {sentence.id}) for p in parents if p.id not in seen)


@lru_cache(maxsize=2048)
def _held(passage: str) -> str:
    """A passage as checks read it; the same passages carry many sentences and many drafts."""
    return repaired(passage)


def verify(draft: Draft, library: Library, narrative: str) -> Draft:
    """The draft with every fault mended where the rule book says how, else flagged."""
    return flagged(repaired_once(flagged(draft, library, narrative)), library, narrative)


def flagged(draft: Draft, library: Library, narrative: str) -> Draft:
    """The draft with every sentence's faults written on it."""
    ground = Ground(library, narrative, draft)
    return rewritten(draft, lambda s: _marked(s, tuple(ground.faults(s))))


def repaired_once(draft: Draft) -> Draft:
    """The draft with the faulty rules of the library made inferences to be checked."""
    return rewritten(draft, lambda s: mended(s) if s.flags and _mendable(s) else s)


def _marked(sentence: Sentence, faults: tuple[Flag, ...]) -> Sentence:
    if sentence.flags == faults:
        return sentence
    return sentence.model_copy(update={"flags": faults})


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
    """Only the library's own rules are mended; anybody else's words are flagged as they are."""
    return sentence.ink is Ink.RULE and is_library(sentence.origin)


def _flag(name: str, detail: str = "") -> Flag:
    return Flag(code=f"grounding.{name}", detail=detail[:SHOWN])


def _scheme_names(library: Library) -> Iterable[tuple[str, str]]:
    """Names of schemes long enough to be nothing else."""
    for scheme in library.schemes.values():
        name = scheme.name_th.split("(")[0].split("/")[0].strip()
        if len(name) >= NAME_LENGTH:
            yield scheme.id, name
