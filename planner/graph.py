"""The planner: a LangGraph graph from a coded narrative to a verified draft, step by step."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph

from intake.narrative import Narrative
from intake.schemas import CodedNarrative
from knowledge_base.library import Library
from knowledge_base.search import Search
from planner.brief import Brief
from planner.chat_model import ChatEngine
from planner.composer import compose_assessment, compose_draft, compose_plan
from planner.evidence import Evidence, gather
from planner.grounding import verify
from planner.ledger import Ledger, Official
from planner.schemas import Assessment, Draft, Plan
from runtime.clock import now
from runtime.errors import BadInput

Progress = Callable[[float, str], None]
STEPS = ("problems", "evidence", "assessment", "plan", "model", "verify", "done")


class DraftCancelled(BadInput):
    """Somebody stopped the draft."""

    code = "draft.cancelled"
    status = 409


class NothingToPlan(BadInput):
    """No problem was coded, so there is nothing to draft from."""

    code = "draft.no_problem"


class State(TypedDict, total=False):
    """What the steps hand on."""

    brief: Brief
    ledger: Ledger
    evidence: Evidence
    assessment: Assessment
    plan: Plan
    draft: Draft


class Planner:
    """Drafts assessments and care plans. Knows no case and no database row of the record."""

    def __init__(
        self,
        library: Library,
        search: Search | None = None,
        chat: ChatEngine | None = None,
        official: Official | None = None,
    ) -> None:
        self._library = library
        self._official = official
        self._search = search
        self._chat = chat
        self._graph = self._built()

    def draft(
        self,
        narrative: Narrative,
        coded: CodedNarrative,
        *,
        as_of: date,
        received_at: datetime | None = None,
        progress: Progress | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Draft:
        """The verified draft. ``progress`` hears ``(share, step)``; ``cancel`` may stop it.

        Raises `NothingToPlan` or `DraftCancelled`.
        """
        brief = Brief(self._library, narrative, coded, as_of, received_at or now())
        if not brief.problems:
            raise NothingToPlan
        state: State = {"brief": brief, "ledger": Ledger(self._library, as_of, self._official)}
        return self._run(state, progress, cancel)

    def _run(
        self, state: State, progress: Progress | None, cancel: Callable[[], bool] | None
    ) -> Draft:
        begun = last = time.perf_counter()
        timings: dict[str, float] = {}
        made: Draft | None = None
        for kind, event in self._graph.stream(state, stream_mode=["custom", "updates"]):
            if cancel and cancel():
                raise DraftCancelled
            if kind == "custom" and progress:
                progress(STEPS.index(event) / (len(STEPS) - 1), event)
            elif kind == "updates":
                moment = time.perf_counter()
                timings |= {name: round((moment - last) * 1000, 1) for name in event}
                last = moment
                made = next((u["draft"] for u in event.values() if u and "draft" in u), made)
        if made is None:
            raise NothingToPlan
        timings["total"] = round((time.perf_counter() - begun) * 1000, 1)
        if progress:
            progress(1.0, "done")
        return made.model_copy(update={"timings_ms": timings})

    def _built(self) -> Any:
        graph: Any = StateGraph(State)
        steps = {
            "problems": self._problems,
            "evidence": self._evidence,
            "assessment": self._assessment,
            "plan": self._plan,
            "model": self._model,
            "verify": self._verify,
        }
        names = list(steps)
        for name, step in steps.items():
            graph.add_node(name, _announced(name, step))
        for before, behind in zip([START, *names], [*names, END], strict=True):
            graph.add_edge(before, behind)
        return graph.compile()

    def _problems(self, state: State) -> State:
        return {"brief": state["brief"]}

    def _evidence(self, state: State) -> State:
        brief = state["brief"]
        evidence = gather(self._library, self._search, brief.problems, brief.as_of)
        gaps = {
            "brief": Brief(
                brief.library,
                brief.narrative,
                brief.coded,
                brief.as_of,
                brief.received_at,
                evidence.gaps,
            )
        }
        return {"evidence": evidence, **gaps}  # type: ignore[typeddict-item]

    def _assessment(self, state: State) -> State:
        return {"assessment": compose_assessment(state["brief"], state["ledger"])}

    def _plan(self, state: State) -> State:
        plan = compose_plan(state["brief"], state["ledger"])
        draft = compose_draft(state["brief"], state["ledger"], state["assessment"], plan)
        return {"plan": plan, "draft": draft}

    def _model(self, state: State) -> State:
        if self._chat is None:
            return {}
        return {
            "draft": self._chat.enrich(
                state["draft"], state["brief"], state["ledger"], state["evidence"]
            )
        }

    def _verify(self, state: State) -> State:
        text = state["brief"].narrative.text
        return {"draft": verify(state["draft"], self._library, text)}


def _announced(name: str, step: Callable[[State], State]) -> Callable[[State], State]:
    def run(state: State) -> State:
        get_stream_writer()(name)
        return step(state)

    return run
