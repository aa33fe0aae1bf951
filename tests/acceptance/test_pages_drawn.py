"""Every page and every part of a case is drawn for its people, in both languages, no raw key."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from tests.acceptance.application import App
from tests.acceptance.lifecycle import Office, drafted, get, post
from tests.acceptance.paged import Pages, words
from tests.acceptance.test_api_casework import assessed
from ui.words import LANGUAGES, catalogue, say

OWNER = "somying.pmj"
PAGES = {
    OWNER: ("today", "cases", "overview", "new_intake", "referrals", "schemes", "knowledge"),
    "malee.bpd": ("today", "referrals", "overview"),
    "wichai.pmj": ("today", "overview"),
    "researcher": ("research", "overview"),
}
GONE = """
INSERT INTO evaluation_runs (id, experiment, family, options, status, requested_by)
SELECT 'gone', 'older', 'older-family', '{}', 'failed', id FROM users WHERE login = 'researcher'
"""
ID = re.compile(r"\b[0-9a-f]{32}\b")
PARTS = ("told", "plan", "steps", "people", "timeline", "documents", "letters")


@pytest.fixture(scope="module")
def case(app: App) -> dict[str, Any]:
    """A case with a draft, a letter and a time limit."""
    office = Office(app)
    owner = office[OWNER]
    made = assessed(office)
    drafted(office, owner, made["id"])
    letter = {"to_agency": "bpd", "purpose": "protection", "requested": "ที่พักคืนนี้"}
    basis = {"basis": "life_at_risk", "basis_reason": "อยู่กับผู้ทำร้ายคืนนี้"}
    post(owner, f"/cases/{made['id']}/referrals", letter | basis)
    return made


def readable(drawn: AppTest) -> str:
    """What the page says, which holds no id of a row and no key nobody wrote words for."""
    assert not drawn.exception
    assert not drawn.error
    shown = words(drawn)
    unread = r'data-sentence=\S+|data-keeps=".*?}"|href="[^"]*"'
    assert ID.findall(re.sub(unread, "", shown)) == []
    areas = {key.partition(".")[0] for key in catalogue("th")}
    raw = re.findall(
        rf"(?<![\w#.:/-])(?:{'|'.join(sorted(areas))})\.[a-z_]+(?:\.[a-z_]+)*\b", shown
    )
    assert [key for key in raw if not key.startswith("st.")] == []
    return shown


@pytest.mark.parametrize("login", PAGES)
def test_pages(pages: Pages, case: dict[str, Any], login: str) -> None:
    for number, name in enumerate(PAGES[login]):
        lang = LANGUAGES[number % 2]
        drawn = pages.draw(name, login, lang=lang)
        assert drawn.title[0].value
        readable(drawn)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_parts_of_a_case(pages: Pages, case: dict[str, Any], lang: str) -> None:
    drawn = pages.draw("case_file", OWNER, lang=lang, case=case["id"])
    for part in PARTS:
        drawn.session_state[f"parts-{case['id']}-{lang}"] = say(f"case.{part}", lang)
        shown = readable(drawn.run())
        assert say("withheld.told", lang, parts="").split("{")[0] not in shown


def test_a_referred_reader_is_refused_nothing_on_the_way(
    pages: Pages, case: dict[str, Any], app: App
) -> None:
    """A page that asks for more than its reader may see would write a false attempt."""
    office = Office(app)
    reader = get(office["malee.bpd"], "/me")["id"]
    letters = get(office["malee.bpd"], "/referrals")
    (letter,) = [found for found in letters if found["case_id"] == case["id"]]
    post(office["malee.bpd"], f"/referrals/{letter['id']}/accept", {}, 200)
    drawn = pages.draw("case_file", "malee.bpd", case=case["id"])
    for part in PARTS:
        drawn.session_state[f"parts-{case['id']}-th"] = say(f"case.{part}", "th")
        readable(drawn.run())
    trail = get(office["auditor"], f"/cases/{case['id']}/trail")
    acts = {e["action"] for e in trail["events"] if e["actor_id"] == reader}
    assert {"case_read", "plan_read"} <= acts
    assert "access_refused" not in acts


def test_an_english_reader_reads_dangers_problems_and_sections_in_english(
    pages: Pages, app: App
) -> None:
    owner = app.client(OWNER)
    body = {"narrative": "ผู้หญิงโทรมาบอกว่าสามีบีบคอเมื่อคืนจนหายใจไม่ออก ตอนนี้หลบอยู่บ้านแม่"}
    case = owner.post("/api/v1/cases", json=body).json()
    flags = {f["id"]: f for f in owner.get("/api/v1/codebook").json()["red_flags"]}
    raised = [f["id"] for f in case["coding"]["red_flags"]]
    assert "RF02" in raised

    drawn = pages.draw("case_file", OWNER, lang="en", case=case["id"])
    drawn.session_state[f"parts-{case['id']}-en"] = say("case.told", "en")
    shown = readable(drawn.run())
    assert flags["RF02"]["sign_en"] in shown
    for thai in (*(flags[i]["sign"] for i in raised), case["coding"]["urgency"]["reason_th"]):
        assert thai not in shown
    for problem in case["coding"]["codes"]:
        assert problem["label_th"] not in shown


def test_a_section_found_is_in_english_with_its_thai_title_beside(pages: Pages) -> None:
    drawn = pages.draw("knowledge", OWNER, lang="en")
    drawn.text_input(key="knowledge_query").set_value("เด็กถูกทารุณต้องแจ้งใคร ตรวจค้น แยกเด็ก")
    shown = readable(drawn.run())
    assert "Child Protection Act B.E. 2546 (2003): Reporting an abused child" in shown
    assert 'lang="th">แจ้งเหตุเด็กถูกทารุณ' in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_entry_is_read_in_full_and_leads_to_what_it_refers_to(pages: Pages, lang: str) -> None:
    drawn = pages.draw("knowledge", OWNER, lang=lang)
    drawn.text_input(key="knowledge_query").set_value("ทารุณกรรมเด็กต้องแจ้ง").run()
    (way, *_) = [b for b in drawn.button if str(b.key).startswith("open-child-protection-2546#")]
    way.click()
    drawn.run()
    assert not drawn.exception
    shown = "".join(str(part.value) for part in drawn.get("html"))
    for part in ("knowledge.entry_says", "knowledge.entry_when", "knowledge.entry_sources"):
        assert say(part, lang) in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_set_of_a_problem_and_the_lines_are_on_the_page(pages: Pages, lang: str) -> None:
    drawn = pages.draw("knowledge", OWNER, lang=lang)
    drawn.session_state["knowledge_tab"] = say("knowledge.sets", lang)
    drawn.session_state["knowledge_problems"] = ["VIO-01"]
    assert "VIO-01" in readable(drawn.run())
    assert [b for b in drawn.button if str(b.key).startswith("set-VIO-01-")]
    drawn.session_state["knowledge_tab"] = say("knowledge.lines", lang)
    shown = readable(drawn.run())
    assert say("hotline.unconfirmed", lang) in shown
    assert "1669" in shown


def test_a_scheme_says_where_to_apply_and_with_what(pages: Pages) -> None:
    shown = readable(pages.draw("schemes", OWNER))
    assert say("scheme.documents", "th") in shown
    assert say("scheme.apply", "th") in shown


def test_schemes_are_told_in_english_with_the_question_as_a_household_hears_it(
    pages: Pages, app: App
) -> None:
    drawn = pages.draw("schemes", OWNER, lang="en")
    shown = re.sub(r'<(small|span)[^>]* lang="th">.*?</\1>', "", readable(drawn))
    thai = {line for line in shown.splitlines() if re.search("[ก-๙]", line)}
    asked = {f["ask_th"] for f in app.client(OWNER).get("/api/v1/facts").json()}
    assert len(thai & asked) == 1
    assert thai <= asked


def test_a_letter_goes_to_nobody_by_default(pages: Pages, case: dict[str, Any]) -> None:
    drawn = pages.draw("case_file", OWNER, case=case["id"])
    drawn.session_state[f"parts-{case['id']}-th"] = say("case.letters", "th")
    drawn.session_state[f"letter-{case['id']}"] = True
    drawn.run()
    asked = [box.value for box in drawn.selectbox if str(box.key).startswith("letter_")]
    assert asked == [None, None, None]
    assert say("letters.choose_first", "th") in words(drawn)


def _refused() -> None:
    from tests.acceptance.paged import door
    from ui import research
    from ui.desk import Desk

    research._rows(Desk(door("ended"), {}, "th"), [], True)


def test_a_list_that_refreshes_itself_says_kindly_that_the_session_ended(pages: Pages) -> None:
    drawn = AppTest.from_function(_refused, default_timeout=30).run()
    assert not drawn.exception
    assert say("signin.needed", "th") in words(drawn)


def test_a_story_being_written_is_there_after_a_new_start(pages: Pages, app: App) -> None:
    client = app.client("kanda.subdistrict")
    client.put("/api/v1/me/drawer/intake", json={"content": "เล่าไว้ครึ่งเรื่อง"})
    drawn = pages.draw("new_intake", "kanda.subdistrict")
    assert drawn.text_area[0].value == "เล่าไว้ครึ่งเรื่อง"
    client.put("/api/v1/me/drawer/intake", json={"content": ""})
    drawn.text_area[0].set_value("").run()
    label = say("intake.open", "th")
    next(b for b in drawn.button if b.label == label).click().run()
    assert drawn.error[0].value == say("intake.words_needed", "th")


def test_consent_given_while_telling_is_kept_with_the_case(pages: Pages, app: App) -> None:
    drawn = pages.draw("new_intake", OWNER)
    drawn.session_state["intake_consent"] = True
    drawn.run()
    assert say("intake.consent_open", "th") in words(drawn)
    drawn.selectbox(key="intake_consent_purpose").set_value("protection")
    drawn.multiselect(key="intake_consent_to").set_value(["bpd"])
    drawn.text_input(key="consent_subject").set_value("มาลี")
    drawn.text_input(key="intake_title").set_value("ยินยอมตั้งแต่แรก")
    drawn.text_area(key="intake_words").set_value("ผู้ใหญ่บ้านแจ้งว่าแม่กับลูกไม่มีที่นอนคืนนี้")
    label = say("intake.open", "th")
    next(b for b in drawn.button if b.label == label).click().run()  # here is no file to go to
    client = app.client(OWNER)
    found = client.get("/api/v1/cases", params={"q": "ยินยอมตั้งแต่แรก"}).json()["items"]
    consents = client.get(f"/api/v1/cases/{found[0]['id']}/consents").json()
    assert [(c["purpose"], c["recipients"], c["holds"]) for c in consents] == [
        ("protection", ["bpd"], True)
    ]


def _heard() -> None:
    import streamlit as st

    from tests.acceptance.paged import door
    from ui import new_intake, transcript
    from ui.desk import Desk

    desk = Desk(door("ended"), {}, "th")
    heard = {"recording_id": "r", "revision": 0, "text": "อยากให้ช่วยเรื่องที่นอน", "unconfirmed": []}
    st.session_state.setdefault(transcript.WORDS, heard["text"])
    transcript._write(desk, heard, new_intake._fields(desk))


def test_what_was_said_goes_into_the_field_it_was_said_for(pages: Pages) -> None:
    drawn = AppTest.from_function(_heard, default_timeout=30).run()
    assert not drawn.button_group
    drawn.session_state["intake_consent"] = True
    drawn.run()
    drawn.button_group[0].set_value("consent_view").run()
    label = say("voice.use", "th", field=say("consent.view", "th"))
    next(b for b in drawn.button if b.label == label).click().run()
    assert not drawn.exception
    assert drawn.session_state["consent_view"] == "อยากให้ช่วยเรื่องที่นอน"
    assert "intake_words" not in drawn.session_state


def test_thai_numerals_are_in_dates_and_counts(pages: Pages) -> None:
    drawn = pages.draw("cases", OWNER)
    drawn.session_state["numerals"] = "thai"
    shown = words(drawn.run())
    assert re.search("[๐-๙]", shown)
    assert re.search(r"2569-\d{6}", shown)


def test_a_run_of_a_family_that_is_gone_keeps_its_own_name(app: App, pages: Pages) -> None:
    with app.wiring.database.owner_engine.begin() as connection:
        connection.execute(text(GONE))
    assert "older-family" in readable(pages.draw("research", "researcher", lang="th"))


WRITING = (
    *("deadlines.act", "code.accept", "code.remove", "draft.again", "letters.new"),
    *("documents.file", "documents.draft"),
    *("documents.do", "room.call", "room.send", "room.cast", "room.decide", "room.invite_these"),
    *("plan.approve_this", "documents.add_this"),
)


def offered(drawn: AppTest) -> set[str]:
    """Labels of everything a page lets a person press or write into."""
    kinds = ("button", "text_area", "file_uploader", "pills", "button_group")
    return {str(e.label) for kind in kinds for e in drawn.get(kind) if e.label}


def test_a_trial_is_registered_ended_and_unblinded_from_the_page(pages: Pages, app: App) -> None:
    drawn = pages.draw("research", "researcher")
    drawn.session_state["research-parts-th"] = say("research.trials", "th")
    drawn.session_state["trial-register"] = True
    drawn.run()
    given = {
        "tid-0": "drawn-trial",
        "tq-0": "ร่างช่วยให้ทบทวนเร็วขึ้นหรือไม่",
        "ta-0": "EC 1/2569",
        "tstop-0": "ครบจำนวนราย หรือครบกำหนดเวลา",
    }
    for key, said in given.items():
        drawn.text_input(key=key).set_value(said)
    drawn.selectbox(key="to-0").set_value("edit_share")
    pressed(drawn, "trials.start")
    researcher = app.client("researcher")
    (trial,) = [t for t in get(researcher, "/research/trials") if t["id"] == "drawn-trial"]
    assert trial["ended_at"] is None
    next(f for f in drawn.text_input if f.label == say("trials.reason", "th")).set_value("ทดสอบ")
    pressed(drawn, "trials.end")
    assert "ทดสอบ" in readable(drawn)
    drawn.checkbox(key="sure-drawn-trial").check().run()
    pressed(drawn, "trials.unblind")
    assert say("arm.ai_first", "th") in readable(drawn)


def pressed(drawn: AppTest, label: str) -> None:
    """The button of that name pressed."""
    next(b for b in drawn.button if b.label == say(label, "th")).click().run()
    assert not drawn.exception
    assert not drawn.error


def test_who_opened_a_case_in_an_emergency_is_offered_nothing_to_write(
    pages: Pages, app: App, case: dict[str, Any]
) -> None:
    owner, reader = app.client(OWNER), app.client("kanda.subdistrict")
    meeting = {"meets_at": "2030-01-01T09:00:00+07:00", "members": [], "questions": ["ใครดูแลลูก"]}
    held = post(owner, f"/cases/{case['id']}/conferences", meeting, 201)
    paper = post(owner, f"/cases/{case['id']}/documents", {"type_id": "doc:1", "form": "pdf"}, 201)
    why = {"number": case["number"], "reason": "เด็กอยู่ในอันตรายและติดต่อเจ้าของเคสไม่ได้", "hours": 1}
    post(reader, "/glass", why, 201)
    listed = owner.get("/api/v1/deadlines").json()["items"]
    ours = {f"deadline-{row['id']}" for row in listed if row["case_id"] == case["id"]}
    writing = {say(key, "th") for key in WRITING}
    shown: dict[str, set[str]] = {}
    for login in (OWNER, "kanda.subdistrict"):
        drawn = pages.draw("case_file", login, case=case["id"])
        for part in PARTS:
            drawn.session_state[f"parts-{case['id']}-th"] = say(f"case.{part}", "th")
            readable(drawn.run())
            shown.setdefault(login, set()).update(offered(drawn))
        papers = pages.draw("documents", login, case=case["id"])
        papers.session_state["document_opened"] = paper["id"]
        papers.run()
        room = pages.draw("conference", login, conference=held["id"])
        limits = pages.draw("deadlines", login)
        for page in (papers, room):
            assert not page.exception
            shown[login].update(offered(page))
        assert not limits.exception  # it lists the person's own cases, too
        shown[login].update(str(b.label) for b in limits.button if b.key in ours)
    assert len(shown[OWNER] & writing) >= 9
    assert shown["kanda.subdistrict"] & writing == set()
