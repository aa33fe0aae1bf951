"""The chat model's vote on codes, over real HTTP: masked text out, known codes with words in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evals.stories import stories
from intake.coding import Coder
from intake.learning import SentenceReader
from intake.narrative import accept
from intake.privacy import Masker, MaskingFailed
from intake.voting import Votes, with_vote
from knowledge_base.embedder import Embedder
from knowledge_base.library import load_library
from planner.code_vote import CodeVote, open_vote
from runtime.settings import load_settings
from tests.chat_server import Asked, ChatServer, Trouble, chat_server

NAME = "สมชาย ใจดี"
STORY = f"นาย{NAME} เล่าว่าไม่มีข้าวกินมาสองวัน ลูกร้องหิวทั้งคืน บ้านเช่าค้างค่าเช่าสามเดือน เจ้าของให้ออก"
WORDS = "ไม่มีข้าวกินมาสองวัน"
CODES = (("ECO-04", "ขาดอาหาร"), ("HOU-02", "เสี่ยงถูกไล่ที่"))


def choosing(*chosen: tuple[str, str]) -> str:
    """An answer that chooses codes with words."""
    return json.dumps({"codes": [{"code": c, "quote": q} for c, q in chosen]}, ensure_ascii=False)


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    """A chat server whose answer each test sets."""
    with chat_server(lambda _: choosing()) as running:
        yield running


def voter(server: ChatServer, **settings: Any) -> CodeVote | None:
    """The vote as an office that set the server would have it."""
    server.asked.clear()
    given = {"chat_model": "test", "chat_base_url": server.url, "chat_votes_on_codes": True}
    return open_vote(load_settings(**{**given, **settings}), Masker().mask)


def votes(server: ChatServer, **settings: Any) -> Votes:
    """The votes on the story."""
    asked = voter(server, **settings)
    assert asked
    return asked(accept(STORY), CODES)


def test_nobody_is_asked_unless_the_office_says_so(server: ChatServer) -> None:
    assert voter(server, chat_votes_on_codes=False) is None
    assert voter(server, chat_model=None, chat_base_url=None) is None


def test_a_vote_brings_its_words_and_the_model_sees_no_name(server: ChatServer) -> None:
    server.reply = lambda _: choosing(("ECO-04", WORDS), ("HOU-02", "คำที่ไม่มีในเรื่อง"))
    found = votes(server)
    assert {code: [s.text for s in spans] for code, spans in found.spans.items()} == {
        "ECO-04": [WORDS]
    }
    body = json.dumps(server.asked[0].body, ensure_ascii=False)
    assert NAME not in body
    assert "⟦PERSON_1⟧" in body
    choice = server.asked[0].body["response_format"]["json_schema"]["schema"]
    codes = choice["properties"]["codes"]["items"]["properties"]["code"]["enum"]
    assert codes == ["ECO-04", "HOU-02"]


def test_words_with_a_placeholder_are_found_in_the_story(server: ChatServer) -> None:
    def quoting(asked: Asked) -> str:
        assert "⟦PERSON_1⟧ เล่าว่า" in asked.prompt
        return choosing(("ECO-04", f"⟦PERSON_1⟧ เล่าว่า{WORDS}"))

    server.reply = quoting
    (span,) = votes(server).spans["ECO-04"]
    assert STORY[span.start : span.end] == span.text
    assert NAME in span.text


@pytest.mark.parametrize("bad", ["ขอคิดดูก่อน", '{"codes": 3}', choosing(("ZZZ-01", WORDS))])
def test_an_unfit_answer_is_asked_for_once_more(server: ChatServer, bad: str) -> None:
    server.reply = lambda asked: bad if asked.number == 0 else choosing(("ECO-04", WORDS))
    assert set(votes(server).spans) == {"ECO-04"}
    server.reply = lambda _: bad
    assert votes(server) == Votes(note="chat.answer_unusable")
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("trouble", "note"),
    [
        (Trouble(status=500), "chat.unreachable"),
        (Trouble(pause_s=1.0), "chat.too_slow"),
        (Trouble(raw=b"x" * 100_000, repeat=60), "chat.unreachable"),
    ],
)
def test_a_failing_server_gives_no_vote_and_a_reason(
    server: ChatServer, trouble: Trouble, note: str
) -> None:
    server.reply = lambda _: trouble
    assert votes(server, chat_vote_timeout_s=0.6) == Votes(note=note)


def test_nothing_is_asked_when_masking_fails(server: ChatServer) -> None:
    def fails(*_: object) -> Any:
        raise MaskingFailed

    def never(*_: object) -> str:
        raise AssertionError("asked")

    found = CodeVote(never, fails, 1.0, 24_000)(accept(STORY), CODES)
    assert found == Votes(note="privacy.masking_failed")


def test_a_vote_adds_a_fixed_weight_and_takes_nothing() -> None:
    assert with_vote(0.5, 0.0) == pytest.approx(0.5)
    assert with_vote(0.2, 1.5) == pytest.approx(0.528, abs=0.001)
    assert all(with_vote(c / 10, 1.5) > c / 10 for c in range(1, 10))


def test_a_voted_doubt_becomes_a_code_and_flags_stay(
    server: ChatServer, embedder: Embedder
) -> None:
    library = load_library()
    reader = SentenceReader(embedder, load_settings().cache_dir)
    told = [accept(s["narrative"]) for s in stories(Path("evals/data/golden/G01-G10.yaml"))]
    coded = ((story, Coder(library, reader).code(story)) for story in told)
    story, plain = next((story, made) for story, made in coded if made.unsure)
    doubt, words = plain.unsure[0].code, plain.unsure[0].spans[0].text
    server.reply = lambda _: choosing((doubt, words))
    voted = Coder(library, reader, voter=voter(server)).code(story)
    assert doubt in voted.code_ids() - plain.code_ids()
    assert next(c.why for c in voted.codes if c.code == doubt).endswith("voted")
    assert (voted.red_flags, voted.vote_note) == (plain.red_flags, "")
    server.reply = lambda _: Trouble(status=500)
    silent = Coder(library, reader, voter=voter(server)).code(story)
    assert (silent.codes, silent.vote_note) == (plain.codes, "chat.unreachable")
