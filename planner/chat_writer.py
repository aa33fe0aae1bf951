"""Turns a model's answer into sentences of a draft, each with the ground the model named."""

from __future__ import annotations

from collections.abc import Callable

from intake.schemas import Span
from planner.brief import Brief
from planner.chat_answer import Answer, Line, Proposal
from planner.ledger import Ledger
from planner.origins import MODEL
from planner.periods import after
from planner.schemas import Action, Badge, Draft, Problem, Sentence


class ChatWriter:
    """Joins answers to the composer's draft. ``put_back`` restores names behind the mask."""

    def __init__(
        self,
        model: str,
        brief: Brief,
        ledger: Ledger,
        cited: list[str],
        put_back: Callable[[str], str],
    ) -> None:
        self._origin = f"{MODEL}{model}"
        self._brief, self._ledger = brief, ledger
        self._cited, self._put_back = cited, put_back

    def joined(self, draft: Draft, answer: Answer) -> Draft:
        """The draft with the model's sentences behind the composer's; nothing is replaced."""
        lines = tuple(self._sentence(line) for line in answer.formulation)
        problems = list(draft.plan.problems)
        for number, proposal in enumerate(answer.actions, 1):
            self._add(problems, proposal, number)
        kept = draft.assessment.formulation
        assessment = draft.assessment.model_copy(update={"formulation": (*kept, *lines)})
        return draft.model_copy(
            update={
                "engine": self._origin,
                "assessment": assessment,
                "plan": draft.plan.model_copy(update={"problems": tuple(problems)}),
                "citations": self._ledger.citations,
            }
        )

    def _add(self, problems: list[Problem], proposal: Proposal, number: int) -> None:
        for i, problem in enumerate(problems):
            known = proposal.who in self._brief.library.roles
            if problem.code != proposal.problem or not problem.goals or not known:
                continue
            action = Action(
                id=f"m{number}",
                codes=(problem.code,),
                sentence=self._sentence(proposal),
                responsible=(proposal.who,),
                within=proposal.within,
                due=after(self._brief.received_at, proposal.within),
                state="scheduled",
            )
            first, *others = problem.goals
            first = first.model_copy(update={"actions": (*first.actions, action)})
            problems[i] = problem.model_copy(update={"goals": (first, *others)})

    def _sentence(self, line: Line) -> Sentence:
        spans = [s for s in map(self._span, map(self._put_back, line.quotes)) if s]
        cited = [self._cited[n - 1] for n in line.passages if 0 < n <= len(self._cited)]
        return self._ledger.inferred(
            self._put_back(line.text),
            spans=spans,
            citations=cited,
            badge=Badge.TO_BE_CHECKED,
            origin=self._origin,
        )

    def _span(self, quote: str) -> Span | None:
        at = self._brief.narrative.text.find(quote) if quote.strip() else -1
        return Span(start=at, end=at + len(quote), text=quote) if at >= 0 else None
