"""Which actions of the library fit this person: conditions, bans across problems, no repetition.

An action whose conditions hold is open, one of which something is unknown asks, one that fails is
left out; of each problem those nearest to the story are kept. A family and a worker can carry
about a dozen at once; the rest is scheduled.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from intake.schemas import CodedProblem, Role, Span
from knowledge_base.conditions import holds
from knowledge_base.interventions import Action
from knowledge_base.truth import Truth
from planner.brief import Brief
from planner.likeness import RELATED, alike, bag, overlap
from planner.periods import hours
from planner.steps import steps
from planner.wording import pattern, read_words

OPEN_AT_ONCE, ASK_AT_ONCE = 12, 8
SHARE = 2  # of one problem that is not the main one
MOST = {Role.PRIMARY: 18, Role.SECONDARY: 7, Role.SUSPECTED: 3}
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

    @property
    def pressing(self) -> tuple[bool, int, int, int]:
        """For ordering: doubt last, then by step of urgency, by problem, by hour."""
        due = hours(self.action.when)
        step = sum(due > limit for limit in STEPS)
        return (self.problem.role is Role.SUSPECTED, step, self.rank, due)


@dataclass(frozen=True)
class Chosen:
    """The merged actions, the state of each by id, and those a ban keeps out."""

    choices: tuple[Choice, ...]
    states: dict[str, str]
    banned: tuple[tuple[Action, str], ...]  # action, code whose ban it breaks


def choose(brief: Brief) -> Chosen:
    """All actions of the plan."""
    kept: list[Choice] = []
    banned: list[tuple[Action, str]] = []
    for rank, problem in enumerate(brief.problems):
        for action, truth in _fitting(brief, problem):
            broken = breaks(brief.fill(action.text_th, brief.as_of, problem.code), _codes(brief))
            if broken:
                banned.append((action, broken))
            else:
                kept.append(Choice(problem, action, truth, (problem.code,), rank))
    merged = _merged([*_case(brief), *kept])
    return Chosen(tuple(merged), _states(merged), tuple(banned))


def _case(brief: Brief) -> list[Choice]:
    """The steps of the whole case, under the first problem."""
    first = brief.problems[0]
    return [
        Choice(first, s.action, Truth.TRUE, (first.code,), 0, s.spans or first.spans[:2])
        for s in steps(brief)
    ]


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


def _fitting(brief: Brief, problem: CodedProblem) -> list[tuple[Action, Truth]]:
    fitting: list[tuple[Action, Truth]] = [
        (action, truth)
        for action in brief.library.interventions[problem.code].actions
        if (truth := fits(brief, problem, action)) is not Truth.FALSE
    ]
    near = brief.relevance.of
    fitting.sort(key=lambda pair: (_doubtful(brief, *pair), -near(pair[0].text_th)))
    return fitting[: MOST[problem.role]]


def _doubtful(brief: Brief, action: Action, truth: Truth) -> bool:
    """Whether nobody knows if an action applies, nor foresees that it will."""
    if truth is not Truth.UNKNOWN:
        return False
    foreseen = read_words("steps")["foreseen"]
    open_questions = [c for c in action.conditions if holds((c,), brief.known) is Truth.UNKNOWN]
    return not open_questions or not all(
        any(brief.known[sign] is Truth.TRUE for sign in foreseen.get(c, ())) for c in open_questions
    )


def fits(brief: Brief, problem: CodedProblem, action: Action) -> Truth:
    """Whether an action's conditions hold, and whether there is anybody it speaks of."""
    truth = holds(action.conditions, brief.known_of(problem.code))
    return truth & spoken_of(brief, problem.code, action.text_th)


def spoken_of(brief: Brief, code: str, text: str) -> Truth:
    """TRUE unless a text speaks of a child and the story is not known to have one."""
    persons = read_words("persons")
    if code in persons["nouns"][persons["young"]] or not pattern("pattern.child").search(text):
        return Truth.TRUE
    return brief.known["child"] | brief.known["child_in_home"] | brief.known["child_under_6"]


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


def _states(choices: list[Choice]) -> dict[str, str]:
    ordered = sorted(choices, key=lambda c: c.pressing)
    certain = [c for c in ordered if c.truth is Truth.TRUE]
    opened = _opened(certain)
    doubtful = [c.action.id for c in ordered if c.truth is Truth.UNKNOWN and _is_sure(c)]
    asked = set(doubtful[:ASK_AT_ONCE])
    return {
        c.action.id: "open"
        if c.action.id in opened
        else "ask"
        if c.action.id in asked
        else "scheduled"
        for c in choices
    }


def _opened(certain: list[Choice]) -> set[str]:
    """First one of each sure problem, then a few of each by urgency, then whatever presses."""
    sure = [c for c in certain if _is_sure(c)]
    first = {c.problem.code: c for c in reversed(sure)}
    share: Counter[str] = Counter()
    fair: list[Choice] = []
    for choice in sure:
        share[choice.problem.code] += 1
        if choice.problem.role is Role.PRIMARY or share[choice.problem.code] <= SHARE:
            fair.append(choice)
    ids = dict.fromkeys(c.action.id for c in [*first.values(), *fair, *certain])
    return set(list(ids)[:OPEN_AT_ONCE])


def _is_sure(choice: Choice) -> bool:
    return choice.problem.role is not Role.SUSPECTED
