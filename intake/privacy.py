"""Masking: what identifies a person becomes a stable placeholder before text leaves the process.

Fails closed: when anything goes wrong `MaskingFailed` is raised and nothing is masked half.
A text may itself hold what looks like a placeholder; that is masked like a name, so that every
placeholder of a masked text is one of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict

from intake.entities import Entity, settled
from intake.normal import typed_right
from intake.placeholders import PERSON, PLACEHOLDER, CaseNames
from intake.privacy_rules import load_privacy_rules
from intake.reading import ABOVE_OR_BELOW
from intake.schemas import Span
from runtime.errors import PartMissing

LIKE_OURS = re.compile(rf"{PLACEHOLDER.pattern}|[⟦⟧]")
SIGN, SURELY = "SIGN", 2.0
Find = Callable[[str], Iterable[Entity]]


class MaskingFailed(PartMissing):
    """Masking did not finish; the text must not leave the process."""

    code = "privacy.masking_failed"


class IdentifyingSpan(Span):
    """Identifying words with their type and what stands for them."""

    type: str
    placeholder: str = ""


class Masked(BaseModel):
    """A text without its identifying words, and what is needed to put them back.

    ``placeholders``: the forms each placeholder stands for, the first first; it never leaves the
    process unsealed.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    spans: tuple[IdentifyingSpan, ...]
    placeholders: dict[str, list[str]]

    def restore(self, text: str | None = None) -> str:
        """``text`` with the words put back; the whole original without an argument.

        A passage of the masked text gets the very words that stood there. In any other text a
        placeholder becomes the words it first stood for; unknown placeholders stay.
        """
        passage = self.text if text is None else text
        begin = self.text.find(passage)
        if begin < 0:
            names = CaseNames(self.placeholders)
            return PLACEHOLDER.sub(lambda m: names.first_form(m.group()), passage)
        words = iter(self._words(begin, begin + len(passage)))
        return PLACEHOLDER.sub(lambda _: next(words), passage)

    def _words(self, begin: int, end: int) -> Iterator[str]:
        places = PLACEHOLDER.finditer(self.text)
        for span, place in zip(self.spans, places, strict=True):
            if begin <= place.start() and place.end() <= end:
                yield span.text


class Masker:
    """Masks texts of cases with placeholders that stay the same from text to text of a case."""

    def __init__(self, find: Find | None = None) -> None:
        self._find = find

    def find(self, text: str) -> list[Entity]:
        """Identifying words in order, without overlap, never splitting a Thai cluster."""
        try:
            found = [*self._found(text), *_signs(text)]
            return settled(_clustered(text, e) for e in found)
        except Exception as error:
            raise MaskingFailed from error

    def mask(self, text: str, names: CaseNames | None = None) -> Masked:
        """``text`` with placeholders; ``names`` are those of the case and learn new ones."""
        names = CaseNames() if names is None else names
        found = self.find(text)
        try:
            spans = tuple(_named(text, found, names))
            masked = self._replaced(text, spans)
        except Exception as error:
            raise MaskingFailed from error
        used = {s.placeholder for s in spans}
        forms = {p: f for p, f in names.plain().items() if p in used}
        return Masked(text=masked, spans=spans, placeholders=forms)

    def _found(self, text: str) -> Iterator[Entity]:
        """Findings in the story's own places, read past letters typed as two others."""
        view = typed_right(text)
        for e in self._finder()(view.text):
            yield Entity(*view.original(e.start, e.end), e.type, e.score)

    def _replaced(self, text: str, spans: tuple[IdentifyingSpan, ...]) -> str:
        from intake.recognisers import replaced  # noqa: PLC0415 slow to import

        return replaced(text, [(s.start, s.end, s.placeholder) for s in spans])

    def _finder(self) -> Find:
        if self._find is None:
            from intake.recognisers import identifying_words  # noqa: PLC0415 slow to import

            self._find = identifying_words
        return self._find


def _named(text: str, found: Iterable[Entity], names: CaseNames) -> Iterator[IdentifyingSpan]:
    last: IdentifyingSpan | None = None
    alias = load_privacy_rules().alias
    for entity in found:
        words = text[entity.start : entity.end]
        same: Any = None
        if last and last.type == entity.type == PERSON:
            same = last.placeholder if alias.fullmatch(text, last.end, entity.start) else None
        last = IdentifyingSpan(
            start=entity.start,
            end=entity.end,
            text=words,
            type=entity.type,
            placeholder=names.placeholder(entity.type, words, same),
        )
        yield last


def _signs(text: str) -> Iterator[Entity]:
    """Whatever in a text could be taken for a placeholder or the edge of one."""
    for match in LIKE_OURS.finditer(text):
        yield Entity(*match.span(), SIGN, SURELY)


def _clustered(text: str, entity: Entity) -> Entity:
    start, end = entity.start, entity.end
    while start > 0 and start < len(text) and text[start] in ABOVE_OR_BELOW:
        start -= 1
    while end < len(text) and text[end] in ABOVE_OR_BELOW:
        end += 1
    return Entity(start, end, entity.type, entity.score)
