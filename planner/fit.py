"""Which actions of one problem fit this person, and how many of them a plan keeps.

An action whose conditions fail is left out. A plan of few likely problems goes deeper into each;
of what is unlikely or only suspected it keeps a few. The first hour of the main problem is never
cut for something that is nearer in words but can wait.
"""

from __future__ import annotations

from dataclasses import dataclass

from intake.schemas import CodedProblem, Role
from knowledge_base.conditions import holds
from knowledge_base.interventions import Action
from knowledge_base.truth import Truth
from planner.brief import Brief
from planner.periods import hours
from planner.wording import pattern, read_words


@dataclass(frozen=True)
class Most:
    """How many actions are kept of the main problem, of a likely, an unlikely, a suspected one."""

    main: int
    likely: int
    unlikely: int
    suspected: int


Fitting = tuple[Action, Truth]
AT_ONCE = "1h"
FEW = 3  # likely problems up to which a plan goes deeper into each
DEEP = Most(main=22, likely=10, unlikely=6, suspected=3)
WIDE = Most(main=18, likely=7, unlikely=3, suspected=2)
PROMISED, PER_GOAL = 3.9, 2  # weight of a goal's words that one action has and no kept one
SOON = "30d"  # what is only suspected is not planned for further ahead
LATE, WAITS = "180d", 0.1  # what can wait half a year stands this far behind what is near


def fitting(brief: Brief, problem: CodedProblem) -> list[Fitting]:
    """The actions of a problem that may fit, the nearest in front, as many as a plan keeps."""
    found: list[Fitting] = [
        (action, truth)
        for action in brief.library.interventions[problem.code].actions
        if (truth := fits(brief, problem, action)) is not Truth.FALSE
    ]
    if problem.role is Role.SUSPECTED:
        weighty = pattern("pattern.weighty")
        found = [
            (a, t)
            for a, t in found
            if hours(a.when) <= hours(SOON) and not weighty.search(a.text_th)
        ]
    found.sort(key=lambda p: _standing(brief, problem, *p))
    most = _most(brief, problem)
    if problem.role is Role.SUSPECTED:
        return found[:most]
    return [*found[:most], *_promised(brief, problem, found[:most], found[most:])]


def _promised(
    brief: Brief, problem: CodedProblem, kept: list[Fitting], rest: list[Fitting]
) -> list[Fitting]:
    """Of each goal that one action alone serves, what it promises in telling words beyond that."""
    found: list[Fitting] = []
    for goal in brief.library.interventions[problem.code].goals:
        own = [action for action, _ in kept if action.goal == goal.id]
        left = [fitting for fitting in rest if fitting[0].goal == goal.id]
        promised = brief.relevance.telling(goal.text_th)
        for _ in range(PER_GOAL if len(own) == 1 else 0):
            if not left:
                break
            kept_words = {w for action in own for w in brief.relevance.telling(action.text_th)}
            open_words = {w: x for w, x in promised.items() if w not in kept_words}
            best = max(left, key=lambda f: _kept(brief, open_words, f[0]))
            if _kept(brief, open_words, best[0]) < PROMISED:
                break
            left.remove(best)
            own.append(best[0])
            found.append(best)
    return found


def _kept(brief: Brief, promised: dict[str, float], action: Action) -> float:
    """How much of what is promised an action keeps."""
    return sum(promised.get(word, 0.0) for word in brief.relevance.telling(action.text_th))


def _most(brief: Brief, problem: CodedProblem) -> int:
    """How many actions of a problem are kept: more where there are few problems to carry."""
    most = DEEP if len(brief.likely) <= FEW else WIDE
    if problem.role is Role.SUSPECTED:
        return most.suspected
    if problem.role is Role.PRIMARY:
        return most.main
    return most.likely if problem in brief.likely else most.unlikely


def _standing(
    brief: Brief, problem: CodedProblem, action: Action, truth: Truth
) -> tuple[bool, bool, float]:
    """For ordering: doubt last, the main problem's first hour in front, then by nearness."""
    first = problem.role is Role.PRIMARY and hours(action.when) <= hours(AT_ONCE)
    return (_doubtful(brief, problem, action, truth), not first, -_nearness(brief, action))


def _nearness(brief: Brief, action: Action) -> float:
    """How near an action is to the story, those for the far end of a plan behind."""
    late = hours(action.when) >= hours(LATE)
    return brief.relevance.of(action.text_th) - WAITS * late


def _doubtful(brief: Brief, problem: CodedProblem, action: Action, truth: Truth) -> bool:
    """Whether nobody knows if an action applies, nor foresees that it will.

    Of a suspected problem nothing is foreseen: a doubt within a doubt comes last.
    """
    if truth is not Truth.UNKNOWN or problem.role is Role.SUSPECTED:
        return truth is Truth.UNKNOWN
    foreseen = read_words("steps")["foreseen"]
    open_questions = [c for c in action.conditions if holds((c,), brief.known) is Truth.UNKNOWN]
    return not open_questions or not all(
        any(brief.known[sign] is Truth.TRUE for sign in foreseen.get(c, ())) for c in open_questions
    )


def fits(brief: Brief, problem: CodedProblem, action: Action) -> Truth:
    """Whether an action's conditions hold, and whether there is anybody it speaks of.

    What is due within the hour waits for nobody who is merely mentioned in it.
    """
    truth = holds(action.conditions, brief.known_of(problem.code))
    if hours(action.when) <= hours(AT_ONCE):
        return truth
    return truth & spoken_of(brief, problem.code, action.text_th)


def spoken_of(brief: Brief, code: str, text: str) -> Truth:
    """TRUE unless a text speaks of a child and the story is not known to have one."""
    persons = read_words("persons")
    if code in persons["nouns"][persons["young"]] or not pattern("pattern.child").search(text):
        return Truth.TRUE
    return brief.known["child"] | brief.known["child_in_home"] | brief.known["child_under_6"]
