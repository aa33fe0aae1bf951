"""Plain papers from a draft: a sheet for the client, and the safety plan on one page.

Both take the draft's own sentences and leave out what must not lie on a kitchen table: who
reported, where a shelter is, what the team suspects. Reading ease is measured, not promised.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge_base.library import Library
from knowledge_base.words import words
from planner.schemas import Action, Draft
from planner.wording import pattern, say, templates
from runtime.thai_dates import show_date

ACTIONS, SAFETY_LINES, SCHEMES, QUESTIONS = 6, 10, 4, 3
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
    own = [a for a in _open(draft) if not pattern("sheet.inside").search(a.sentence.text)]
    helpers = [_helper(a, library) for a in own[:ACTIONS]]
    schemes = [plain(s.name_th) for s in draft.schemes if s.verdict == "likely"][:SCHEMES]
    asked = [plain(s.text) for s in draft.assessment.missing[:QUESTIONS]]
    parts = [
        ("sheet.next", helpers),
        ("sheet.call", _hotlines(draft)),
        ("sheet.rights", [say("sheet.may_refuse"), say("sheet.may_change"), say("sheet.secret")]),
        ("sheet.schemes", schemes),
        ("sheet.asked", asked),
        ("sheet.review", [say("sheet.review_on", date=_review(draft))]),
    ]
    return _sheet("sheet.client", parts)


def safety_sheet(draft: Draft) -> Sheet:
    """The safety plan on one page, or only whom to call where no harm is feared."""
    steps = [plain(s.text) for s in draft.plan.safety[:SAFETY_LINES]]
    parts = [
        ("sheet.danger", _hotlines(draft)),
        ("sheet.steps", steps),
        ("sheet.keep", [say("sheet.keep_hidden")]),
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


def _open(draft: Draft) -> list[Action]:
    found = [a for p in draft.plan.problems for g in p.goals for a in g.actions]
    return sorted(
        (a for a in found if a.state == "open" and not a.sentence.flags),
        key=lambda a: (a.due is None, a.due),
    )


def _helper(action: Action, library: Library) -> str:
    who = plain(library.roles[action.responsible[0]].th) if action.responsible else ""
    day = show_date(action.due.date()) if action.due else ""
    return say("sheet.helper", what=plain(action.sentence.text), who=who, date=day)


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
