"""What a person is told, as Today and the side bar show it."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from runtime.messages import sentence
from tests.acceptance.application import App
from tests.acceptance.lifecycle import Office, get, post
from tests.acceptance.paged import Pages, words
from tests.acceptance.test_api_casework import assessed
from ui.notices import AT_ONCE
from ui.words import LANGUAGES, say

WAY = "notice-open-"
OWNER, SHELTER = "somying.pmj", "malee.bpd"
LETTER = {"to_agency": "bpd", "purpose": "protection", "requested": "ที่พักคืนนี้"}
DANGER = {"basis": "life_at_risk", "basis_reason": "อยู่กับผู้ทำร้ายคืนนี้"}


@pytest.fixture(scope="module")
def office(app: App) -> Office:
    return Office(app)


def ways(drawn: AppTest) -> list[str]:
    """The notices that can be followed to their place, by id."""
    keys = [str(button.key) for button in drawn.button]
    return [key.removeprefix(WAY) for key in keys if key.startswith(WAY)]


@pytest.fixture(scope="module")
def case(office: Office) -> dict[str, Any]:
    """A case whose owner is told of more answers than stand on Today at once."""
    made = assessed(office)
    post(office[OWNER], "/notices/read", {}, 204)
    for _ in range(AT_ONCE + 1):
        letter = post(office[OWNER], f"/cases/{made['id']}/referrals", LETTER | DANGER)
        post(office[SHELTER], f"/referrals/{letter['id']}/accept", {}, 200)
    return made


def test_unread_notices_stand_on_today_until_they_are_read(
    pages: Pages, office: Office, case: dict[str, Any]
) -> None:
    unread = get(office[OWNER], "/notices?unread=true")["items"]
    for lang in LANGUAGES:
        drawn = pages.draw("today", OWNER, lang=lang)
        assert not drawn.exception
        shown = words(drawn)
        assert say("notices.title", lang, count=len(unread)) in shown
        assert sentence("notice.letter_accepted", lang, number=case["number"]) in shown
        assert ways(drawn) == [notice["id"] for notice in unread[:AT_ONCE]]
    drawn.button(key=f"read-{unread[0]['id']}").click().run()
    assert get(office[OWNER], "/me")["unread"] == len(unread) - 1
    drawn.session_state["notices-older"] = True
    drawn.run()
    assert unread[0]["id"] in ways(drawn)
    (everything,) = [b for b in drawn.button if b.label == say("notices.read_all", "en")]
    everything.click().run()
    assert not drawn.exception
    assert get(office[OWNER], "/me")["unread"] == 0
    assert say("notices.read_all", "en") not in words(drawn)


def test_a_letter_to_answer_leads_to_the_letters_for_who_sees_no_case(
    pages: Pages, office: Office, case: dict[str, Any]
) -> None:
    post(office[SHELTER], "/notices/read", {}, 204)
    post(office[OWNER], f"/cases/{assessed(office)['id']}/referrals", LETTER | DANGER)
    (told,) = get(office[SHELTER], "/notices?unread=true")["items"]
    assert (told["number"], told["place"]) == (None, "letters")
    drawn = pages.draw("today", SHELTER)
    assert told["message_th"] in words(drawn)
