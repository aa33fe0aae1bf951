"""What stands beside the goals: safety, warnings, schemes, deadlines, documents, team, consent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from intake.schemas import CodedProblem, Role
from knowledge_base.eligibility import Screening, screen
from knowledge_base.interventions import Deadline as LibraryDeadline
from planner.assessment import approach
from planner.brief import Brief
from planner.ledger import Ledger, practice_badge
from planner.periods import after
from planner.schemas import Badge, Deadline, SchemeVerdict, Sentence
from planner.wording import say
from runtime.thai_dates import show_date

SAFETY_DOMAINS = frozenset({"D01", "D02", "D03", "D08"})
SAFETY_ALL, WARNINGS_ALL, SCHEMES_ALL, MDT_ALL, DOCUMENTS_ALL = 10, 12, 12, 8, 10
WARNINGS = {Role.PRIMARY: 6, Role.SECONDARY: 3, Role.SUSPECTED: 2}
VERDICTS = ("likely", "ask", "assess", "unlikely")
KNOWN_START = "report_received"
REVIEW_DAYS = 14


def safety(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    """The safety plan, where someone may come to harm."""
    if not brief.coded.red_flags and not any(_harmful(brief, p) for p in brief.problems):
        return
    lines: dict[str, CodedProblem] = {}
    for problem in brief.problems:
        for line in brief.library.interventions[problem.code].safety_th:
            lines.setdefault(brief.fill(line, brief.as_of), problem)
    for line, problem in list(lines.items())[:SAFETY_ALL]:
        yield ledger.inferred(
            line,
            spans=problem.spans[:1],
            citations=["practice:safety-plan", approach(problem.code)],
            badge=Badge.PROPOSAL,
            origin=problem.code,
        )


def _harmful(brief: Brief, problem: CodedProblem) -> bool:
    return brief.library.codebook.codes[problem.code].domain in SAFETY_DOMAINS


def warnings(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    """What the library forbids for these problems, with its reasons."""
    seen: dict[str, None] = {}
    for problem in brief.problems:
        for must_not in brief.library.interventions[problem.code].must_not[
            : WARNINGS[problem.role]
        ]:
            name = "warning.unless" if must_not.unless_th else "warning"
            places = {"text": must_not.text_th, "why": must_not.why_th}
            text = say(name, **places, unless=must_not.unless_th or "")
            text = brief.fill(text, brief.as_of)
            if must_not.text_th in seen or len(seen) >= WARNINGS_ALL:
                continue
            seen[must_not.text_th] = None
            yield ledger.inferred(
                text,
                spans=problem.spans[:1],
                citations=[approach(problem.code)],
                badge=Badge.PROPOSAL,
                origin=problem.code,
            )


def scheme_verdicts(brief: Brief, ledger: Ledger) -> Iterator[SchemeVerdict]:
    """The schemes worth screening for these problems, the likeliest first."""
    wanted: dict[str, CodedProblem] = {}
    for problem in brief.problems:
        for scheme in brief.library.interventions[problem.code].schemes:
            wanted.setdefault(scheme, problem)
    screened = screen(brief.library, brief.facts, brief.as_of, list(wanted))
    screened.sort(key=lambda s: VERDICTS.index(s.verdict))
    for result in screened[:SCHEMES_ALL]:
        yield _verdict(ledger, result, wanted[result.id])


def _verdict(ledger: Ledger, result: Screening, problem: CodedProblem) -> SchemeVerdict:
    failed = " ".join(result.failed)
    sentence = ledger.inferred(
        say(f"scheme.{result.verdict}", name=result.name_th, failed=failed),
        spans=problem.spans[:1],
        citations=[f"scheme:{result.id}"],
        badge=Badge.TO_BE_CHECKED,
        origin=f"scheme:{result.id}",
    )
    question = ledger.frame(result.question_th) if result.question_th else None
    return SchemeVerdict(
        id=result.id,
        name_th=result.name_th,
        verdict=result.verdict,
        sentence=sentence,
        question=question,
        to_do_first=result.to_do_first,
        missing=result.missing,
        failed=result.failed,
        benefit=result.benefit,
        source=result.source,
        as_of=result.as_of,
    )


def deadlines(brief: Brief, ledger: Ledger) -> Iterator[Deadline]:
    """Time limits these problems may trigger; an unknown start asks instead of guessing."""
    seen: set[tuple[str, str, tuple[str, ...]]] = set()
    for problem in brief.problems:
        for deadline in brief.library.interventions[problem.code].deadlines:
            key = (deadline.start, deadline.within, deadline.cites)
            if key not in seen:
                seen.add(key)
                yield _deadline(brief, ledger, problem, deadline, len(seen))


def _deadline(
    brief: Brief, ledger: Ledger, problem: CodedProblem, deadline: LibraryDeadline, number: int
) -> Deadline:
    known = deadline.start == KNOWN_START
    due = after(brief.received_at, deadline.within) if known else None
    start = brief.library.starts[deadline.start].th
    return Deadline(
        id=f"{problem.code}.d{number}",
        start=deadline.start,
        within=deadline.within,
        bound=deadline.bound,
        statutory=deadline.statutory,
        due=due,
        duty=_duty(brief, ledger, problem, deadline),
        question=None if known else ledger.frame(say("deadline.ask", start=start)),
    )


def _duty(
    brief: Brief, ledger: Ledger, problem: CodedProblem, deadline: LibraryDeadline
) -> Sentence:
    text = brief.fill(say("deadline.known", duty=deadline.duty_th), brief.as_of)
    if deadline.statutory and ledger.is_verified(deadline.cites):
        return ledger.rule(text, deadline.cites, problem.code)
    badge = Badge.TO_BE_CHECKED if deadline.statutory else practice_badge("P")
    return ledger.inferred(
        text,
        spans=problem.spans[:1],
        citations=deadline.cites,
        badge=badge,
        origin=problem.code,
    )


def team(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    """Questions for each profession of the team."""
    asked = dict.fromkeys(
        (m.who, m.asks_th) for p in brief.problems for m in brief.library.interventions[p.code].mdt
    )
    for who, asks in list(asked)[:MDT_ALL]:
        role = brief.library.roles[who].th
        yield ledger.frame(say("mdt", role=role, asks=brief.fill(asks, brief.as_of)))


def documents(brief: Brief, ledger: Ledger) -> Iterator[Sentence]:
    """The papers these problems need."""
    wanted = dict.fromkeys(
        d for p in brief.problems for d in brief.library.interventions[p.code].documents
    )
    for reference in list(wanted)[:DOCUMENTS_ALL]:
        name = brief.library.documents[reference].name_th
        yield ledger.frame(say("document", name=name), [reference])


def consent(ledger: Ledger) -> Iterator[Sentence]:
    """The consent to ask for, as form text."""
    for name in ("consent.service", "consent.withdraw", "consent.duty"):
        yield ledger.frame(say(name), ["practice:consent"])


def review(brief: Brief, ledger: Ledger) -> Sentence:
    """When the whole plan is looked at again."""
    day = (brief.received_at + timedelta(days=REVIEW_DAYS)).date()
    return ledger.frame(say("review.whole", date=show_date(day)), ["practice:reassessment"])
