"""What a chat model is shown and may answer: held to letters and tokens, never cut off."""

from __future__ import annotations

import json

import pytest

from intake.schemas import Role
from planner.brief import Brief
from planner.chat_form import LINES, ChatLimits, answerable, forms
from planner.chat_prompt import asked, prompt, prompt_text
from tests.drafts import DAY, LIBRARY, RECEIVED, STORY, coded, narrative, problem


def brief() -> Brief:
    """A story with one problem."""
    return Brief(LIBRARY, narrative(), coded([problem("VIO-01", "", Role.PRIMARY)]), DAY, RECEIVED)


def test_many_tokens_are_asked_for_at_once_and_few_part_by_part() -> None:
    (whole,) = forms(ChatLimits())
    assert (whole.ask, whole.lines) == ("answer", LINES)
    small = forms(ChatLimits(answer_tokens=160))
    assert [f.ask for f in small] == ["formulation", "actions"]


@pytest.mark.parametrize("tokens", [120, 160, 320, 640, 999])
def test_the_longest_answer_of_a_form_fits_its_tokens(tokens: int) -> None:
    for form in forms(ChatLimits(answer_tokens=tokens)):
        assert form.lines * form.letters <= tokens
        schema = form.response_format(["VIO-01"], ["police"], 2)["json_schema"]["schema"]
        (lines,) = schema["properties"].values()
        line = lines["items"]["properties"]
        assert lines["maxItems"] == form.lines
        assert line["text"]["maxLength"] == form.letters
        assert line["passages"]["items"]["enum"] == [1, 2]
        assert set(lines["items"]["required"]) == set(line)
    assert line["problem"]["enum"] == ["VIO-01"]


def test_a_prompt_keeps_to_its_letters_and_shows_story_and_sources() -> None:
    passages = ["แหล่งความรู้ " * 40 for _ in range(12)]
    for letters in (2_500, 4_000, 24_000):
        limits = ChatLimits(passages=12, prompt_letters=letters)
        filled = prompt(brief(), STORY * 40, passages, limits)
        assert len(filled.text) <= letters + 100
        assert "[1] แหล่งความรู้" in filled.text
        assert STORY[:40] in filled.text
        assert f"[{filled.shown}]" in filled.text
        assert f"[{filled.shown + 1}]" not in filled.text
    assert filled.shown == 12
    short = prompt(brief(), STORY, passages, ChatLimits(passages=2, prompt_letters=4_000))
    assert "[3]" not in short.text
    assert prompt(brief(), STORY, []).shown == 0


def test_a_form_offers_no_empty_choice() -> None:
    for form in forms(ChatLimits(answer_tokens=160)):
        said = json.dumps(form.response_format(["VIO-01"], ["police"], 0))
        assert '"enum": []' not in said
        assert '"passages"' not in said
        assert answerable(form, []) is (form.ask == "formulation")


def test_every_ending_is_part_of_the_prompts_own_words() -> None:
    filled = prompt(brief(), STORY, ["แหล่ง"])
    for ask in ("answer", "formulation", "actions"):
        ending = asked(filled, ask).splitlines()[-1]
        assert "{ask}" not in ending
        assert ending in prompt_text()
