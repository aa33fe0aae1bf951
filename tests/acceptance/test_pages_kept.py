"""No word is lost: what was half written stands in its field after a new start of the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from tests.acceptance.application import App
from tests.acceptance.lifecycle import Office, drafted, get, post, tomorrow
from tests.acceptance.paged import Pages, words
from tests.acceptance.test_api_casework import assessed
from ui.words import say

OWNER = "somying.pmj"
BEGUN = "อยู่บ้านยายตั้งแต่เมื่อวาน ยังไม่ได้แจ้งความ"
BEFORE, THEIRS = "บันทึกเดิม", "บันทึกของเพื่อนร่วมงาน"


@pytest.fixture(scope="module")
def office(app: App) -> Office:
    return Office(app)


@pytest.fixture(scope="module")
def case(office: Office) -> dict[str, Any]:
    made = assessed(office)
    drafted(office, office[OWNER], made["id"])
    return made


@pytest.fixture
def owner(office: Office) -> Iterator[TestClient]:
    """Somebody whose drawer is empty again afterwards."""
    client = office[OWNER]
    yield client
    for name in lying(client):
        client.delete(f"/api/v1/me/drawer/{name}")
    client.put("/api/v1/me/drawer/intake", json={"content": ""})


def lying(client: TestClient) -> dict[str, str]:
    rows = get(client, "/me/drawer")
    return {r["name"]: r["content"] for r in rows if r["name"].startswith("written-")}


def write(client: TestClient, name: str, content: str) -> None:
    """What the script of the pages does as somebody types."""
    body = {"content": content, "writer": get(client, "/me")["id"]}
    assert client.put(f"/api/v1/me/drawer/{name}", json=body).status_code == 204


def press(drawn: AppTest, key: str) -> AppTest:
    return drawn.button(key=key).click().run()


def test_a_half_written_entry_comes_back_and_leaves_once_it_is_recorded(
    pages: Pages, owner: TestClient, case: dict[str, Any]
) -> None:
    at = f"{case['id']}-complaint_choice"
    write(owner, f"written-entry-{at}-own_words", BEGUN)
    drawn = pages.draw("case_file", OWNER, case=case["id"], part="steps")
    assert not drawn.exception
    assert drawn.text_area(key=f"entry-{at}-own_words").value == BEGUN
    assert say("kept.back", "th") in words(drawn)
    drawn.radio(key=f"entry-{at}-choice").set_value("not_now").run()
    drawn.radio(key=f"entry-{at}-rights_told").set_value("yes").run()
    assert json.loads(lying(owner)[f"written-entry-{at}-.chosen"])["choice"] == "not_now"

    anew = pages.draw("case_file", OWNER, case=case["id"], part="steps")
    assert anew.radio(key=f"entry-{at}-choice").value == "not_now"
    anew.radio(key=f"entry-{at}-pressed_by_nobody").set_value("yes").run()
    press(anew, "record-complaint_choice")
    assert not anew.error
    newest = get(owner, f"/cases/{case['id']}/entries")[-1]
    assert (newest["kind"], newest["content"]["own_words"]) == ("complaint_choice", BEGUN)
    assert lying(owner) == {}


def test_the_address_names_the_open_part_of_a_case(pages: Pages, case: dict[str, Any]) -> None:
    drawn = pages.draw("case_file", OWNER, case=case["id"])
    assert drawn.query_params["part"] == "told"
    drawn.session_state[f"parts-{case['id']}-th"] = say("case.people", "th")
    assert drawn.run().query_params["part"] == "people"
    linked = pages.draw("case_file", OWNER, lang="en", case=case["id"], part="letters")
    assert linked.session_state[f"parts-{case['id']}-en"] == say("case.letters", "en")
    astray = pages.draw("case_file", OWNER, case=case["id"], part="nowhere")
    assert astray.query_params["part"] == "told"


def test_the_title_and_the_consent_of_an_intake_come_back(pages: Pages, owner: TestClient) -> None:
    write(owner, "intake", BEGUN)
    write(owner, "written-intake-title", "บ้านริมคลอง")
    write(owner, "written-intake-subject", "มาลี")
    write(owner, "written-intake-view", "อยากให้ช่วยแต่ไม่ให้แม่รู้")
    first = pages.draw("new_intake", OWNER)
    assert first.text_input(key="intake_title").value == "บ้านริมคลอง"
    first.selectbox(key="intake_consent_purpose").set_value("protection").run()
    first.multiselect(key="intake_consent_to").set_value(["bpd"]).run()
    drawn = pages.draw("new_intake", OWNER)
    assert drawn.text_area(key="consent_view").value == "อยากให้ช่วยแต่ไม่ให้แม่รู้"
    assert drawn.selectbox(key="intake_consent_purpose").value == "protection"
    assert drawn.multiselect(key="intake_consent_to").value == ["bpd"]
    label = say("intake.open", "th")
    next(b for b in drawn.button if b.label == label).click().run()
    found = get(owner, "/cases?q=บ้านริมคลอง")["items"]
    (kept,) = get(owner, f"/cases/{found[0]['id']}/consents")
    assert kept["details"]["subject_view"] == "อยากให้ช่วยแต่ไม่ให้แม่รู้"
    assert lying(owner) == {}


def test_a_letter_being_written_stands_open_with_whom_it_goes_to(
    pages: Pages, owner: TestClient, case: dict[str, Any]
) -> None:
    at = f"written-letter-{case['id']}"
    chosen = {"letter_to": "bpd", "letter_purpose": "protection", "letter_basis": "life_at_risk"}
    write(owner, f"{at}-.chosen", json.dumps(chosen))
    write(owner, f"{at}-requested", BEGUN)
    drawn = pages.draw("case_file", OWNER, case=case["id"], part="letters")
    assert not drawn.exception
    assert drawn.selectbox(key=f"letter_to-{case['id']}").value == "bpd"
    assert drawn.text_area(key=f"letter_requested-{case['id']}").value == BEGUN
    drawn.text_input(key=f"letter_why-{case['id']}").set_value("อยู่กับผู้ทำร้ายคืนนี้")
    label = say("letters.send", "th")
    next(b for b in drawn.button if b.label == label).click().run()
    assert not drawn.error
    assert lying(owner) == {}


def test_minutes_over_which_a_colleague_wrote_stand_beside_theirs(
    pages: Pages, owner: TestClient, case: dict[str, Any]
) -> None:
    meeting = {"meets_at": tomorrow(), "members": [], "questions": ["ใครไปเยี่ยม"]}
    held = post(owner, f"/cases/{case['id']}/conferences", meeting)
    room = f"/conferences/{held['id']}"
    read = get(owner, room)
    topic = read["agenda"][0]["id"]
    write(owner, f"written-say-{held['id']}-{topic}-text", BEGUN)
    drawn = pages.draw("conference", OWNER, conference=held["id"])
    drawn.session_state[f"topic-{held['id']}-{topic}"] = True
    assert drawn.run().text_area(key=f"text-{topic}-0").value == BEGUN
    decision = {"decision": "keep_plan", "text": "คงแผน", "tasks": []}
    post(owner, f"{room}/decision", decision | {"content_hash": read["version_hash"]}, 200)
    path = f"/api/v1{room}/minutes"
    saved = owner.put(path, json={"text": BEFORE, "before": None}).json()
    write(owner, f"written-minutes-{held['id']}-{saved['minutes_hash'][:16]}", BEGUN)
    again = pages.draw("conference", OWNER, conference=held["id"])
    assert again.text_area(key="minutes_text").value == BEGUN
    assert say("minutes.theirs", "th") not in words(again)
    owner.put(path, json={"text": THEIRS, "before": saved["minutes_hash"]})
    beside = pages.draw("conference", OWNER, conference=held["id"])
    assert beside.text_area(key="minutes_text").value == BEGUN
    assert say("minutes.theirs", "th") in words(beside)
    assert THEIRS in words(beside)


def test_ones_own_view_comes_first_where_a_worker_wants_it(
    pages: Pages, office: Office, owner: TestClient
) -> None:
    """Urgency and risks are folded, dangers are not; both views are kept with one another."""
    story = "ผู้หญิงโทรมาบอกว่าสามีบีบคอเมื่อคืนจนหายใจไม่ออก ตอนนี้หลบอยู่บ้านแม่"
    made = post(owner, "/cases", {"narrative": story})
    drafted(office, owner, made["id"])
    reason = made["coding"]["urgency"]["reason_th"]
    folded = say("own_view.folded", "th")
    assert folded not in words(pages.draw("case_file", OWNER, case=made["id"]))
    owner.put("/api/v1/me/drawer/own_view", json={"content": "on"})
    try:
        shown = words(pages.draw("case_file", OWNER, case=made["id"]))
        assert folded in shown
        assert reason not in shown
        signs = [flag["sign_th"] for flag in made["coding"]["red_flags"]]
        assert signs
        assert [sign for sign in signs if sign not in shown] == []
        drawn = pages.draw("case_file", OWNER, case=made["id"], part="plan")
        assert f"**{say('section.risks', 'th')}** — {folded}" in words(drawn)
        drawn.button_group(key=f"own-risk-{made['id']}").set_value("medium").run()
        drawn.button_group(key=f"own-urgency-{made['id']}").set_value("72h").run()
        press(drawn, "own_go")
        assert not drawn.error
        (kept,) = get(owner, f"/cases/{made['id']}/entries")
        both = {"risk": "medium", "urgency": "72h", "system_urgency": made["urgency"]}
        assert (kept["kind"], kept["content"]) == ("own_view", both)
        assert reason in words(pages.draw("case_file", OWNER, case=made["id"]))
    finally:
        owner.put("/api/v1/me/drawer/own_view", json={"content": ""})
    claimed = both | {"system_urgency": "routine"}
    again = post(owner, f"/cases/{made['id']}/entries", {"kind": "own_view", "content": claimed})
    assert again["content"]["system_urgency"] == made["urgency"]
    offers = get(owner, f"/cases/{made['id']}/steps")["offers"]
    assert "own_view" not in {offer["kind"] for offer in offers}


def test_why_a_limit_ends_or_comes_back_is_kept_while_it_is_written(
    pages: Pages, owner: TestClient, case: dict[str, Any]
) -> None:
    limits = get(owner, f"/cases/{case['id']}/deadlines")
    which = next(d["id"] for d in limits if d["status"] == "open" and not d["statutory"])
    write(owner, f"written-deadline-{which}-cancelled", BEGUN)
    drawn = pages.draw("case_file", OWNER, case=case["id"], part="steps")
    press(drawn, f"deadline-{which}")
    assert drawn.button_group(key=f"deadline-act-{which}").value == "cancelled"
    assert drawn.text_area(key=f"deadline-reason-cancelled-{which}").value == BEGUN
    press(drawn, f"deadline-keep-{which}")
    assert not drawn.error
    assert not [name for name in lying(owner) if which in name]

    write(owner, f"written-deadline-{which}-back", "กดผิดรายการ")
    again = pages.draw("deadlines", OWNER)
    again.session_state["deadlines_ended"] = True
    press(again.run(), f"back-{which}")
    assert again.text_area(key=f"deadline-reason-back-{which}").value == "กดผิดรายการ"
    press(again, f"back-keep-{which}")
    assert not again.error
    found = next(d for d in get(owner, f"/cases/{case['id']}/deadlines") if d["id"] == which)
    assert (found["status"], found["back_reason"]) == ("open", "กดผิดรายการ")
    told = words(pages.draw("case_file", OWNER, case=case["id"], part="steps"))
    assert "กดผิดรายการ" in told
    line = words(pages.draw("case_file", OWNER, case=case["id"], part="timeline"))
    assert say("deadline.taken_back", "th") in line
    assert BEGUN in line


def test_why_a_case_is_opened_in_an_emergency_comes_back(pages: Pages, owner: TestClient) -> None:
    write(owner, "written-emergency-number", "C-2569-0001")
    write(owner, "written-emergency-reason", BEGUN)
    drawn = pages.draw("cases", OWNER)
    drawn.session_state["emergency"] = True
    drawn.run()
    assert drawn.text_input(key="emergency_number").value == "C-2569-0001"
    assert drawn.text_area(key="emergency_reason").value == BEGUN
    assert say("kept.back", "th") in words(drawn)
