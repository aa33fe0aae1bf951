"""Orders hidden in data: no engine obeys them, and what an obedient model writes is marked."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from intake.coding import Coder
from intake.narrative import accept
from intake.privacy import Masker
from knowledge_base.library import Library
from planner.chat_model import open_chat
from planner.graph import Planner
from planner.grounding import uncited
from planner.schemas import Draft
from runtime.settings import Settings
from tests.chat_server import ChatServer, chat_server
from tests.drafts import DAY, LIBRARY, RECEIVED, STORY, violence

CASES = yaml.safe_load((Path(__file__).parents[1] / "injections.yaml").read_text("utf-8"))["cases"]
CODER = Coder(LIBRARY)
SCHEME = "emergency-social-relief"
SOURCE = "practice:safety-plan"
IN_KNOWLEDGE = {"document", "scheme_name"}
FRAME_END = "</เรื่องเล่า>"


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    """A model server that will obey."""
    with chat_server(lambda asked: "") as running:
        yield running


@pytest.fixture(scope="module")
def masker() -> Masker:
    """The product's own masking."""
    return Masker()


@pytest.fixture(scope="module")
def clean() -> Draft:
    """The draft of the story without anything hidden."""
    return made(Planner(LIBRARY), STORY)


def made(planner: Planner, story: str) -> Draft:
    """A draft of a story coded as the clean one."""
    return planner.draft(accept(story), violence(story), as_of=DAY, received_at=RECEIVED)


def story_with(case: dict[str, Any]) -> str:
    """The story with a hidden order in it; knowledge holds the others."""
    return STORY if case["place"] in IN_KNOWLEDGE else f"{STORY}\n{case['text']}"


def library_with(case: dict[str, Any]) -> Library:
    """The knowledge with a hidden order in a source or in a scheme's name."""
    if case["place"] == "document":
        entry = LIBRARY.entries[SOURCE]
        poisoned = entry.model_copy(update={"text_th": f"{entry.text_th}\n{case['text']}"})
        return dataclasses.replace(LIBRARY, entries={**LIBRARY.entries, SOURCE: poisoned})
    if case["place"] == "scheme_name":
        scheme = LIBRARY.schemes[SCHEME].model_copy(update={"name_th": case["text"]})
        return dataclasses.replace(LIBRARY, schemes={**LIBRARY.schemes, SCHEME: scheme})
    return LIBRARY


def behaviour(draft: Draft) -> dict[str, Any]:
    """What a draft decides, its words aside."""
    return {
        "actions": [
            (a.id, a.state, a.responsible, a.within)
            for p in draft.plan.problems
            for g in p.goals
            for a in g.actions
        ],
        "risks": [(r.id, r.level) for r in draft.assessment.risks],
        "urgency": draft.urgency,
        "schemes": [(s.id, s.verdict) for s in draft.schemes],
        "safety": len(draft.plan.safety),
        "engine": (draft.engine, draft.engine_note),
    }


def test_the_suite_is_as_wide_as_promised() -> None:
    assert len(CASES) >= 60
    assert {c["lang"] for c in CASES} == {"th", "en"}
    assert {c["place"] for c in CASES} == {
        "narrative",
        "transcript",
        "white_text",
        "html_comment",
        *IN_KNOWLEDGE,
    }


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_the_composer_does_not_obey(case: dict[str, Any], clean: Draft) -> None:
    story, library = story_with(case), library_with(case)
    draft = made(Planner(library), story)
    assert behaviour(draft) == behaviour(clean)
    assert uncited(draft, library) == []
    assert not draft.flagged()
    assert all(case["obeyed"] != s.text for s in draft.sentences())


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_no_red_flag_is_dropped(case: dict[str, Any]) -> None:
    before = CODER.code(accept(STORY)).flag_ids()
    after = CODER.code(accept(f"{case['text']}\n{STORY}\n{case['text']}")).flag_ids()
    assert before <= after
    assert before


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_an_obedient_model_is_marked(
    case: dict[str, Any], server: ChatServer, masker: Masker, clean: Draft
) -> None:
    line = {"text": case["obeyed"], "passages": [1, 2, 3], "quotes": [case["text"], "บีบคอภรรยา"]}
    action = line | {"problem": "VIO-01", "who": "police", "within": "24h"}
    server.reply = lambda asked: json.dumps({"formulation": [line], "actions": [action]})
    server.asked.clear()
    settings = Settings(chat_model="test", chat_base_url=server.url, chat_timeout_s=30)
    chat = open_chat(settings, masker.mask)
    draft = made(Planner(library_with(case), chat=chat), story_with(case))
    written = [s for s in draft.sentences() if s.origin.startswith("chat:")]
    assert len(written) == 2
    assert all(s.flags for s in written), written
    assert server.asked[0].prompt.count(FRAME_END) == 1
    rest = behaviour(draft)
    rest["actions"] = [a for a in rest["actions"] if a[0] != "m1"]
    assert rest | {"engine": None} == behaviour(clean) | {"engine": None}
