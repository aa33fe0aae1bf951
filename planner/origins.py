"""The library's own words behind a sentence: what its origin says, to hold the sentence to it."""

from __future__ import annotations

from knowledge_base.interventions import Action, Intervention
from knowledge_base.library import Library
from planner.steps import PREFIX, case_actions, case_goal

MODEL = "chat:"
AND = "|"  # between a problem and the action of another one that its bans keep out
# what flags, levels, safety steps, consent and review rest on whatever the code
FORM = frozenset(
    f"practice:{topic}"
    for topic in ("urgency-levels", "safety-plan", "consent", "reassessment", "care-plan")
)


def is_library(origin: str) -> bool:
    """Whether a sentence was written from the library, not by a model or a person."""
    return bool(origin) and not origin.startswith(MODEL)


def library_action(library: Library, origin: str) -> Action | None:
    """The action behind an origin such as ``VIO-01.a5``."""
    if origin in case_actions():
        return case_actions()[origin]
    intervention = library.interventions.get(origin.split(".", maxsplit=1)[0])
    if intervention is None:
        return None
    return next((a for a in intervention.actions if a.id == origin), None)


def linked(library: Library, origin: str) -> frozenset[str]:
    """Entry ids that the reviewed library ties to an origin: what its words may be cited to."""
    origin = origin.partition(AND)[0]
    code = origin.partition(".")[0]
    if origin.startswith(("scheme:", "doc:")):
        return frozenset({origin})
    action = library_action(library, origin)
    if action is None and code not in library.interventions:
        return FORM
    own = action.cites if action else _all_cites(library.interventions[code], origin)
    entries = [e for e in map(library.resolve, [*own, approach(code)]) if e]
    return frozenset(e.id for e in entries) | (frozenset() if action else FORM)


def approach(code: str) -> str:
    """The citation of the library's approach to a code."""
    return f"practice:approach-{code.lower()}"


def _all_cites(intervention: Intervention, origin: str) -> list[str]:
    """A code's own limits and the approaches of the codes it combines with."""
    if origin != intervention.code:
        return []
    others = [approach(c) for c in intervention.combines_with]
    return [*(c for d in intervention.deadlines for c in d.cites), *others]


def library_words(library: Library, origin: str) -> str:
    """All texts an origin may speak from; empty when it names nothing of the library."""
    if AND in origin:
        return " ".join(library_words(library, part) for part in origin.split(AND))
    code, _, item = origin.partition(".")
    if origin in library.codebook.red_flags:
        flag = library.codebook.red_flags[origin]
        return f"{flag.sign} {flag.action} {' '.join(flag.hotlines)}"
    if origin.startswith("scheme:") and origin in library.entries:
        scheme = library.schemes[origin.removeprefix("scheme:")]
        return f"{library.entries[origin].text_th} {scheme.name_th} {scheme.model_dump_json()}"
    if origin.startswith(PREFIX):
        goal, action = case_goal(), case_actions().get(origin)
        return action.text_th if action else f"{goal.text_th} {goal.indicator_th}"
    if code not in library.interventions:
        return ""
    return _item(library.interventions[code], origin if item else "")


def _item(intervention: Intervention, item: str) -> str:
    if not item:
        return intervention.model_dump_json()
    texts = [a.text_th for a in intervention.actions if a.id == item]
    texts += [f"{g.text_th} {g.indicator_th}" for g in intervention.goals if g.id == item]
    return " ".join(texts)
