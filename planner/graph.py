"""The planner: a LangGraph graph from a coded narrative to a verified draft, step by step."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, MutableMapping
from datetime import date, datetime
from typing import Any, TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph

from intake.narrative import Narrative
from intake.placeholders import CaseNames
from intake.schemas import CodedNarrative
from knowledge_base.library import Library
from knowledge_base.search import Search
from planner.brief import Brief
from planner.chat_model import ChatEngine
from planner.composer import compose_assessment, compose_draft, compose_plan
from planner.entailment import Entailment, doubted
from planner.evidence import Evidence, gather
from planner.grounding import flagged, repaired_once
from planner.ledger import Ledger, Official
from planner.schemas import Assessment, Draft, EvidenceUsed, MadeFrom, Plan, SchemeVerdict
from planner.screening import scheme_verdicts
from runtime.clock import BANGKOK, now
from runtime.errors import BadInput

Progress = Callable[[float, str], None]
Partial = Callable[[str, str], None]
STEPS = (
    "select",
    "evidence",
    "schemes",
    "assessment",
    "plan",
    "model",
    "verify",
    "repair",
    "flag",
    "done",
)


class DraftCancelled(BadInput):
    """Somebody stopped the draft."""

    code = "draft.cancelled"
    status = 409


class NothingToPlan(BadInput):
    """No problem was coded and no danger sign raised, so there is nothing to draft from."""

    code = "draft.no_problem"


class State(TypedDict, total=False):
    """What the steps hand on. ``kept`` holds the model's answers of a run that was cut off."""

    brief: Brief
    ledger: Ledger
    kept: MutableMapping[str, str]
    names: CaseNames
    evidence: Evidence
    schemes: tuple[SchemeVerdict, ...]
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
        entailment: Entailment | None = None,
    ) -> None:
        self._library = library
        self._entailment = entailment
        self._official = official
        self._search = search
        self._chat = chat
        self._graph = self._built()

    def composer(self) -> Planner:
        """The same planner without its chat model."""
        return Planner(self._library, self._search, None, self._official)

    def draft(  # noqa: PLR0913 each is asked for by name
        self,
        narrative: Narrative,
        coded: CodedNarrative,
        *,
        as_of: date,
        received_at: datetime | None = None,
        progress: Progress | None = None,
        cancel: Callable[[], bool] | None = None,
        partial: Partial | None = None,
        kept: MutableMapping[str, str] | None = None,
        names: CaseNames | None = None,
    ) -> Draft:
        """The verified draft. Raises `NothingToPlan` or `DraftCancelled`.

        ``progress`` hears ``(share, step)``, ``partial`` ``(step, text)`` as parts get ready, and
        ``cancel`` may stop the run between steps. A caller that keeps ``kept`` (answers of the
        model by the hash of the question) resumes a run that crashed without asking again.
        ``names`` are the placeholders of the case; they learn those that masking makes.
        """
        brief = Brief(
            self._library, narrative, coded, as_of, (received_at or now()).astimezone(BANGKOK)
        )
        if not brief.problems and not coded.red_flags:
            raise NothingToPlan
        state: State = {
            "brief": brief,
            "ledger": Ledger(self._library, as_of, self._official),
            "kept": {} if kept is None else kept,
            "names": CaseNames() if names is None else names,
        }
        return self._run(state, progress, cancel, partial)

    def _run(
        self,
        state: State,
        progress: Progress | None,
        cancel: Callable[[], bool] | None,
        partial: Partial | None,
    ) -> Draft:
        begun = last = time.perf_counter()
        timings: dict[str, float] = {}
        made: Draft | None = None
        for kind, event in self._graph.stream(state, stream_mode=["custom", "updates"]):
            if cancel and cancel():
                raise DraftCancelled
            if kind == "custom":
                _told(event, progress, partial)
                continue
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
            "select": self._select,
            "evidence": self._evidence,
            "schemes": self._schemes,
            "assessment": self._assessment,
            "plan": self._plan,
            "model": self._model,
            "verify": self._verify,
            "repair": self._repair,
            "flag": self._flag,
        }
        names = list(steps)
        for name, step in steps.items():
            graph.add_node(name, _announced(name, step))
        for before, behind in zip([START, *names], [*names, END], strict=True):
            graph.add_edge(before, behind)
        return graph.compile()

    def _select(self, state: State) -> State:
        _partial("select", " ".join(p.label_th for p in state["brief"].problems))
        return {"brief": state["brief"]}

    def _evidence(self, state: State) -> State:
        old = state["brief"]
        evidence = gather(self._library, self._search, old.problems, old.as_of)
        brief = Brief(
            old.library, old.narrative, old.coded, old.as_of, old.received_at, evidence.gaps
        )
        return {"evidence": evidence, "brief": brief}

    def _schemes(self, state: State) -> State:
        found = tuple(scheme_verdicts(state["brief"], state["ledger"]))
        _partial("schemes", "\n".join(s.sentence.text for s in found))
        return {"schemes": found}

    def _assessment(self, state: State) -> State:
        made = compose_assessment(state["brief"], state["ledger"])
        risks = [s.text for r in made.risks for s in (r.sentence, r.response)]
        _partial("assessment", "\n".join([*risks, *(s.text for s in made.formulation)]))
        return {"assessment": made}

    def _plan(self, state: State) -> State:
        brief, ledger = state["brief"], state["ledger"]
        plan = compose_plan(brief, ledger)
        draft = compose_draft(brief, ledger, state["assessment"], plan, state["schemes"])
        draft = draft.model_copy(update={"made_from": self._made_from(state)})
        goals = [g.sentence.text for p in plan.problems for g in p.goals]
        _partial("plan", "\n".join(goals))
        return {"plan": plan, "draft": draft}

    def _model(self, state: State) -> State:
        if self._chat is None:
            return {}
        draft = self._chat.enrich(
            state["draft"],
            state["brief"],
            state["ledger"],
            state["evidence"],
            state["kept"],
            state["names"],
        )
        return {"draft": draft}

    def _verify(self, state: State) -> State:
        return {"draft": flagged(state["draft"], self._library, state["brief"].narrative.text)}

    def _repair(self, state: State) -> State:
        return {"draft": repaired_once(state["draft"])}

    def _flag(self, state: State) -> State:
        draft = flagged(state["draft"], self._library, state["brief"].narrative.text)
        if self._entailment:
            draft = doubted(draft, self._library, self._entailment)
        return {"draft": draft}

    def _made_from(self, state: State) -> MadeFrom:
        entries = [self._library.entries[i] for i in state["evidence"].ids()]
        used = [
            EvidenceUsed(id=e.id, sha256=hashlib.sha256(e.text_th.encode()).hexdigest())
            for e in entries
        ]
        asked = self._chat.parameters if self._chat else {}
        named = {k: asked.pop(k) for k in ("model", "prompt", "prompt_sha256") if k in asked}
        version = state["brief"].coded.coder_version
        return MadeFrom(coder_version=version, parameters=asked, evidence=tuple(used), **named)


def _announced(name: str, step: Callable[[State], State]) -> Callable[[State], State]:
    def run(state: State) -> State:
        get_stream_writer()(name)
        return step(state)

    return run


def _partial(step: str, text: str) -> None:
    get_stream_writer()((step, text))


def _told(event: Any, progress: Progress | None, partial: Partial | None) -> None:
    """A step's name goes to ``progress``, a part that is ready to ``partial``."""
    if isinstance(event, tuple):
        if partial:
            partial(*event)
    elif progress:
        progress(STEPS.index(event) / (len(STEPS) - 1), event)
