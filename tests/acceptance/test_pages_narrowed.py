"""Pages for people who may not see everything: what is theirs is shown, the rest is named."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from tests.acceptance.application import App
from tests.acceptance.lifecycle import Office, consent, drafted, get, post, refer, tomorrow
from tests.acceptance.paged import Pages, words
from tests.acceptance.test_api_casework import assessed
from ui.words import say

OWNER, DOCTOR, TEACHER = "somying.pmj", "doctor.mdt", "teacher.school"


@pytest.fixture(scope="module")
def office(app: App) -> Office:
    return Office(app)


@pytest.fixture(scope="module")
def case(office: Office) -> dict[str, Any]:
    """A drafted case a doctor is invited to talk about and a school accepted a letter of."""
    owner = office[OWNER]
    made = assessed(office)
    drafted(office, owner, made["id"])
    people = {p["login"]: p["id"] for p in get(owner, "/directory")}
    meeting = {"meets_at": tomorrow(), "members": [people[DOCTOR]], "questions": ["ใครไปเยี่ยม"]}
    post(owner, f"/cases/{made['id']}/conferences", meeting)
    letter = {"to": "school", "purpose": "schooling", "asked": "ดูแลที่โรงเรียน"}
    sent = refer(owner, made["id"], letter, consent(owner, made["id"], letter))
    post(office[TEACHER], f"/referrals/{sent['id']}/accept", {}, 200)
    return made


def on_tab(pages: Pages, login: str, case_id: str, tab: str) -> AppTest:
    drawn = pages.draw("case_file", login, case=case_id)
    drawn.session_state[f"parts-{case_id}-th"] = say(f"case.{tab}", "th")
    return drawn.run()


def told(key: str, **places: object) -> str:
    return say(key, "th", **places)


def test_a_doctor_of_the_team_reads_codes_and_is_told_the_story_is_kept(
    pages: Pages, case: dict[str, Any]
) -> None:
    drawn = pages.draw("case_file", DOCTOR, case=case["id"])
    assert not drawn.exception
    shown = words(drawn)
    assert told("withheld.narrative") in drawn.info[0].value
    assert told("withheld.coding") not in drawn.info[0].value
    assert told("withheld.here", part=told("withheld.narrative")) in shown
    assert case["coding"]["codes"][0]["label_th"] in shown
    assert told("relation.mdt") in shown
    assert [b for b in drawn.button if b.label == told("code.accept")] == []


def test_a_doctor_of_the_team_is_offered_nothing_about_people(
    pages: Pages, case: dict[str, Any]
) -> None:
    drawn = on_tab(pages, DOCTOR, case["id"], "people")
    assert not drawn.exception
    assert not drawn.error
    labels = {part.label for part in (*drawn.button, *drawn.expander)}
    about_people = {told(f"fact.say_{act}") for act in ("confirmed", "corrected", "removed")}
    about_people |= {told(key) for key in ("add.title", "fact.another", "hold.title")}
    assert labels.isdisjoint(about_people)


def test_a_doctor_of_the_team_reads_the_plan_and_decides_nothing(
    pages: Pages, case: dict[str, Any]
) -> None:
    drawn = on_tab(pages, DOCTOR, case["id"], "plan")
    assert not drawn.exception
    assert told("plan.version", number=1) in words(drawn)
    labels = {b.label for b in drawn.button}
    assert labels.isdisjoint({told("item.accept"), told("plan.approve_this"), told("draft.again")})


def test_a_school_that_sees_a_name_alone_is_shown_every_part_kindly(
    pages: Pages, case: dict[str, Any]
) -> None:
    for tab in ("told", "plan", "steps", "letters"):
        drawn = on_tab(pages, TEACHER, case["id"], tab)
        assert not drawn.exception
        assert not drawn.error
        for part in ("narrative", "coding", "versions"):
            assert told(f"withheld.{part}") in drawn.info[0].value
    assert told("letters.new") not in words(drawn)


@pytest.mark.parametrize(
    ("login", "to", "may"),
    [(DOCTOR, "pmj", False), (TEACHER, "hospital", False), (TEACHER, "school", True)],
)
def test_consents_are_read_kindly_and_withdrawn_by_who_may(
    pages: Pages, office: Office, case: dict[str, Any], login: str, to: str, may: bool
) -> None:
    """The letter rests on a consent to the school, too: that one is withdrawn on no page here."""
    given = consent(office[OWNER], case["id"], {"to": to, "purpose": "health"})
    drawn = on_tab(pages, login, case["id"], "letters")
    drawn.session_state[f"consents-{case['id']}"] = True
    drawn.run()
    assert not drawn.exception
    assert not drawn.error
    assert told("consents.holds") in words(drawn)
    offered = {b.key for b in drawn.button if b.label == told("consents.withdraw_this")}
    assert may is (f"withdraw-{given}" in offered)
    labels = {drawer.label for drawer in drawn.expander}
    assert labels.isdisjoint({told("consents.record"), told("letters.new")})
    post(office[login], f"/consents/{given}/withdraw", {"reason": "x"}, 200 if may else 403)


def test_a_school_reports_on_its_own_service_and_on_no_other(
    pages: Pages, office: Office, case: dict[str, Any]
) -> None:
    planned = post(office[OWNER], f"/cases/{case['id']}/services", {"text": "เยี่ยมบ้าน"})
    asked = get(office[TEACHER], f"/cases/{case['id']}/services")
    own = next(s["id"] for s in asked if s["agency_id"] == "school")
    drawn = on_tab(pages, TEACHER, case["id"], "steps")
    assert told("services.kept_back") in words(drawn)
    assert [d.label for d in drawn.expander].count(told("services.report")) == 1
    assert told("services.plan") not in {d.label for d in drawn.expander}
    drawn.session_state[f"report-{own}-0"] = True
    drawn.run()
    drawn.text_area(key=f"report-result-{own}-0").set_value("มาเรียนทุกวัน")
    drawn.button_group(key=f"report-state-{own}-0").set_value("under_way")
    drawn.button(key=f"report-send-{own}-0").click().run()
    assert not drawn.error
    kept = {s["id"]: s for s in get(office[OWNER], f"/cases/{case['id']}/services")}
    assert (kept[own]["status"], kept[own]["result"]) == ("under_way", "มาเรียนทุกวัน")
    assert kept[planned["id"]]["status"] == "planned"


def test_the_owner_is_told_of_nothing_withheld(pages: Pages, case: dict[str, Any]) -> None:
    drawn = on_tab(pages, OWNER, case["id"], "plan")
    assert not drawn.exception
    assert {told("draft.again"), told("plan.approve_this")} <= {b.label for b in drawn.button}
    assert told("withheld.told", parts="") not in words(drawn)


def test_a_draft_without_its_assessment_is_still_drawn(
    pages: Pages, app: App, case: dict[str, Any]
) -> None:
    with app.wiring.database.owner_engine.begin() as owner:
        change = text("UPDATE users SET profession = :p WHERE login = :l")
        owner.execute(change, {"p": "school", "l": DOCTOR})
        drawn_for = {"p": "doctor_oscc", "l": DOCTOR}
    try:
        drawn = on_tab(pages, DOCTOR, case["id"], "plan")
        assert not drawn.exception
        assert told("withheld.content.assessment") in words(drawn)
        assert told("plan.version", number=1) in words(drawn)
    finally:
        with app.wiring.database.owner_engine.begin() as owner:
            owner.execute(change, drawn_for)


def test_the_head_tells_who_the_risk_and_the_urgency_to_those_who_may_know(
    pages: Pages, office: Office, case: dict[str, Any]
) -> None:
    """Told with the case itself; a doctor reads the judgement and no name, a school neither."""
    owner = office[OWNER]
    asked = {"role": "client", "identity": {"given_name": "สายหยุด", "age_years": 71}}
    post(owner, f"/cases/{case['id']}/persons", asked)
    whole = get(owner, f"/cases/{case['id']}")
    assert (whole["risk"]["level"], whole["risk"]["kind"]) == ("high", "assessment")
    assert set(whole["client"]["identity"]) == NAMED
    shown = words(pages.draw("case_file", OWNER, case=case["id"]))
    urgency = whole["coding"]["urgency"]["reason_th"]
    by = told("head.judged", name=get(owner, "/me")["name"], when="").strip()
    for expected in ("สายหยุด", told("people.age", years=71), "ไม่ปลอดภัย", by, urgency[-20:]):
        assert expected in shown
    doctor = words(pages.draw("case_file", DOCTOR, case=case["id"]))
    assert "สายหยุด" not in doctor
    assert by in doctor
    assert told("head.kept_back") in doctor
    teacher = words(pages.draw("case_file", TEACHER, case=case["id"]))
    assert teacher.count(told("head.kept_back")) == 2 * doctor.count(told("head.kept_back"))
    assert by not in teacher
    fresh = post(owner, "/cases", {"narrative": "ขอคำแนะนำเรื่องบัตรคนพิการ"})
    assert told("head.no_risk") in words(pages.draw("case_file", OWNER, case=fresh["id"]))


def test_today_shows_an_open_danger_behind_many_that_are_settled(
    pages: Pages, app: App, office: Office
) -> None:
    """Cases in danger come newest first, so one that waits may stand behind settled ones."""
    waits = assessed(office)
    with app.wiring.database.owner_engine.begin() as owner:
        for statement in SETTLED:
            owner.execute(text(statement), {"id": waits["id"]})
    try:
        drawn = pages.draw("today", OWNER)
        assert not drawn.exception
        assert waits["number"] in words(drawn)
        everybody = get(office[OWNER], "/cases?urgency=immediate_1h&open=true&limit=1")
        assert drawn.metric[0].value == str(everybody["total"])
    finally:
        with app.wiring.database.owner_engine.begin() as owner:
            owner.execute(text("DELETE FROM cases WHERE id LIKE 'settled-%'"))


NAMED = {"title", "given_name", "family_name", "nicknames", "called", "age_years"}
SETTLED = (
    """INSERT INTO cases (id, number, agency_id, title, status, urgency, owner_id, received_at)
       SELECT 'settled-' || n, '2500-' || lpad(n::text, 6, '0'), agency_id, 'settled', 'closed',
           'immediate_1h', owner_id, now() + interval '1 day'
       FROM cases, generate_series(1, 30) n WHERE cases.id = :id""",
    """UPDATE cases SET urgency = 'immediate_1h', received_at = now() + interval '12 hours'
       WHERE id = :id""",
)
