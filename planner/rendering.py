"""A draft as ``cmis draft`` prints it: one JSON document, or Thai text to read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knowledge_base.library import Library, load_library
from planner.grounding import uncited
from planner.schemas import Draft, Ink, Sentence
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
    urgency = library.codebook.urgency_levels[draft.urgency].th
    yield sentence("draft.title", date=show_date(draft.as_of), urgency=urgency)
    yield f"  {draft.urgency_reason}"
    for problem in draft.codes:
        words = " ".join(f"«{s.text}»" for s in problem.spans[:2])
        yield f"  {problem.code} {problem.label_th} {words}"
    assessment, plan = draft.assessment, draft.plan
    risks = [s for r in assessment.risks for s in (r.sentence, r.response)]
    yield from _part("risks", risks)
    yield from _part("facts", assessment.facts)
    yield from _part("needs", [n.sentence for n in assessment.needs])
    yield from _part("formulation", assessment.formulation)
    yield from _part("missing", assessment.missing)
    yield from _problems(draft, library)
    yield from _part("safety", plan.safety)
    yield from _part("warnings", plan.warnings)
    yield from _part("schemes", [s.sentence for s in draft.schemes])
    yield from _part("deadlines", [d.duty for d in draft.deadlines])
    for name in ("mdt", "documents", "consent", "review"):
        yield from _part(name, getattr(plan, name))
    yield ""
    yield sentence("draft.sources", count=len(draft.citations))
    yield from (f"  [{c.id}] {c.title_th} ({c.source})" for c in draft.citations)


def _part(name: str, sentences: Any) -> Iterator[str]:
    if sentences:
        yield ""
        yield sentence(f"draft.part.{name}")
        yield from (_line(s) for s in sentences)


def _line(item: Sentence, indent: str = "  ") -> str:
    cited = f"  [{' '.join(item.citations)}]" if item.citations else ""
    flags = " ".join(f"⚠ {sentence(f.code)}" for f in item.flags)
    return f"{indent}{SIGNS[item.ink]} {item.text}{cited} {flags}".rstrip()


def _problems(draft: Draft, library: Library) -> Iterator[str]:
    for problem in draft.plan.problems:
        yield ""
        yield f"{problem.code} {problem.label_th}"
        for goal in problem.goals:
            yield sentence("draft.goal", text=goal.sentence.text)
            yield sentence("draft.indicator", text=goal.indicator.text)
            for action in goal.actions:
                who = " ".join(library.roles[r].th for r in action.responsible)
                due = show_datetime(action.due, short=True) if action.due else ""
                state = sentence(f"draft.state.{action.state}")
                yield _line(action.sentence, "    ")
                yield f"        {who} · {due} · {state}"
