"""One version on the table: its parts in reading order, and what was decided about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ui.desk import Desk

ASSESSMENT = ("facts", "strengths", "needs", "risks", "formulation", "missing")
PLAN = ("problems", "safety", "consent", "warnings", "mdt", "documents", "review", "alternatives")
LISTS = ("codes", "red_flags", "deadlines", "schemes", "citations")


@dataclass(frozen=True)
class Review:
    """One version on the table, with the decisions taken so far."""

    desk: Desk
    version: dict[str, Any]
    acts: bool = True
    folds: bool = False

    @property
    def folded(self) -> tuple[str, ...]:
        """Parts of the draft that wait until the person has told how they see the risk."""
        return ("risks",) if self.folds else ()

    @property
    def draft(self) -> dict[str, Any]:
        """The draft as the planner made it; parts this person is not shown are empty."""
        content: dict[str, Any] = self.version["content"]
        return whole(content)

    @property
    def approved(self) -> bool:
        """Whether this very version was approved."""
        return self.version.get("approval") is not None

    @property
    def may_decide(self) -> bool:
        """Whether this person may still decide on its sentences."""
        return self.acts and not self.approved

    def to_mend(self, sentence: Mapping[str, Any]) -> bool:
        """Whether a sentence blocks the approval as it stands."""
        return bool(sentence["flags"]) and self.decision(sentence["id"]) is None

    def decision(self, sentence_id: str) -> dict[str, Any] | None:
        """What was decided about a sentence, if anything."""
        found: dict[str, Any] | None = self.version["decisions"].get(sentence_id)
        return found if found and found["decision"] else None

    def revision(self, sentence_id: str) -> int:
        """The last revision seen of a sentence's decision; 0 for none."""
        return int((self.version["decisions"].get(sentence_id) or {}).get("revision", 0))

    def citations(self) -> dict[str, dict[str, Any]]:
        """The cited passages by id."""
        titles = self.version.get("titles_en") or {}
        return {c["id"]: c | {"title_en": titles.get(c["id"])} for c in self.draft["citations"]}

    def title(self, name: str) -> str:
        """What a part of `sections` is called; that of a problem by its code."""
        if name.islower():
            return self.desk.say(f"section.{name}")
        code, _, label = name.partition(" ")
        return f"{code} {self.desk.code_name({'code': code, 'label_th': label})}"


def whole(content: Mapping[str, Any]) -> dict[str, Any]:
    """A draft with an empty part in the place of each that is withheld."""
    empty: dict[str, Any] = {
        "assessment": {name: [] for name in ASSESSMENT},
        "plan": {name: [] for name in PLAN},
    }
    empty |= {name: [] for name in LISTS}
    return dict(content) | {name: content.get(name) or part for name, part in empty.items()}


def sections(draft: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The parts of a draft a person decides on, in reading order: name and ``{sentence, meta}``."""
    assessment, plan = draft["assessment"], draft["plan"]
    yield (
        "risks",
        [item for risk in assessment["risks"] for item in _risk(risk)],
    )
    yield "safety", [_line(s) for s in plan["safety"]]
    yield "facts", [_line(s) for s in assessment["facts"]]
    yield "strengths", [_line(s) for s in assessment["strengths"]]
    yield "needs", [_line(n["sentence"]) for n in assessment["needs"]]
    yield "formulation", [_line(s) for s in assessment["formulation"]]
    for problem in plan["problems"]:
        yield f"{problem['code']} {problem['label_th']}", list(_problem(problem))
    yield (
        "deadlines",
        [_line(d["duty"], due=d["due"], ask=d["question"]) for d in draft["deadlines"]],
    )
    yield (
        "schemes",
        [_line(s["sentence"], ask=s["question"], verdict=s["verdict"]) for s in draft["schemes"]],
    )
    for name in ("warnings", "consent", "documents", "review", "alternatives"):
        yield name, [_line(s) for s in plan[name]]


def _line(sentence: dict[str, Any], **about: Any) -> dict[str, Any]:
    return {"sentence": sentence, **about}


def _risk(risk: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The danger with who may judge it otherwise, then what is done about it."""
    yield _line(risk["sentence"], override=risk.get("may_override"))
    yield _line(risk["response"], who=risk.get("responsible"), due=risk.get("due"))


def _problem(problem: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (_line(s, doubt=True) for s in problem.get("find_out_first", ()))
    if problem["no_goal_reason"]:
        yield _line(problem["no_goal_reason"])
    for goal in problem["goals"]:
        yield _line(goal["sentence"], goal=True, review_on=goal["review_on"])
        yield _line(goal["indicator"], indicator=True)
        for action in goal["actions"]:
            yield _line(
                action["sentence"],
                who=action["responsible"],
                within=action["within"],
                due=action["due"],
                state=action["state"],
                ask=action["question"],
            )
