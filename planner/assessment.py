"""The assessment: what was told, what is needed, what is dangerous, what is still to be asked."""

from __future__ import annotations

from collections.abc import Iterator

from intake.schemas import CodedProblem, RaisedFlag, Role, Span
from knowledge_base.interventions import Intervention
from planner.brief import Brief
from planner.formulation import formulation
from planner.ledger import Ledger
from planner.origins import approach
from planner.periods import after
from planner.questions import missing
from planner.schemas import Assessment, Badge, Need, Risk, Sentence
from planner.wording import listed, need_noun, say, templates

FACTS_EACH, FACTS_ALL = 3, 16
NEEDS = {Role.PRIMARY: 4, Role.SECONDARY: 2, Role.SUSPECTED: 1}
STRENGTHS_ALL = 4
LEVELS = "practice:urgency-levels"
WITHIN = {"immediate_1h": "1h", "24h": "24h", "72h": "72h", "routine": "30d"}
CASE_MANAGERS = ("social_worker_province", "social_worker_shelter")


def write_assessment(brief: Brief, ledger: Ledger) -> Assessment:
    """All parts of the assessment, in reading order."""
    risks = tuple(_risks(brief, ledger))
    return Assessment(
        risks=risks,
        facts=tuple(_facts(brief, ledger)),
        strengths=tuple(_strengths(brief, ledger)),
        needs=tuple(_needs(brief, ledger)),
        formulation=tuple(formulation(brief, ledger)),
        missing=tuple(missing(brief, ledger)),
    )


def _risks(brief: Brief, ledger: Ledger) -> Iterator[Risk]:
    for flag in sorted(brief.coded.red_flags, key=lambda f: f.to_confirm):
        yield _flag_risk(brief, ledger, flag)
    if not brief.coded.red_flags and brief.coded.urgency.level != "routine":
        yield _code_risk(brief, ledger, brief.problems[0])


def _flag_risk(brief: Brief, ledger: Ledger, flag: RaisedFlag) -> Risk:
    told = _clauses(brief, flag.spans)
    spans = told or brief.main_words
    found = ledger.inferred(
        _with_quote("risk.doubt" if flag.to_confirm else "risk.flag", told, sign=flag.sign_th),
        spans=spans,
        citations=() if spans else [LEVELS],
        origin=flag.id,
    )
    respond = ledger.inferred(
        _response(flag),
        spans=spans,
        parents=[found.id],
        citations=[LEVELS],
        badge=Badge.PROPOSAL,
        origin=flag.id,
    )
    return Risk(
        id=flag.id,
        level="immediate_1h",
        sentence=found,
        response=respond,
        within=WITHIN["immediate_1h"],
        due=after(brief.begun(flag.spans), WITHIN["immediate_1h"]),
        responsible=CASE_MANAGERS,
        hotlines=flag.hotlines,
        may_override=CASE_MANAGERS,
    )


def _clauses(brief: Brief, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The clauses around some words, each once, so that they can be understood."""
    wide: list[Span] = []
    for span in spans:
        clause = brief.clause(span)
        if not any(_overlap(clause, other) for other in wide):
            wide.append(clause)
    return tuple(wide)


def _response(flag: RaisedFlag) -> str:
    action = flag.action_th
    if action[:1].isdigit():
        action = say("risk.number_first", action=action)
    name = "risk.respond_doubt" if flag.to_confirm else "risk.respond"
    others = [h for h in flag.hotlines if h not in action]
    if others:
        return say(f"{name}_lines", action=action, hotlines=templates()["list.or"].join(others))
    return say(name, action=action)


def _code_risk(brief: Brief, ledger: Ledger, problem: CodedProblem) -> Risk:
    level = brief.coded.urgency.level
    urgency = brief.library.codebook.urgency_levels[level].th
    found = ledger.inferred(
        _with_quote("risk.code", problem.spans, label=problem.label_th, urgency=urgency),
        spans=problem.spans,
        citations=[LEVELS],
        badge=Badge.PROPOSAL,
        origin=problem.code,
    )
    respond = ledger.inferred(
        say("risk.respond_code", urgency=urgency),
        parents=[found.id],
        spans=problem.spans,
        citations=[LEVELS],
        badge=Badge.PROPOSAL,
        origin=problem.code,
    )
    return Risk(
        id=problem.code,
        level=level,
        sentence=found,
        response=respond,
        within=WITHIN[level],
        due=after(brief.begun(problem.spans), WITHIN[level]),
        responsible=CASE_MANAGERS,
        may_override=CASE_MANAGERS,
    )


def _with_quote(name: str, spans: tuple[Span, ...], **places: str) -> str:
    quote = "” “".join(dict.fromkeys(s.text for s in spans[:2]))
    return say(name, quote=quote, **places) if quote else say(f"{name}_bare", **places)


def _facts(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    told: list[Span] = []
    flags = [s for f in brief.coded.red_flags for s in f.spans[:1]]
    person = [s for f in brief.client_facts for s in f.spans[:1]]
    problems = [s for p in brief.problems for s in p.spans[:FACTS_EACH]]
    for span in [*flags, *person, *problems]:
        clause = brief.clause(span)
        if len(told) < FACTS_ALL and not any(_overlap(clause, other) for other in told):
            told.append(clause)
    for clause in sorted(told, key=lambda s: s.start):
        yield ledger.said(say("fact.said", quote=clause.text), [clause])
    yield from _cues(brief, ledger, "wish", told)


def _cues(brief: Brief, ledger: Ledger, kind: str, told: list[Span]) -> Iterator[Sentence]:
    """The wishes or strengths the narrative has words for, each clause once."""
    for cue in brief.cues:
        clause = brief.clause(cue.span)
        if cue.kind == kind and not any(_overlap(clause, other) for other in told):
            told.append(clause)
            yield ledger.said(say(f"{kind}.said", quote=clause.text), [clause])


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _strengths(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    yield from _cues(brief, ledger, "strength", [])
    offered = dict.fromkeys(
        s for p, lib in with_library(brief) if _is_sure(p) for s in lib.strengths_th[:2]
    )
    for strength in list(offered)[:STRENGTHS_ALL]:
        yield ledger.frame(say("strength.ask", strength=strength))


def _is_sure(problem: CodedProblem) -> bool:
    return problem.role is not Role.SUSPECTED


def _needs(brief: Brief, ledger: Ledger) -> Iterator[Need]:
    seen: set[str] = set()
    for problem, library in with_library(brief):
        fresh = [n for n in library.needs_th if n not in seen][: NEEDS[problem.role]]
        seen.update(fresh)
        if fresh:
            name = "need" if _is_sure(problem) else "need.suspected"
            sentence = ledger.inferred(
                say(name, client=_whose(brief, problem), needs=listed(fresh)),
                spans=problem.spans[:2],
                citations=[approach(problem.code)],
                badge=Badge.PROPOSAL,
                origin=problem.code,
            )
            domain = brief.library.codebook.codes[problem.code].domain
            yield Need(domain=domain, codes=(problem.code,), sentence=sentence)


def _whose(brief: Brief, problem: CodedProblem) -> str:
    return need_noun(problem.code, brief.client(problem.code))


def with_library(brief: Brief) -> Iterator[tuple[CodedProblem, Intervention]]:
    """Each problem with what the library says about it."""
    for problem in brief.problems:
        yield problem, brief.library.interventions[problem.code]
