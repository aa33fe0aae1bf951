"""Somebody tells more on the page of a case: kept while typed, shown under its day, met kindly."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.acceptance.application import App
from tests.acceptance.lifecycle import Office, drafted, get, post
from tests.acceptance.paged import Pages, words
from tests.acceptance.test_api_main_day import opened
from tests.acceptance.test_api_more_told import BOSS, CALL, OWNER, VISIT, told
from ui.words import say


@pytest.fixture(scope="module")
def office(app: App) -> Office:
    return Office(app)


@pytest.fixture
def case(office: Office) -> dict[str, Any]:
    return opened(office[OWNER])


def write(office: Office, case: dict[str, Any], content: str) -> None:
    """What the script of the pages does as somebody types."""
    client = office[OWNER]
    name = f"written-more_told-{case['id']}-words"
    body = {"content": content, "writer": get(client, "/me")["id"]}
    assert client.put(f"/api/v1/me/drawer/{name}", json=body).status_code == 204


def page(pages: Pages, case: dict[str, Any], **more: str) -> AppTest:
    drawn = pages.draw("case_file", OWNER, case=case["id"], **more)
    assert not drawn.exception
    return drawn


def field(case: dict[str, Any]) -> str:
    return f"more_told-words-{case['id']}"


def test_half_written_words_come_back_and_stand_under_their_day_once_saved(
    pages: Pages, office: Office, case: dict[str, Any]
) -> None:
    assert field(case) not in {t.key for t in page(pages, case).text_area}
    write(office, case, CALL)
    drawn = page(pages, case)
    assert drawn.text_area(key=field(case)).value == CALL
    drawn.text_input(key=f"more_told-source-{case['id']}").set_value("เพื่อนบ้าน ทางโทรศัพท์")
    drawn.button(key=f"add-{case['id']}").click().run()
    assert not drawn.error
    shown = words(drawn)
    assert say("story.more_told", "th") in shown
    assert "เพื่อนบ้าน ทางโทรศัพท์" in shown
    assert field(case) not in {t.key for t in drawn.text_area}
    after = get(office[OWNER], f"/cases/{case['id']}")["narrative"]
    [added] = after["additions"]
    assert after["text"][added["start"] : added["end"]] == CALL
    lying = {row["name"]: row["content"] for row in get(office[OWNER], "/me/drawer")}
    assert not [n for n in lying if n.startswith("written-more_told") and lying[n]]


def test_who_comes_second_reads_the_first_and_saves_again(
    pages: Pages, office: Office, case: dict[str, Any]
) -> None:
    write(office, case, VISIT)
    drawn = page(pages, case)
    post(office[BOSS], f"/cases/{case['id']}/story", told(case, CALL))
    drawn.button(key=f"add-{case['id']}").click().run()
    assert say("story.changed", "th") in [w.value for w in drawn.warning]
    assert drawn.text_area(key=field(case)).value == VISIT
    drawn.button(key=f"add-{case['id']}").click().run()
    after = get(office[OWNER], f"/cases/{case['id']}")["narrative"]
    told_later = [after["text"][a["start"] : a["end"]] for a in after["additions"]]
    assert told_later == [CALL, VISIT]


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_draft_from_before_says_that_more_was_told(
    pages: Pages, office: Office, lang: str
) -> None:
    client = office[OWNER]
    case = opened(client)
    drafted(office, client, case["id"])
    post(client, f"/cases/{case['id']}/story", told(case, VISIT))
    drawn = pages.draw("case_file", OWNER, lang=lang, case=case["id"], part="plan")
    assert not drawn.exception
    assert say("story.after_draft", lang) in [w.value for w in drawn.warning]
    assert say("draft.again", lang) in [b.label for b in drawn.button]
    assert words(drawn).count(say("story.after_draft", lang)) > 1
