"""Plain papers from a draft: a sheet for the client, and the safety plan on one page.

Both take the draft's own sentences and leave out what must not lie on a kitchen table: who
reported, where a shelter is, what the team suspects. Reading ease is measured, not promised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge_base.library import Library
from knowledge_base.words import words
from planner.readers import (
    helper,
    is_for_reader,
    is_plain_speech,
    is_spoken,
    may_stand,
    ordered,
    safety_lines,
    told,
    wishes,
)
from planner.schemas import Action, Draft
from planner.wording import pattern, say, templates
from runtime.thai_dates import show_date

WISHES, ACTIONS, SAFETY_LINES, SCHEMES, QUESTIONS = 3, 8, 10, 4, 3
COMMON_LENGTH = 6  # letters; longer Thai words are read slower


@dataclass(frozen=True)
class Sheet:
    """A title and its parts, each a heading with lines."""

    title: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def text(self) -> str:
        """The sheet as it is printed."""
        blocks = ["\n".join([head, *(f"- {line}" for line in lines)]) for head, lines in self.parts]
        return "\n\n".join([self.title, *blocks])


@dataclass(frozen=True)
class Readability:
    """How hard a text is: words a phrase (parted by spaces), long words, legal terms."""

    words_per_phrase: float
    long_words: float
    terms: int

    @property
    def is_plain(self) -> bool:
        """Short phrases, mostly common words, no term of art."""
        return self.words_per_phrase <= 8 and self.long_words <= 0.25 and self.terms == 0


def client_sheet(draft: Draft, library: Library) -> Sheet:
    """What happens next, who helps, what to ask, what the person may decide."""
    wished = wishes(draft)
    helpers = list(dict.fromkeys(_helpers(draft, library, wished)))[:ACTIONS]
    likely = [s for s in draft.schemes if s.verdict == "likely" and not s.sentence.flags]
    schemes = [plain(s.name_th) for s in likely if may_stand(s.name_th, "schemes")]
    parts = [
        ("sheet.wishes", [say("sheet.wish", wish=w) for w in _printed(draft, wished)]),
        ("sheet.next", helpers),
        ("sheet.call", _hotlines(draft)),
        ("sheet.rights", [say("sheet.may_refuse"), say("sheet.may_change"), say("sheet.secret")]),
        ("sheet.schemes", schemes[:SCHEMES]),
        ("sheet.asked", _asked(draft)),
        ("sheet.review", [say("sheet.review_on", date=_review(draft))]),
        ("sheet.keep", [say("sheet.keep_hidden")] if draft.plan.safety else []),
    ]
    return _sheet("sheet.client", parts)


def safety_sheet(draft: Draft) -> Sheet:
    """The safety plan on one page, or only whom to call where no harm is feared."""
    lines = [plain(s.text) for s in draft.plan.safety if not s.flags]
    written = [line for line in lines if not is_spoken(line)]
    steps = list(dict.fromkeys(safety_lines(written)))[:SAFETY_LINES]
    rest = [say("sheet.remember")] if len(written) < len(lines) else []
    parts = [
        ("sheet.keep", [say("sheet.keep_hidden"), *rest]),
        ("sheet.danger", _hotlines(draft)),
        ("sheet.steps", steps),
    ]
    return _sheet("sheet.safety", parts)


def readability(text: str) -> Readability:
    """Measures of a text, without the headings' marks."""
    lines = [line.lstrip("- ").strip() for line in text.splitlines() if line.strip()]
    phrases = [part for line in lines for part in line.split(" ") if part]
    found = words(" ".join(lines))
    long_words = [w for w in found if len(w) > COMMON_LENGTH and not w.isdigit()]
    return Readability(
        words_per_phrase=round(len(found) / max(1, len(phrases)), 1),
        long_words=round(len(long_words) / max(1, len(found)), 3),
        terms=len(pattern("sheet.terms").findall(text)),
    )


def plain(text: str) -> str:
    """A sentence with the terms of art in everyday words and without editors' asides."""
    for term, word in templates()["sheet.words"].items():  # type: ignore[attr-defined]
        text = text.replace(term, word)
    return pattern("sheet.aside").sub("", text).strip()


def _helpers(draft: Draft, library: Library, wished: tuple[str, ...]) -> Iterator[str]:
    """What happens next, said to the reader, each sentence once."""
    found = [a for p in draft.plan.problems for g in p.goals for a in g.actions]
    said: set[str] = set()
    for action in ordered([a for a in found if not a.sentence.flags], wished):
        line = told(action)
        text = plain(line.text) if line else ""
        if line and text not in said and is_plain_speech(text):
            said.add(text)
            yield text if line.alone else _helper(action, text, library)


def _helper(action: Action, text: str, library: Library) -> str:
    role = helper(action.responsible)
    if role is None:
        return text
    who = plain(library.roles[role].th)
    day = show_date(action.due.date()) if action.due else ""
    return say("sheet.helper", what=text, who=who, date=day)


def _printed(draft: Draft, wished: tuple[str, ...]) -> list[str]:
    """The wishes that may be read by whoever is feared at home."""
    kept = [w for w in wished if not draft.plan.safety or may_stand(w, "wish")]
    return kept[:WISHES]


def _asked(draft: Draft) -> list[str]:
    """Questions to the reader that tell nobody else what the reader told."""
    found = [plain(s.text) for s in draft.assessment.missing]
    kept = [q for q in found if is_for_reader(q) and is_plain_speech(q) and may_stand(q, "asked")]
    return kept[:QUESTIONS]


def _hotlines(draft: Draft) -> list[str]:
    numbers = dict.fromkeys(h for r in draft.assessment.risks for h in r.hotlines)
    known = numbers or dict.fromkeys(templates()["sheet.hotlines"].split())
    return [say("sheet.call_line", number=n) for n in known]


def _review(draft: Draft) -> str:
    days = [g.review_on for p in draft.plan.problems for g in p.goals if g.review_on]
    return show_date(min(days)) if days else show_date(draft.as_of)


def _sheet(title: str, parts: Iterable[tuple[str, list[str]]]) -> Sheet:
    kept = tuple((say(head), tuple(lines)) for head, lines in parts if lines)
    return Sheet(say(title), kept)
