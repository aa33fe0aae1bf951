"""A hostile chat model over real HTTP: nothing ungrounded is approvable, a draft there always is.

The whole suite is 200 runs (``make drills``); a test run takes a seeded sample of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from intake.privacy import Masker
from planner.chat_model import ChatEngine, open_chat
from planner.graph import Planner
from planner.schemas import Draft, Ink, Sentence
from runtime.settings import Settings
from tests.chat_server import Asked, ChatServer, Reply, Trouble, chat_server
from tests.drafts import DAY, LIBRARY, RECEIVED, STORY, draft, narrative, violence
from tests.hostile import answer, hostile, passages

RUNS = 200 if os.environ.get("DRILLS") else 20
TIMEOUT_S = 1.0
BROKEN_OFF = {"server_error", "huge", "stall"}


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    """One server for all runs."""
    with chat_server(lambda asked: "") as running:
        yield running


@pytest.fixture(scope="module")
def masker() -> Masker:
    """The product's own masking."""
    return Masker()


@pytest.fixture(scope="module")
def composed() -> Draft:
    """What the composer alone writes."""
    return draft()


def engine(server: ChatServer, masker: Masker, timeout_s: float = TIMEOUT_S) -> ChatEngine:
    """The product's engine, pointed at the server."""
    settings = Settings(chat_model="test", chat_base_url=server.url, chat_timeout_s=timeout_s * 2)
    made = open_chat(settings, masker.mask)
    assert made is not None
    return made


def drafted(server: ChatServer, masker: Masker, reply: Reply, **how: float) -> Draft:
    """A draft with a model that answers so."""
    server.reply = reply
    server.asked.clear()
    planner = Planner(LIBRARY, chat=engine(server, masker, **how))
    return planner.draft(narrative(), violence(), as_of=DAY, received_at=RECEIVED)


def of_model(made: Draft) -> list[Sentence]:
    """The model's sentences."""
    return [s for s in made.sentences() if s.origin.startswith("chat:")]


@pytest.mark.parametrize("seed", range(RUNS))
def test_nothing_ungrounded_is_approvable(
    seed: int, server: ChatServer, masker: Masker, composed: Draft
) -> None:
    kind, reply = hostile(seed)
    made = drafted(server, masker, reply)
    loose = [s.text for s in of_model(made) if not s.flags]
    assert not loose, kind
    ours = [s.text for s in made.sentences() if not s.origin.startswith("chat:")]
    assert ours == [s.text for s in composed.sentences()], kind
    assert [r.id for r in made.assessment.risks] == ["RF02"]
    if kind in BROKEN_OFF:
        assert made.engine_note == ("chat.too_slow" if kind == "stall" else "chat.unreachable")
        assert made.engine == "composer"


def test_a_good_answer_stands(server: ChatServer, masker: Masker) -> None:
    def good(asked: Asked) -> str:
        number, text = next(p for p in passages(asked) if 40 < len(p[1]) < 400)
        return answer(text, cited=number, quotes=("บีบคอภรรยาจนหายใจไม่ออก",))

    made = drafted(server, masker, good, timeout_s=20)
    assert made.engine == "chat:test"
    assert [s.flags for s in of_model(made)] == [(), ()]
    assert all(s.ink is Ink.INFERRED and s.parents for s in of_model(made))
    assert made.made_from.model == "test"
    assert made.made_from.prompt_sha256
    assert made.made_from.evidence
    assert server.asked[0].body["response_format"]["type"] == "json_schema"
    assert server.asked[0].body["temperature"] == 0


def test_an_unfit_answer_is_asked_for_again_with_the_reason(
    server: ChatServer, masker: Masker
) -> None:
    def second(asked: Asked) -> str:
        return '{"formulation": "x"}' if asked.number == 0 else answer("สวัสดี")

    made = drafted(server, masker, second, timeout_s=20)
    assert len(server.asked) == 2
    assert "formulation" in server.asked[1].prompt.removeprefix(server.asked[0].prompt)
    assert made.engine == "chat:test"


