"""The model engine: a LangChain chat model may phrase and propose; it never decides what is true.

It sees masked text only, evidence as numbered passages, and both as quoted data. What it writes
joins the composer's draft and passes the same verification; what cannot be grounded is flagged.
An unfit answer is asked for once more with the reason; any failure, or a spent budget, leaves the
composer's draft standing with a note that says why.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, MutableMapping
from typing import Any, Protocol

from langchain.chat_models import init_chat_model
from openai import APITimeoutError, LengthFinishReasonError

from intake.placeholders import CaseNames
from planner.brief import Brief
from planner.chat_answer import Answer, AnswerUnusable, read_answer, response_format
from planner.chat_prompt import PROMPT, prompt, prompt_sha256
from planner.chat_transport import limited_client
from planner.chat_writer import ChatWriter
from planner.evidence import Evidence
from planner.ledger import Ledger
from planner.schemas import Draft
from runtime.errors import CmisError
from runtime.settings import Settings

PASSAGES = 24
MOST_TOKENS = 1_500
ATTEMPTS = 2
TEMPERATURE = 0.0
OPENAI = "openai"


class ChatBudgetSpent(CmisError):
    """The time for the model is used up."""

    code = "chat.too_slow"


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


class ChatEngine:
    """Asks one chat model. ``mask`` must fail closed.

    ``ask`` takes a prompt and gives the model's text. ``budget_s`` bounds all attempts together.
    """

    def __init__(
        self,
        name: str,
        ask: Callable[[str], str],
        mask: Mask,
        budget_s: float = 120.0,
    ) -> None:
        self.name = name
        self._ask = ask
        self._mask = mask
        self._budget_s = budget_s

    @property
    def parameters(self) -> dict[str, Any]:
        """What a run stores of how the model was asked."""
        return {
            "prompt": PROMPT,
            "prompt_sha256": prompt_sha256(),
            "model": self.name,
            "temperature": TEMPERATURE,
            "max_tokens": MOST_TOKENS,
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
        try:
            masked = self._mask(brief.narrative.text, names)
            cited = [brief.library.entries[i] for i in evidence.ids()[:PASSAGES]]
            question = prompt(brief, masked.text, [e.text_th for e in cited])
            answer = self._answer(question, {} if kept is None else kept)
        except CmisError as error:
            return draft.model_copy(update={"engine_note": error.code})
        except Exception:
            return draft.model_copy(update={"engine_note": "chat.unreachable"})
        writer = ChatWriter(
            self.name,
            brief,
            ledger,
            [e.id for e in cited],
            masked.restore,
        )
        return writer.joined(draft, answer)

    def _answer(self, question: str, kept: MutableMapping[str, str]) -> Answer:
        key = hashlib.sha256(f"{self.name}\n{question}".encode()).hexdigest()
        if key in kept:
            return read_answer(kept[key])
        text = self._asked(question)
        kept[key] = text
        return read_answer(text)

    def _asked(self, question: str) -> str:
        """A text that holds an answer; asked again once with the reason, within the budget."""
        deadline = time.monotonic() + self._budget_s
        complaint = ""
        for attempt in range(1, ATTEMPTS + 1):
            text = self._ask(question + complaint)
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


def open_chat(settings: Settings, mask: Mask) -> ChatEngine | None:
    """The configured chat model, or None when none is set."""
    if not settings.chat_model:
        return None
    ask = _asker(settings, settings.chat_model, settings.chat_timeout_s / ATTEMPTS)
    return ChatEngine(settings.chat_model, ask, mask, settings.chat_timeout_s)


def _asker(settings: Settings, name: str, seconds: float) -> Callable[[str], str]:
    """A question to the model's text, in the answer's form where the server can hold to it."""
    key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else "none"
    own_server = settings.chat_base_url is not None
    wire: dict[str, Any] = {"http_client": limited_client(seconds)} if own_server else {}
    model: Any = init_chat_model(
        name,
        model_provider=OPENAI if own_server else None,
        base_url=settings.chat_base_url,
        api_key=key,
        temperature=TEMPERATURE,
        timeout=seconds,
        max_retries=0,
        max_tokens=MOST_TOKENS,
        **wire,
    )
    if own_server:
        model = model.bind(response_format=response_format())

    def ask(question: str) -> str:
        try:
            return str(model.invoke(question).text)
        except APITimeoutError as error:
            raise ChatBudgetSpent from error
        except LengthFinishReasonError:
            return ""  # cut off in the middle: no answer, asked for again

    return ask
