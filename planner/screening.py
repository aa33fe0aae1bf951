"""Welfare schemes worth a look for these problems, with the verdict and the question to ask."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.schemas import CodedProblem, Span
from knowledge_base.criteria import fields
from knowledge_base.eligibility import Screening, screen
from knowledge_base.facts import usable
from knowledge_base.schemes import Scheme
from knowledge_base.truth import Truth
from planner.answered import still_open
from planner.brief import Brief
from planner.fit import spoken_of
from planner.ledger import Ledger
from planner.schemas import Badge, SchemeVerdict, Sentence
from planner.wording import say, templates

SCHEMES_ALL = 12
EMERGENCY = "critical_emergency"
VERDICTS = ("likely", "ask", "assess", "unlikely")
_MARK = re.compile(r"\s*\[[^\]]*\]")  # how sure the register is, for editors
_FIRST = re.compile(r"[;(]| / | → ")


def scheme_verdicts(brief: Brief, ledger: Ledger) -> Iterator[SchemeVerdict]:
    """The schemes the library names for these problems, the likeliest first."""
    wanted: dict[str, CodedProblem] = {}
    for problem in brief.problems:
        for scheme in brief.library.interventions[problem.code].schemes:
            if spoken_of(brief, problem.code, _for_whom(brief, scheme)) is Truth.TRUE:
                wanted.setdefault(scheme, problem)
    facts = usable(brief.library.facts, _facts(brief), brief.as_of)
    screened = screen(brief.library, facts, brief.as_of, list(wanted))
    order = list(wanted)
    screened.sort(key=lambda s: (VERDICTS.index(s.verdict), order.index(s.id)))
    asked: set[str] = set()
    for result in screened[:SCHEMES_ALL]:
        yield _verdict(brief, ledger, result, wanted[result.id], asked)


def _facts(brief: Brief) -> dict[str, object]:
    """The facts; a sign of bodily danger answers whether there is an emergency."""
    known: dict[str, object] = {}
    if brief.known["danger_signs"] is Truth.TRUE:
        known[EMERGENCY] = True
    return known | brief.facts


def _for_whom(brief: Brief, scheme: str) -> str:
    """The name of a scheme, which says whether it is for children."""
    return brief.library.schemes[scheme].name_th


def _verdict(
    brief: Brief, ledger: Ledger, result: Screening, problem: CodedProblem, asked: set[str]
) -> SchemeVerdict:
    scheme = brief.library.schemes[result.id]
    sentence = ledger.inferred(
        _text(scheme, result),
        spans=(*problem.spans[:1], *_grounds(brief, scheme)),
        citations=[f"scheme:{result.id}"],
        badge=Badge.TO_BE_CHECKED,
        origin=f"scheme:{result.id}",
    )
    return SchemeVerdict(
        id=result.id,
        name_th=result.name_th,
        verdict=result.verdict,
        sentence=sentence,
        question=_question(brief, ledger, result, asked),
        to_do_first=tuple(map(unmarked, result.to_do_first)),
        missing=result.missing,
        failed=tuple(map(unmarked, result.failed)),
        benefit=unmarked(result.benefit),
        source=result.source,
        as_of=result.as_of,
    )


def _grounds(brief: Brief, scheme: Scheme) -> Iterator[Span]:
    """The words of what is said of the client that the scheme's criteria ask for."""
    asked = {name for c in scheme.criteria if c.test for name in fields(c.test)}
    for fact in brief.client_facts:
        if fact.field in asked:
            yield from fact.spans[:1]


def _text(scheme: Scheme, result: Screening) -> str:
    name = scheme.name_th
    if result.verdict == "likely" and scheme.type_th in templates()["scheme.service"].split():
        return say("scheme.use", name=name, apply=place(scheme))
    return say(
        f"scheme.{result.verdict}",
        name=name,
        apply=place(scheme),
        agency=_FIRST.split(unmarked(scheme.agency_th))[0].strip(),
        failed=" ".join(map(unmarked, result.failed)),
    )


def place(scheme: Scheme) -> str:
    """Where to go or call first."""
    return _FIRST.split(unmarked(scheme.apply_th))[0].strip() or unmarked(scheme.agency_th)


def unmarked(text: str | None) -> str:
    """A text of the register without the editors' marks."""
    return _MARK.sub("", text or "").strip()


def _question(brief: Brief, ledger: Ledger, result: Screening, asked: set[str]) -> Sentence | None:
    """The scheme's open question; each is asked once in a draft, none that the story answers."""
    if not result.question_th or result.question_th in asked:
        return None
    if still_open(brief, result.question_th) is None:
        return None
    asked.add(result.question_th)
    return ledger.frame(result.question_th, origin=f"scheme:{result.id}")
