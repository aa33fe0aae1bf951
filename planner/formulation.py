"""How the case hangs together, in a few sentences to be read aloud, each inferred with parents."""

from __future__ import annotations

from collections.abc import Iterator

from intake.schemas import CodedProblem
from planner.brief import Brief
from planner.ledger import Ledger
from planner.origins import approach
from planner.schemas import Badge, Sentence
from planner.wording import listed, say

TOGETHER_ALL = 3


def formulation(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    """Main problem, doubts, urgency, the way to go, and what combinations change."""
    sure, doubtful = brief.sure, brief.suspected
    if sure:
        yield _about(ledger, _problem_line(brief, sure), sure)
    else:
        yield ledger.frame(say("formulation.none_sure"), origin="form")
    if doubtful:
        labels = listed(brief.topic(p.code) for p in doubtful)
        yield _about(ledger, say("formulation.suspected", labels=labels), doubtful)
    yield _urgency_line(brief, ledger)
    if sure:
        yield _approach_line(brief, ledger, sure[0])
    yield from _combinations(brief, ledger)


def _about(ledger: Ledger, text: str, problems: tuple[CodedProblem, ...]) -> Sentence:
    """A sentence that rests on the words of some problems."""
    spans = [s for p in problems for s in p.spans[:1]]
    return ledger.inferred(text, spans=spans, citations=_coded(problems), origin=problems[0].code)


def _coded(problems: tuple[CodedProblem, ...]) -> list[str]:
    """The ground of a problem that a person coded without words."""
    return [approach(p.code) for p in problems if not p.spans]


def _problem_line(brief: Brief, sure: tuple[CodedProblem, ...]) -> str:
    others = listed(brief.topic(p.code) for p in sure[1:])
    if others:
        return say("formulation.problems_with", primary=sure[0].label_th, others=others)
    return say("formulation.problems", primary=sure[0].label_th)


def _urgency_line(brief: Brief, ledger: Ledger) -> Sentence:
    urgency = brief.library.codebook.urgency_levels[brief.coded.urgency.level].th
    flags = brief.coded.red_flags
    doubted = sum(f.to_confirm for f in flags)
    name = "formulation.urgency"
    name += "_flags" * (len(flags) > doubted) + "_doubts" * (doubted > 0)
    spans = [s for f in flags for s in f.spans[:1]][:3]
    return ledger.inferred(
        say(name, urgency=urgency, count=str(len(flags) - doubted), doubted=str(doubted)),
        spans=spans or brief.main_words[:1],
        citations=["practice:urgency-levels"],
        badge=Badge.PROPOSAL,
        origin="urgency",
    )


def _approach_line(brief: Brief, ledger: Ledger, first: CodedProblem) -> Sentence:
    summary = brief.library.interventions[first.code].summary_th
    return ledger.inferred(
        say("formulation.approach", summary=brief.fill(summary, brief.as_of, first.code)),
        spans=first.spans[:1],
        citations=[approach(first.code)],
        badge=Badge.PROPOSAL,
        origin=first.code,
    )


def _combinations(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    present = {p.code: p for p in brief.sure}
    seen: set[frozenset[str]] = set()
    for problem in brief.sure:
        library = brief.library.interventions[problem.code]
        for other, text in library.combines_with.items():
            pair = frozenset({problem.code, other})
            if other not in present or pair in seen or len(seen) >= TOGETHER_ALL:
                continue
            seen.add(pair)
            yield ledger.inferred(
                say(
                    "formulation.together",
                    one=problem.label_th,
                    other=present[other].label_th,
                    text=brief.fill(text, brief.as_of, problem.code),
                ),
                spans=[*problem.spans[:1], *present[other].spans[:1]],
                citations=[approach(problem.code), approach(other)],
                badge=Badge.PROPOSAL,
                origin=problem.code,
            )