def test_a_spent_budget_ends_the_asking(server: ChatServer, masker: Masker) -> None:
    chat = engine(server, masker, 20)
    chat._budget_s = 0.0
    server.reply = lambda asked: "{"
    server.asked.clear()
    planner = Planner(LIBRARY, chat=chat)
    made = planner.draft(narrative(), violence(), as_of=DAY, received_at=RECEIVED)
    assert made.engine_note == "chat.too_slow"
    assert len(server.asked) == 1


@pytest.mark.parametrize("name", ["ollama:some-model", "no-such-provider:some-model", "some-model"])
def test_a_provider_that_is_not_there_is_named_and_the_draft_stands(
    masker: Masker, composed: Draft, name: str
) -> None:
    chat = open_chat(Settings(chat_model=name), masker.mask)
    planner = Planner(LIBRARY, chat=chat)
    made = planner.draft(narrative(), violence(), as_of=DAY, received_at=RECEIVED)
    assert (made.engine, made.engine_note) == ("composer", "chat.provider_missing")
    assert [s.text for s in made.sentences()] == [s.text for s in composed.sentences()]


def test_names_never_reach_the_model(server: ChatServer, masker: Masker) -> None:
    story = STORY + " ผู้แจ้งชื่อนางสมศรี ใจดี โทร 081-000-0417"
    server.reply = lambda asked: Trouble(status=500)
    server.asked.clear()
    planner = Planner(LIBRARY, chat=engine(server, masker))
    planner.draft(narrative(story), violence(story), as_of=DAY, received_at=RECEIVED)
    assert server.asked
    assert all("สมศรี" not in a.prompt and "0417" not in a.prompt for a in server.asked)


def test_a_run_that_was_cut_off_does_not_ask_again(server: ChatServer, masker: Masker) -> None:
    kept: dict[str, str] = {}
    server.reply = lambda asked: answer("สวัสดี")
    server.asked.clear()
    planner = Planner(LIBRARY, chat=engine(server, masker, 20))
    for _ in range(2):
        planner.draft(narrative(), violence(), as_of=DAY, received_at=RECEIVED, kept=kept)
    assert len(server.asked) == 1
    assert len(kept) == 1


def test_few_tokens_are_asked_for_part_by_part_and_a_part_outlives_the_next(
    server: ChatServer, masker: Masker
) -> None:
    def first_only(asked: Asked) -> str | Trouble:
        return answer("สวัสดี") if asked.number == 0 else Trouble(status=500)

    settings = Settings(
        chat_model="test", chat_base_url=server.url, chat_timeout_s=20, chat_answer_tokens=200
    )
    server.reply = first_only
    server.asked.clear()
    planner = Planner(LIBRARY, chat=open_chat(settings, masker.mask))
    made = planner.draft(narrative(), violence(), as_of=DAY, received_at=RECEIVED)
    forms = [a.body["response_format"]["json_schema"]["schema"] for a in server.asked]
    assert [list(f["properties"]) for f in forms] == [["formulation"], ["actions"]]
    assert all(a.body["max_completion_tokens"] == 200 for a in server.asked)
    assert (made.engine, made.engine_note) == ("chat:test", "chat.unreachable")
    assert of_model(made)
    assert all(s.flags for s in of_model(made))
    assert made.made_from.parameters["questions"] == 2


def test_a_source_that_was_not_shown_cannot_be_cited(server: ChatServer, masker: Masker) -> None:
    def unseen(asked: Asked) -> str:
        return answer("สวัสดี", cited=len(passages(asked)) + 1)

    settings = Settings(
        chat_model="test", chat_base_url=server.url, chat_timeout_s=20, chat_prompt_letters=2_000
    )
    server.reply = unseen
    server.asked.clear()
    planner = Planner(LIBRARY, chat=open_chat(settings, masker.mask))
    made = planner.draft(narrative(), violence(), as_of=DAY, received_at=RECEIVED)
    assert len(passages(server.asked[0])) < len(made.made_from.evidence)
    assert of_model(made)
    assert all(not s.citations and s.flags for s in of_model(made))
