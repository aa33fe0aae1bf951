"""The pages show by what a case was found, and what a new story may be, before it is opened."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from tests.acceptance.application import App
from tests.acceptance.paged import Pages, words
from ui import earlier_cases
from ui.words import LANGUAGES, say

CASES, OWNER = "/api/v1/cases", "kanda.subdistrict"
NAME, PHONE = "นางสาวจันทร์เพ็ญ ดวงแก้วมณี", "0862223344"
STORY = f"ครูแจ้งว่า{NAME} โทร {PHONE} ไม่มารับลูกสองวันแล้ว เด็กอยู่กับเพื่อนบ้าน"


@pytest.fixture(scope="module")
def worker(app: App) -> TestClient:
    return app.client(OWNER)


@pytest.fixture(scope="module")
def known(worker: TestClient) -> dict[str, Any]:
    """A case with somebody whom its story does not name."""
    story = "เด็กสองคนถูกทิ้งไว้ที่บ้านเช่าสองคืนติดกัน"
    case: dict[str, Any] = worker.post(CASES, json={"narrative": story}).json()
    who = {"given_name": "จันทร์เพ็ญ", "family_name": "ดวงแก้วมณี", "phones": [PHONE]}
    worker.post(f"{CASES}/{case['id']}/persons", json={"role": "parent", "identity": who})
    return case


def press(drawn: AppTest, label: str) -> AppTest:
    """A button by its words."""
    return next(b for b in drawn.button if b.label == label).click().run()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_says_by_what_a_case_was_found(
    pages: Pages, known: dict[str, Any], lang: str
) -> None:
    drawn = pages.draw("cases", OWNER, lang=lang)
    drawn.text_input(key="cases_words").set_value("๐๘๖ ๒๒๒-๓๓๔๔").run()
    assert not drawn.exception
    shown = words(drawn)
    assert known["number"] in shown
    assert say("cases.matched", lang, what=say("cases.matched.phone", lang)) in shown
    drawn.text_input(key="cases_words").set_value("").run()


def test_a_story_is_told_that_it_may_be_known_and_the_answer_is_kept(
    pages: Pages, worker: TestClient, known: dict[str, Any]
) -> None:
    drawn = pages.draw("new_intake", OWNER)
    drawn.text_area(key="intake_words").set_value(STORY).run()
    shown = words(drawn)
    for key in ("earlier.title", "earlier.band.almost_certain", "part.parent"):
        assert say(key, "th") in shown
    assert known["number"] in shown
    drawn.checkbox(key=f"earlier-apart-{known['id']}").check().run()
    assert drawn.text_area(key="intake_words").value == STORY
    drawn.text_input(key="intake_title").set_value("คนละเรื่องกับรายก่อน")
    press(drawn, say("intake.open", "th"))
    (made,) = worker.post(f"{CASES}/search", json={"words": "คนละเรื่องกับรายก่อน"}).json()["items"]
    events = worker.get(f"{CASES}/{made['id']}/trail").json()["events"]
    kept = [e["detail"]["not_same"] for e in events if e["action"] == "duplicate_dismissed"]
    assert kept == [[known["id"]]]


def test_a_wrong_number_is_told_and_no_answer_stands_in_the_way(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = pages.draw("new_intake", OWNER)
    drawn.text_area(key="intake_words").set_value("").run()
    drawn.text_input(key="earlier_typed-citizen_id").set_value("123").run()
    assert "person.id_wrong" in drawn.error[0].value
    drawn.text_input(key="earlier_typed-citizen_id").set_value("").run()
    assert not drawn.error
    monkeypatch.setattr(earlier_cases, "PATIENCE_S", 0.0001)
    drawn.text_input(key="earlier_typed-phones").set_value("0899990001").run()
    assert say("earlier.no_answer", "th") in words(drawn)
    assert any(b.label == say("intake.open", "th") for b in drawn.button)
