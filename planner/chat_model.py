"""The model engine: a LangChain chat model may phrase and propose; it never decides what is true.

It sees masked text only, evidence as numbered passages, and both as quoted data. What it writes
joins the composer's draft and passes the same verification; what cannot be grounded is flagged.
Any failure leaves the composer's draft standing, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Any, Literal, Protocol

from langchain.chat_models import init_chat_model
from pydantic import BaseModel, Field, ValidationError

from intake.schemas import Span
from planner.brief import Brief
from planner.evidence import Evidence
from planner.ledger import Ledger
from planner.periods import after
from planner.schemas import Action, Badge, Draft, Problem, Sentence
from runtime.errors import CmisError
from runtime.settings import Settings

PROMPT = "formulate.v1"
PASSAGES, PASSAGE_LENGTH = 24, 700
ANSWER_LIMIT = 20_000
ATTEMPTS = 2
Within = Literal["1h", "24h", "48h", "72h", "7d", "30d", "90d", "180d"]


class MaskedText(Protocol):
    """What masking gives: a text without names, and the map to put them back."""

    @property
    def text(self) -> str:
        """The masked text."""
        ...

    @property
    def placeholders(self) -> dict[str, str]:
        """Placeholder to words."""
        ...


class Line(BaseModel):
    """One sentence of the model with what it rests on."""

    text: str = Field(max_length=600)
    passages: list[int] = Field(default_factory=list, max_length=8)
    quotes: list[str] = Field(default_factory=list, max_length=4)


class Proposal(Line):
    """One action the model proposes."""

    problem: str
    who: str
    within: Within


class Answer(BaseModel):
    """The structured answer."""

    formulation: list[Line] = Field(default_factory=list, max_length=6)
    actions: list[Proposal] = Field(default_factory=list, max_length=6)


class ChatEngine:
    """Asks one chat model. ``mask`` must fail closed; ``restore`` puts the words back."""

    def __init__(
        self,
        name: str,
        ask: Callable[[str], Any],
        mask: Callable[[str], MaskedText],
        restore: Callable[[str, dict[str, str]], str],
    ) -> None:
        self.name = name
        self._ask = ask
        self._mask = mask
        self._restore = restore

    def enrich(self, draft: Draft, brief: Brief, ledger: Ledger, evidence: Evidence) -> Draft:
        """The composer's draft with the model's sentences; unchanged but for a note on failure."""
        try:
            masked = self._mask(brief.narrative.text)
            cited = [brief.library.entries[i] for i in evidence.ids()[:PASSAGES]]
            answer = self._answer(_prompt(brief, masked.text, [e.text_th for e in cited]))
        except CmisError as error:
            return draft.model_copy(update={"engine_note": error.code})
        except ValidationError:
            return draft.model_copy(update={"engine_note": "chat.answer_unusable"})
        except Exception:
            return draft.model_copy(update={"engine_note": "chat.unreachable"})
        writer = _Writer(self, brief, ledger, [e.id for e in cited], masked.placeholders)
        return writer.joined(draft, answer)

    def put_back(self, text: str, placeholders: dict[str, str]) -> str:
        """The model's words with the names restored."""
        return self._restore(text, placeholders)

    def _answer(self, prompt: str) -> Answer:
        complaint = ""
        for attempt in range(ATTEMPTS):
            try:
                return Answer.model_validate(self._ask(prompt + complaint))
            except ValidationError as error:
                if attempt == ATTEMPTS - 1:
                    raise
                places = ", ".join(
                    ".".join(map(str, e["loc"])) for e in error.errors(include_input=False)[:5]
                )
                complaint = f"\n\nJSON: {places}"
        raise AssertionError


class _Writer:
    """Turns an answer into sentences of a draft."""

    def __init__(
        self,
        engine: ChatEngine,
        brief: Brief,
        ledger: Ledger,
        cited: list[str],
        placeholders: dict[str, str],
    ) -> None:
        self.engine, self.brief, self.ledger = engine, brief, ledger
        self.cited, self.placeholders = cited, placeholders

    def joined(self, draft: Draft, answer: Answer) -> Draft:
        formulation = tuple(self._sentence(line) for line in answer.formulation)
        problems = list(draft.plan.problems)
        for number, proposal in enumerate(answer.actions, 1):
            self._add(problems, proposal, number)
        assessment = draft.assessment
        if formulation:
            kept = assessment.formulation
            assessment = assessment.model_copy(update={"formulation": (*kept, *formulation)})
        return draft.model_copy(
            update={
                "engine": f"chat:{self.engine.name}",
                "assessment": assessment,
                "plan": draft.plan.model_copy(update={"problems": tuple(problems)}),
                "citations": self.ledger.citations,
            }
        )

    def _add(self, problems: list[Problem], proposal: Proposal, number: int) -> None:
        known = self.brief.library.roles
        for i, problem in enumerate(problems):
            if problem.code != proposal.problem or not problem.goals or proposal.who not in known:
                continue
            action = Action(
                id=f"m{number}",
                codes=(problem.code,),
                sentence=self._sentence(proposal),
                responsible=(proposal.who,),
                within=proposal.within,
                due=after(self.brief.received_at, proposal.within),
                state="scheduled",
            )
            first, *others = problem.goals
            first = first.model_copy(update={"actions": (*first.actions, action)})
            problems[i] = problem.model_copy(update={"goals": (first, *others)})

    def _sentence(self, line: Line) -> Sentence:
        quotes = [self.engine.put_back(q, self.placeholders) for q in line.quotes]
        spans = [s for s in map(self._span, quotes) if s]
        cited = [self.cited[n - 1] for n in line.passages if 0 < n <= len(self.cited)]
        return self.ledger.inferred(
            self.engine.put_back(line.text, self.placeholders),
            spans=spans,
            citations=cited,
            badge=Badge.TO_BE_CHECKED,
        )

    def _span(self, quote: str) -> Span | None:
        at = self.brief.narrative.text.find(quote) if quote.strip() else -1
        return Span(start=at, end=at + len(quote), text=quote) if at >= 0 else None


def open_chat(
    settings: Settings,
    mask: Callable[[str], MaskedText],
    restore: Callable[[str, dict[str, str]], str],
) -> ChatEngine | None:
    """The configured chat model, or None when none is set."""
    if not settings.chat_model:
        return None
    key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else "none"
    model = init_chat_model(
        settings.chat_model,
        model_provider="openai" if settings.chat_base_url else None,
        base_url=settings.chat_base_url,
        api_key=key,
        temperature=0,
        timeout=settings.chat_timeout_s,
        max_retries=1,
        max_tokens=ANSWER_LIMIT // 8,
    )
    structured = model.with_structured_output(Answer, method="json_schema")
    return ChatEngine(settings.chat_model, structured.invoke, mask, restore)


def _prompt(brief: Brief, narrative: str, passages: list[str]) -> str:
    file = resources.files("planner").joinpath("prompts", f"{PROMPT}.md")
    problems = "\n".join(f"- {p.code} {p.label_th}" for p in brief.problems)
    numbered = "\n".join(f"[{n}] {p[:PASSAGE_LENGTH]}" for n, p in enumerate(passages, 1))
    template = file.read_text(encoding="utf-8")
    for name, value in (("problems", problems), ("passages", numbered), ("narrative", narrative)):
        template = template.replace("{" + name + "}", _inert(value))
    return template


def _inert(text: str) -> str:
    """Data that cannot close its own frame."""
    return text.replace("<", "‹").replace(">", "›").replace("{", "(").replace("}", ")")
