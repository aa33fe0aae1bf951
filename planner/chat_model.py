"""The model engine: a LangChain chat model may phrase and propose; it never decides what is true.

It sees masked text only, evidence as numbered passages, and both as quoted data. What it writes
joins the composer's draft and passes the same verification; what cannot be grounded is flagged.
An unfit answer is asked for once more with the reason; any failure, or a spent budget, leaves what
stands by then (the composer's draft, or that and the model's first part) with a note that says why.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol

from langchain.chat_models import init_chat_model
from openai import APITimeoutError, LengthFinishReasonError

from intake.placeholders import CaseNames
from planner.brief import Brief
from planner.chat_answer import Answer, AnswerUnusable, read_answer
from planner.chat_form import ChatLimits, answerable, forms
from planner.chat_prompt import PROMPT, asked, prompt, prompt_sha256
from planner.chat_transport import limited_client
from planner.chat_writer import ChatWriter
from planner.evidence import Evidence
from planner.ledger import Ledger
from planner.schemas import Draft
from runtime.errors import CmisError, PartMissing
from runtime.settings import Settings

ATTEMPTS = 2
TEMPERATURE = 0.0
OPENAI = "openai"


class ChatBudgetSpent(CmisError):
    """The time for the model is used up."""

    code = "chat.too_slow"


class ChatUnset(PartMissing):
    """No chat model is configured, and one is needed here."""

    code = "chat.unset"


class ChatProviderMissing(PartMissing):
    """The part for the named model's provider (an extra) is not installed, or there is none."""

    code = "chat.provider_missing"


@dataclass(frozen=True)
class Question:
    """A filled prompt and the form of its answer."""

    text: str
    form: dict[str, Any]


class MaskedText(Protocol):
    """What masking gives: a text without names, which knows how to put them back."""

    @property
    def text(self) -> str:
        """The masked text."""
        ...

    def restore(self, text: str) -> str:
        """A text about the masked one with the names put back."""
        ...


Mask = Callable[[str, CaseNames | None], MaskedText]
Ask = Callable[[str, dict[str, Any]], str]


class ChatEngine:
    """Asks one chat model. ``mask`` must fail closed.

    ``ask`` takes a prompt and the answer's form and gives the model's text. ``budget_s`` bounds all
    questions and attempts together.
    """

    def __init__(
        self,
        name: str,
        ask: Ask,
        mask: Mask,
        budget_s: float = 120.0,
        limits: ChatLimits | None = None,
    ) -> None:
        self.name = name
        self._ask = ask
        self._mask = mask
        self._budget_s = budget_s
        self._limits = limits or ChatLimits()

    @property
    def parameters(self) -> dict[str, Any]:
        """What a run stores of how the model was asked."""
        return {
            "prompt": PROMPT,
            "prompt_sha256": prompt_sha256(),
            "model": self.name,
            "temperature": TEMPERATURE,
            "max_tokens": self._limits.answer_tokens,
            "passages": self._limits.passages,
            "prompt_letters": self._limits.prompt_letters,
            "questions": len(forms(self._limits)),
            "attempts": ATTEMPTS,
            "budget_s": self._budget_s,
        }

    def enrich(
        self,
        draft: Draft,
        brief: Brief,
        ledger: Ledger,
        evidence: Evidence,
        kept: MutableMapping[str, str] | None = None,
        names: CaseNames | None = None,
    ) -> Draft:
        """The composer's draft with the model's sentences; unchanged but for a note on failure.

        ``kept`` remembers answers by the hash of their question, so that a run that was cut off
        need not ask again; ``names`` are the placeholders of the case and learn new ones.
        """
        answers: list[Answer] = []
        note = ""
        deadline = time.monotonic() + self._budget_s
        cited = list(evidence.ids()[: self._limits.passages])
        try:
            masked = self._mask(brief.narrative.text, names)
            passages = [brief.library.entries[i].text_th for i in cited]
            filled = prompt(brief, masked.text, passages, self._limits)
            codes = [p.code for p in draft.plan.problems if p.goals]
            cited = cited[: filled.shown]
            for form in (f for f in forms(self._limits) if answerable(f, codes)):
                shape = form.response_format(codes, list(brief.library.roles), len(cited))
                question = Question(asked(filled, form.ask), shape)
                answers.append(self._answer(question, {} if kept is None else kept, deadline))
        except CmisError as error:
            note = error.code
        except Exception:
            note = "chat.unreachable"
        if not answers:
            return draft.model_copy(update={"engine_note": note})
        writer = ChatWriter(self.name, brief, ledger, cited, masked.restore)
        return writer.joined(draft, _together(answers)).model_copy(update={"engine_note": note})

    def _answer(
        self, question: Question, kept: MutableMapping[str, str], deadline: float
    ) -> Answer:
        key = hashlib.sha256(f"{self.name}\n{question.text}".encode()).hexdigest()
        if key not in kept:
            kept[key] = self._asked(question, deadline)
        return read_answer(kept[key])

    def _asked(self, question: Question, deadline: float) -> str:
        """A text that holds an answer; asked again once with the reason, within the budget."""
        complaint = ""
        for attempt in range(1, ATTEMPTS + 1):
            text = self._ask(question.text + complaint, question.form)
            try:
                read_answer(text)
            except AnswerUnusable as error:
                if attempt == ATTEMPTS:
                    raise
                complaint = f"\n\n{error.details['complaint']}"
            else:
                return text
            if time.monotonic() > deadline:
                raise ChatBudgetSpent
        raise AssertionError


def _together(answers: list[Answer]) -> Answer:
    """The parts of several answers as one."""
    return Answer(
        formulation=[line for a in answers for line in a.formulation],
        actions=[line for a in answers for line in a.actions],
    )


def open_chat(settings: Settings, mask: Mask) -> ChatEngine | None:
    """The configured chat model, or None when none is set."""
    ask = open_ask(settings)
    if ask is None or not settings.chat_model:
        return None
    limits = ChatLimits.of(settings)
    return ChatEngine(settings.chat_model, ask, mask, settings.chat_timeout_s, limits)


def open_ask(settings: Settings) -> Ask | None:
    """Plain questions to the configured chat model, each in a form; None when none is set."""
    if not settings.chat_model:
        return None
    return asker(settings, settings.chat_model, settings.chat_timeout_s / ATTEMPTS)


def asker(settings: Settings, name: str, seconds: float) -> Ask:
    """A question to the model's text, in the answer's form where the server can hold to it."""
    key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else "none"
    own_server = settings.chat_base_url is not None
    wire: dict[str, Any] = {"http_client": limited_client(seconds)} if own_server else {}
    try:
        model: Any = init_chat_model(
            name,
            model_provider=OPENAI if own_server else None,
            base_url=settings.chat_base_url,
            api_key=key,
            temperature=TEMPERATURE,
            timeout=seconds,
            max_retries=0,
            max_tokens=settings.chat_answer_tokens,
            **wire,
        )
    except (ImportError, ValueError):
        return _absent

    def ask(question: str, form: dict[str, Any]) -> str:
        shaped = model.bind(response_format=form) if own_server else model
        try:
            return str(shaped.invoke(question).text)
        except APITimeoutError as error:
            raise ChatBudgetSpent from error
        except LengthFinishReasonError:
            return ""  # cut off in the middle: no answer, asked for again

    return ask


def _absent(_question: str, _form: dict[str, Any]) -> str:
    """Stands for a provider that is not there: drafting goes on without it and says why."""
    raise ChatProviderMissing
