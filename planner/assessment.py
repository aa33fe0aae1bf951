"""The assessment: what was told, what is needed, what is dangerous, what is still to be asked."""

from __future__ import annotations

from collections.abc import Iterator

from intake.schemas import CodedProblem, RaisedFlag, Role, Span
from knowledge_base.interventions import Intervention
from knowledge_base.truth import Truth
from planner.brief import Brief
from planner.ledger import Ledger
from planner.schemas import Assessment, Badge, Need, Risk, Sentence
from planner.wording import listed, say

FACTS_EACH, FACTS_ALL = 3, 14
NEEDS = {Role.PRIMARY: 4, Role.SECONDARY: 2, Role.SUSPECTED: 1}
QUESTIONS = {Role.PRIMARY: 5, Role.SECONDARY: 2, Role.SUSPECTED: 2}
QUESTIONS_ALL = 12
STRENGTHS_ALL = 4
CASE_MANAGERS = ("social_worker_province", "social_worker_shelter")


def write_assessment(brief: Brief, ledger: Ledger) -> Assessment:
    """All parts of the assessment, in reading order."""
    risks = tuple(_risks(brief, ledger))
    return Assessment(
        risks=risks,
        facts=tuple(_facts(brief, ledger)),
        strengths=tuple(_strengths(brief, ledger)),
        needs=tuple(_needs(brief, ledger)),
        formulation=tuple(_formulation(brief, ledger)),
        missing=tuple(_missing(brief, ledger)),
    )


def approach(code: str) -> str:
    """The citation of the library's approach to a code."""
    return f"practice:approach-{code.lower()}"


def _risks(brief: Brief, ledger: Ledger) -> Iterator[Risk]:
    for flag in brief.coded.red_flags:
        yield _flag_risk(ledger, flag)
    if not brief.coded.red_flags and brief.problems and brief.coded.urgency.level != "routine":
        yield _code_risk(brief, ledger, brief.problems[0])


def _flag_risk(ledger: Ledger, flag: RaisedFlag) -> Risk:
    text = say("risk.flag", sign=flag.sign_th, quote=_quoted(flag.spans))
    found = ledger.inferred(text, spans=flag.spans, origin=flag.id)
    respond = ledger.inferred(
        say("risk.respond", action=flag.action_th),
        spans=flag.spans,
        parents=[found.id],
        citations=["practice:urgency-levels"],
        badge=Badge.PROPOSAL,
        origin=flag.id,
    )
    return Risk(
        id=flag.id,
        level="immediate_1h",
        sentence=found,
        response=respond,
        hotlines=flag.hotlines,
        may_override=CASE_MANAGERS,
    )


def _code_risk(brief: Brief, ledger: Ledger, problem: CodedProblem) -> Risk:
    level = brief.coded.urgency.level
    urgency = brief.library.codebook.urgency_levels[level].th
    found = ledger.inferred(
        say(
            "risk.code",
            label=problem.label_th,
            urgency=urgency,
            quote=_quoted(problem.spans),
        ),
        spans=problem.spans,
        citations=["practice:urgency-levels"],
        badge=Badge.PROPOSAL,
        origin=problem.code,
    )
    respond = ledger.inferred(
        say("risk.respond_code", urgency=urgency),
        parents=[found.id],
        spans=problem.spans,
        citations=["practice:urgency-levels"],
        badge=Badge.PROPOSAL,
        origin=problem.code,
    )
    return Risk(
        id=problem.code,
        level=level,
        sentence=found,
        response=respond,
        may_override=CASE_MANAGERS,
    )


def _quoted(spans: tuple[Span, ...]) -> str:
    return "” “".join(dict.fromkeys(s.text for s in spans[:2]))


