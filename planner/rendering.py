"""A draft as ``cmis draft`` prints it: one JSON document, or Thai text to read aloud."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from intake.schemas import Role
from knowledge_base.library import Library, load_library
from planner.grounding import uncited
from planner.schemas import Action, Deadline, Draft, Goal, Ink, Risk, SchemeVerdict, Sentence
from runtime.messages import sentence
from runtime.thai_dates import show_date, show_datetime

SIGNS = {Ink.SAID: "❝", Ink.RULE: "§", Ink.INFERRED: "∴", Ink.FRAME: "·"}


def draft_json(draft: Draft) -> dict[str, Any]:
    """``{codes, urgency, red_flags, deadlines, schemes, assessment, plan, citations, …}``."""
    data = draft.model_dump(mode="json")
    return data | {
        "flagged": list(draft.flagged()),
        "uncited_sentences": len(uncited(draft, load_library())),
    }


def draft_text(draft: Draft) -> str:
    """The draft for a person: signs show the ink of each sentence."""
    return "\n".join(_lines(draft, load_library()))


def _lines(draft: Draft, library: Library) -> Iterator[str]:
    yield from _head(draft, library)
    assessment, plan = draft.assessment, draft.plan
    yield from _part("risks", _risks(assessment.risks, library))
    yield from _part("facts", map(_line, assessment.facts))
    yield from _part("formulation", map(_line, assessment.formulation))
    yield from _part("needs", (_line(n.sentence) for n in assessment.needs))
    yield from _part("strengths", map(_line, assessment.strengths))
    yield from _part("missing", map(_line, assessment.missing))
    yield from _problems(draft, library)
    yield from _part("safety", map(_line, plan.safety))
    yield from _part("warnings", map(_line, plan.warnings))
    yield from _part("schemes", _schemes(draft.schemes))
    yield from _part("deadlines", _deadlines(draft.deadlines))
    yield from _part("referrals", (_line(r.sentence) for r in plan.referrals))
    for name in ("mdt", "documents", "consent", "review", "alternatives"):
        yield from _part(name, map(_line, getattr(plan, name)))
    yield ""
    yield sentence("draft.sources", count=len(draft.citations))
    for c in draft.citations:
        yield f"  [{c.id}] {c.title_th}" + (f" ({c.source})" if c.source else "")


def _risks(risks: Iterable[Risk], library: Library) -> Iterator[str]:
    """Each danger with who may judge it otherwise, then its answer."""
    for risk in risks:
        yield _line(risk.sentence)
        who = ", ".join(library.roles[r].th for r in risk.may_override)
        if who:
            yield sentence("draft.override", who=who)
        yield _line(risk.response)


def _head(draft: Draft, library: Library) -> Iterator[str]:
    urgency = library.codebook.urgency_levels[draft.urgency].th
    yield sentence("draft.title", date=show_date(draft.as_of), urgency=urgency)
    if draft.engine_note:
        yield f"  {sentence(draft.engine_note)}"
    if draft.urgency_reason:
        yield f"  {draft.urgency_reason}"
    for problem in draft.codes:
        words = " ".join(f"«{s.text}»" for s in problem.spans[:2])
        role = "" if problem.role is Role.SECONDARY else sentence(f"draft.role.{problem.role}")
        yield f"  {problem.code} {problem.label_th} {role} {words}".replace("  ", " ")


def _part(name: str, lines: Iterable[str]) -> Iterator[str]:
    """Lines under their heading; nothing at all where there are none."""
    told = list(lines)
    if told:
        yield ""
        yield sentence(f"draft.part.{name}")
        yield from told


def _line(item: Sentence, indent: str = "  ") -> str:
    cited = f"  [{' '.join(item.citations)}]" if item.citations else ""
    flags = " ".join(f"⚠ {sentence(f.code)}" for f in item.flags)
    return f"{indent}{SIGNS[item.ink]} {item.text}{cited} {flags}".rstrip()


def _problems(draft: Draft, library: Library) -> Iterator[str]:
    for problem in draft.plan.problems:
        yield ""
        yield f"{problem.code} {problem.label_th}"
        yield from map(_line, problem.find_out_first)
        if problem.no_goal_reason:
            yield _line(problem.no_goal_reason)
        for goal in problem.goals:
            yield from _goal(goal, library)


def _goal(goal: Goal, library: Library) -> Iterator[str]:
    yield sentence("draft.goal", text=goal.sentence.text)
    yield sentence("draft.indicator", text=goal.indicator.text)
    for action in goal.actions:
        yield from _action(action, library)


def _action(action: Action, library: Library) -> Iterator[str]:
    who = ", ".join(library.roles[r].th for r in action.responsible)
    due = show_datetime(action.due, short=True) if action.due else ""
    yield _line(action.sentence, "    ")
    yield f"        {who} · {due} · {sentence(f'draft.state.{action.state}')}"
    if action.question:
        yield sentence("draft.question", text=action.question.text)


def _schemes(schemes: Iterable[SchemeVerdict]) -> Iterator[str]:
    for scheme in schemes:
        yield _line(scheme.sentence)
        if scheme.question:
            yield sentence("draft.question", text=scheme.question.text)


def _deadlines(deadlines: Iterable[Deadline]) -> Iterator[str]:
    for deadline in deadlines:
        yield _line(deadline.duty)
        if deadline.due:
            yield sentence("draft.due", date=show_datetime(deadline.due))
        if deadline.question:
            yield sentence("draft.question", text=deadline.question.text)
