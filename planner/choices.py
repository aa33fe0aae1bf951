"""Which actions of the library fit this person: conditions, bans across problems, no repetition.

An action whose conditions hold is open, one of which something is unknown asks, one that fails is
left out; of each problem those nearest to the story are kept. A family and a worker can carry
about a dozen at once; the rest is scheduled.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from intake.schemas import CodedProblem, Role, Span
from knowledge_base.interventions import Action
from knowledge_base.truth import Truth
from planner.brief import Brief
from planner.fit import AT_ONCE, fitting
from planner.likeness import RELATED, alike, bag, overlap
from planner.periods import hours
from planner.refusals import Refusal
from planner.steps import PREFIX, steps
from planner.wording import read_words

OPEN_AT_ONCE, ASK_AT_ONCE = 12, 8
SHARE = 2  # of one problem that is not the main one
TODAY, TONIGHT, IMMEDIATE = "24h", "4h", "immediate_1h"
GUARDS = ("practice:danger-assessment", "practice:safety-plan", "practice:child-safety")
CASE_OPEN = 5  # steps of the whole case among those open at once
STEPS = (1, 24, 72, 24 * 7)


@dataclass(frozen=True)
class Choice:
    """An action of the library that fits this person, not yet written."""

    problem: CodedProblem
    action: Action
    truth: Truth
    codes: tuple[str, ...]
    rank: int
    spans: tuple[Span, ...] = ()  # words that opened a step of the whole case
    refusal: Refusal | None = None  # words that refuse it: asked about first
    is_sure: bool = True  # what it answers is no mere suspicion, nor a code that is likelier wrong

    @property
    def pressing(self) -> tuple[int, int, int]:
        """For ordering: by step of urgency, by problem, by hour."""
        due = hours(self.action.when)
        step = sum(due > limit for limit in STEPS)
        return (step, self.rank, due)

    @property
    def guards(self) -> bool:
        """Whether it weighs a danger or keeps somebody safe, by the topics of practice it cites."""
        return any(cite in GUARDS for cite in self.action.cites)

    @property
    def place(self) -> int:
        """Where it stands in its part of the library, which goes from danger to the future."""
        return int(self.action.id.rpartition(".a")[2]) if not self.is_case else 0

    @property
    def is_case(self) -> bool:
        """Whether it is a step of the whole case."""
        return self.action.id.startswith(PREFIX)


@dataclass(frozen=True)
class Chosen:
    """The merged actions, the state of each by id, and those a ban keeps out."""

    choices: tuple[Choice, ...]
    states: dict[str, str]
    banned: tuple[tuple[Action, str], ...]  # action, code whose ban it breaks


def _is_sure(brief: Brief, problem: CodedProblem, action: Action) -> bool:
    """Whether an action waits for no doubt: of an emergency the first hour's never does."""
    emergency = brief.library.codebook.codes[problem.code].urgency_default == IMMEDIATE
    vital = emergency and hours(action.when) <= hours(AT_ONCE)
    return problem in brief.likely or (vital and problem.role is Role.SECONDARY)


def choose(brief: Brief) -> Chosen:
    """All actions of the plan."""
    kept: list[Choice] = []
    banned: list[tuple[Action, str]] = []
    for rank, problem in enumerate(brief.problems):
        for action, truth in fitting(brief, problem):
            broken = breaks(brief.fill(action.text_th, brief.as_of, problem.code), _codes(brief))
            if broken:
                banned.append((action, broken))
            else:
                sure = _is_sure(brief, problem, action)
                kept.append(Choice(problem, action, truth, (problem.code,), rank, is_sure=sure))
    merged = [_asked_first(brief, c) for c in _merged([*_case(brief), *kept])]
    return Chosen(tuple(merged), _states(merged, _dangerous(brief)), tuple(banned))


def _dangerous(brief: Brief) -> frozenset[str]:
    """The main problem, and those a danger sign points at or the book calls an emergency."""
    flags = read_words("doubts")["flags"]
    pointed = {c for f in brief.coded.flag_ids() for c in flags.get(f, ())}
    codes = brief.library.codebook.codes
    return frozenset(
        p.code
        for p in brief.problems
        if p.role is Role.PRIMARY or p.code in pointed or codes[p.code].urgency_default == IMMEDIATE
    )


def _case(brief: Brief) -> list[Choice]:
    """The steps of the whole case, under the first problem; none where there is no problem."""
    if not brief.problems:
        return []
    first = brief.problems[0]
    return [
        Choice(first, s.action, Truth.TRUE, (first.code,), 0, s.spans or first.spans[:2])
        for s in steps(brief)
    ]