def _facts(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    told: list[Span] = []
    for problem in brief.problems:
        for span in problem.spans[:FACTS_EACH]:
            clause = brief.clause(span)
            if len(told) < FACTS_ALL and not any(_overlap(clause, other) for other in told):
                told.append(clause)
    for clause in sorted(told, key=lambda s: s.start):
        yield ledger.said(say("fact.said", quote=clause.text), [clause])


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _needs(brief: Brief, ledger: Ledger) -> Iterator[Need]:
    seen: set[str] = set()
    for problem, library in _with_library(brief):
        for need in library.needs_th[: NEEDS[problem.role]]:
            if need in seen:
                continue
            seen.add(need)
            sentence = ledger.inferred(
                say("need", need=need),
                spans=problem.spans[:2],
                citations=[approach(problem.code)],
                badge=Badge.PROPOSAL,
                origin=problem.code,
            )
            domain = brief.library.codebook.codes[problem.code].domain
            yield Need(domain=domain, codes=(problem.code,), sentence=sentence)


def _with_library(brief: Brief) -> Iterator[tuple[CodedProblem, Intervention]]:
    for problem in brief.problems:
        yield problem, brief.library.interventions[problem.code]


def _strengths(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    found = dict.fromkeys(s for _, lib in _with_library(brief) for s in lib.strengths_th[:2])
    for strength in list(found)[:STRENGTHS_ALL]:
        yield ledger.frame(say("strength.ask", strength=strength))


def _formulation(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    if not brief.problems:
        return
    sure = [p for p in brief.problems if p.role is not Role.SUSPECTED] or list(brief.problems[:1])
    yield ledger.inferred(_problem_line(sure), spans=[s for p in sure for s in p.spans[:1]])
    doubtful = [p for p in brief.problems if p not in sure]
    if doubtful:
        labels = listed(p.label_th for p in doubtful)
        spans = [s for p in doubtful for s in p.spans[:1]]
        yield ledger.inferred(say("formulation.suspected", labels=labels), spans=spans)
    yield _urgency_line(brief, ledger)
    first = sure[0]
    summary = brief.library.interventions[first.code].summary_th
    yield ledger.inferred(
        say("formulation.approach", summary=brief.fill(summary, brief.as_of)),
        spans=first.spans[:1],
        citations=[approach(first.code)],
        badge=Badge.PROPOSAL,
        origin=first.code,
    )
    yield from _combinations(brief, ledger)


def _problem_line(sure: list[CodedProblem]) -> str:
    others = listed(p.label_th for p in sure[1:])
    if others:
        return say("formulation.problems_with", primary=sure[0].label_th, others=others)
    return say("formulation.problems", primary=sure[0].label_th)


def _urgency_line(brief: Brief, ledger: Ledger) -> Sentence:
    urgency = brief.library.codebook.urgency_levels[brief.coded.urgency.level].th
    spans = [s for f in brief.coded.red_flags for s in f.spans[:1]][:3]
    return ledger.inferred(
        say("formulation.urgency", urgency=urgency),
        spans=spans or brief.problems[0].spans[:1],
        citations=["practice:urgency-levels"],
        badge=Badge.PROPOSAL,
    )


def _combinations(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    present = {p.code: p for p in brief.problems}
    seen: set[frozenset[str]] = set()
    for problem, library in _with_library(brief):
        for other, text in library.combines_with.items():
            pair = frozenset({problem.code, other})
            if other not in present or pair in seen or len(seen) >= 4:
                continue
            seen.add(pair)
            yield ledger.inferred(
                say(
                    "formulation.together",
                    one=problem.label_th,
                    other=present[other].label_th,
                    text=brief.fill(text, brief.as_of),
                ),
                spans=[*problem.spans[:1], *present[other].spans[:1]],
                citations=[approach(problem.code), approach(other)],
                badge=Badge.PROPOSAL,
                origin=problem.code,
            )


def _missing(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    questions = [
        q.q_th
        for problem, library in _with_library(brief)
        for q in library.assess[: QUESTIONS[problem.role]]
    ]
    wanted = [
        brief.library.conditions[c].known_by.ask_th
        for c in _open_conditions(brief)
        if brief.known[c] is Truth.UNKNOWN
    ]
    merged = dict.fromkeys([*questions[:8], *wanted[:4], *questions[8:]])
    for question in list(merged)[:QUESTIONS_ALL]:
        text = say("missing.question", question=brief.fill(question, brief.as_of))
        yield ledger.frame(text)
    for code, kinds in brief.evidence_gaps.items():
        label = brief.library.codebook.label(code)
        for kind in kinds:
            yield ledger.frame(say("missing.source", kind=say(f"kind.{kind}"), label=label))


def _open_conditions(brief: Brief) -> list[str]:
    found = [
        reference if reference in brief.known else reference.removeprefix("not_")
        for _, library in _with_library(brief)
        for action in library.actions
        for reference in action.conditions
    ]
    return list(dict.fromkeys(found))
