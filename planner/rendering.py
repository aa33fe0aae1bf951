"""A draft as ``cmis draft`` prints it: one JSON document, or Thai text to read aloud."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from intake.schemas import Role
from knowledge_base.library import Library, load_library
from planner.grounding import uncited
from planner.schemas import Action, Deadline, Draft, Goal, Ink, SchemeVerdict, Sentence
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
    risks = [s for r in assessment.risks for s in (r.sentence, r.response)]
    yield from _part("risks", risks)
    yield from _part("facts", assessment.facts)
    yield from _part("formulation", assessment.formulation)
    yield from _part("needs", [n.sentence for n in assessment.needs])
    yield from _part("strengths", assessment.strengths)
    yield from _part("missing", assessment.missing)
    yield from _problems(draft, library)
    yield from _part("safety", plan.safety)
    yield from _part("warnings", plan.warnings)
    yield from _schemes(draft.schemes)
    yield from _deadlines(draft.deadlines)
    yield from _part("referrals", [r.sentence for r in plan.referrals])
    for name in ("mdt", "documents", "consent", "review", "alternatives"):
        yield from _part(name, getattr(plan, name))
    yield ""
    yield sentence("draft.sources", count=len(draft.citations))
    for c in draft.citations:
        yield f"  [{c.id}] {c.title_th}" + (f" ({c.source})" if c.source else "")


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


def _part(name: str, sentences: Iterable[Sentence]) -> Iterator[str]:
    lines = [_line(s) for s in sentences]
    if lines:
        yield ""
        yield sentence(f"draft.part.{name}")
        yield from lines


def _line(item: Sentence, indent: str = "  ") -> str:
    cited = f"  [{' '.join(item.citations)}]" if item.citations else ""
    flags = " ".join(f"⚠ {sentence(f.code)}" for f in item.flags)
    return f"{indent}{SIGNS[item.ink]} {item.text}{cited} {flags}".rstrip()


def _problems(draft: Draft, library: Library) -> Iterator[str]:
    for problem in draft.plan.problems:
        yield ""
        yield f"{problem.code} {problem.label_th}"
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
    listed = list(schemes)
    if listed:
        yield ""
        yield sentence("draft.part.schemes")
    for scheme in listed:
        yield _line(scheme.sentence)
        if scheme.question:
            yield sentence("draft.question", text=scheme.question.text)


def _deadlines(deadlines: Iterable[Deadline]) -> Iterator[str]:
    listed = list(deadlines)
    if listed:
        yield ""
        yield sentence("draft.part.deadlines")
    for deadline in listed:
        yield _line(deadline.duty)
        if deadline.due:
            yield sentence("draft.due", date=show_datetime(deadline.due))
        if deadline.question:
            yield sentence("draft.question", text=deadline.question.text)