def _asked_first(brief: Brief, choice: Choice) -> Choice:
    """A choice that somebody refused waits for a question, unless a life may hang on it."""
    if hours(choice.action.when) <= hours(AT_ONCE):
        return choice
    text = choice.action.text_th
    refusal = next((r for r in brief.refusals if r.action.search(text)), None)
    if refusal is None:
        return choice
    return replace(choice, truth=choice.truth & Truth.UNKNOWN, refusal=refusal)


def breaks(text: str, codes: tuple[str, ...]) -> str | None:
    """The code whose ban a recommendation breaks, or None (``templates/forbidden.yaml``)."""
    for rule in read_words("forbidden")["rules"]:
        hit = any(w in text for w in rule["has"]) and not any(w in text for w in rule["unless"])
        touched = [c for c in codes if c.startswith(tuple(rule["codes"]))]
        if hit and touched:
            return touched[0]
    return None


def _codes(brief: Brief) -> tuple[str, ...]:
    return tuple(p.code for p in brief.problems)


def _merged(choices: list[Choice]) -> list[Choice]:
    kept: list[Choice] = []
    for choice in choices:
        twin = next((i for i, other in enumerate(kept) if _same(choice, other)), None)
        if twin is None:
            kept.append(choice)
        else:
            kept[twin] = _joined(kept[twin], choice)
    return kept


def _joined(kept: Choice, other: Choice) -> Choice:
    """The first wording with all codes; certain when either problem makes it certain."""
    codes = tuple(dict.fromkeys((*kept.codes, *other.codes)))
    return replace(kept, codes=codes, truth=kept.truth | other.truth)


def _same(one: Choice, other: Choice) -> bool:
    first, second = bag(one.action.text_th), bag(other.action.text_th)
    if alike(first, second):
        return True
    sources = _sources(one.action)
    return (
        bool(sources)
        and sources == _sources(other.action)
        and bool(set(one.action.who) & set(other.action.who))
        and overlap(first, second) >= RELATED
    )


def _sources(action: Action) -> frozenset[str]:
    """The laws and schemes an action applies."""
    return frozenset(c for c in action.cites if not c.startswith(("practice:", "doc:")))


def _states(choices: list[Choice], dangerous: frozenset[str]) -> dict[str, str]:
    """Open, to be asked about first, or scheduled, by action id; what is due first in front."""
    ordered = sorted(choices, key=lambda c: c.pressing)
    opened = _opened([c for c in ordered if c.truth is Truth.TRUE and c.is_sure], dangerous)
    asked = [c for c in ordered if c.truth is Truth.UNKNOWN or not c.is_sure]
    asked.sort(key=lambda c: (hours(c.action.when), not c.is_sure))
    states = dict.fromkeys((c.action.id for c in choices), "scheduled")
    states |= dict.fromkeys((c.action.id for c in asked[:ASK_AT_ONCE]), "ask")
    return states | dict.fromkeys(opened, "open")


def _opened(sure: list[Choice], dangerous: frozenset[str]) -> list[str]:
    """What is due within hours, then what a danger or the main problem needs within the day.

    Behind them a few of each that are due today, one of each problem, and whatever presses.
    """
    soon = [c for c in sure if hours(c.action.when) <= hours(TONIGHT)]
    soon.sort(key=lambda c: hours(c.action.when))
    today = [c for c in sure if hours(c.action.when) <= hours(TODAY)]
    vital = [c for c in today if c.guards or (c.problem.code in dangerous and not c.is_case)]
    vital.sort(key=lambda c: (not c.guards, c.is_case, c.place if c.guards else 0))
    own = [c for c in sure if not c.is_case]
    first = {c.problem.code: c for c in reversed(own)}
    order = [*soon, *_fair(vital), *_fair(today), *first.values(), *_fair(sure), *sure]
    return list(dict.fromkeys(c.action.id for c in order))[:OPEN_AT_ONCE]


def _fair(sure: list[Choice]) -> list[Choice]:
    """The main problem's choices and a few of each other one and of the whole case."""
    share: Counter[str] = Counter()
    fair: list[Choice] = []
    for choice in sure:
        name, most = (PREFIX, CASE_OPEN) if choice.is_case else (choice.problem.code, SHARE)
        share[name] += 1
        main = choice.problem.role is Role.PRIMARY and not choice.is_case
        if main or share[name] <= most:
            fair.append(choice)
    return fair
