"""Notices: made with the act, told live, read or unread, and each person's own."""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.board import streamed
from api.notices import NoticeOut
from cases.notice_rows import kinds
from cases.notices import RemindTask
from runtime.jobs import JobContext
from runtime.messages import LANGUAGES, catalogue
from tests.acceptance.application import App
from tests.acceptance.lifecycle import Office, consent, get, post, refer
from tests.acceptance.matrix import ROLES
from tests.acceptance.test_api_board import signed_in
from tests.acceptance.test_api_casework import LETTER, OWNER, SUPERVISOR, assessed

NOBODY = JobContext(0, "remind", 0, None, lambda: False)
WRITING = """SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    AND proname <> 'cmis_note' AND prosrc ~ 'cmis_note|INTO notices'"""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
STATES = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :c"
CHECKS = {"letter_": "referrals_status_check", "approval_": "sign_offs_verdict_check"}
NEVER_NOTED = {"letter_pending"}  # a letter begins so
DANGER = """INSERT INTO deadlines (id, case_id, kind, duty_th, duty_en, statutory, source, due,
    added_by) SELECT gen_random_uuid()::text, id, 'unsafe', 'x', 'x', false, 'x',
    now() + interval '9 days', owner_id FROM cases WHERE id = :c"""


@pytest.fixture(scope="module")
def office(app: App) -> Office:
    return Office(app)


@pytest.fixture(scope="module")
def case(office: Office) -> dict[str, Any]:
    return assessed(office)


def told(client: TestClient, case: dict[str, Any], *, unread: bool = False) -> dict[str, Any]:
    """The person's notices about a case, by kind, however many others came after them."""
    found: list[dict[str, Any]] = []
    while page := get(client, f"/notices?limit=200&offset={len(found)}&unread={unread}")["items"]:
        found += page
    return {n["kind"]: n for n in found if n["case_id"] == case["id"]}


def sent(office: Office, case: dict[str, Any]) -> dict[str, Any]:
    return refer(office[OWNER], case["id"], LETTER, consent(office[OWNER], case["id"], LETTER))


def test_a_letter_and_its_answer_are_told_and_read(office: Office, case: dict[str, Any]) -> None:
    owner, malee = office[OWNER], office["malee.bpd"]
    letter = sent(office, case)
    arrived = told(malee, case)["letter_arrived"]
    assert (arrived["subject_id"], arrived["number"]) == (letter["id"], None)
    assert arrived["message_th"] != arrived["message_en"]
    assert "letter_arrived" not in told(owner, case)
    before = get(malee, "/notices")["unread"]
    post(owner, "/notices/read", {"ids": [arrived["id"]]}, 204)  # another's: nothing happens
    assert get(malee, "/notices")["unread"] == before
    post(malee, "/notices/read", {"ids": [arrived["id"]]}, 204)
    assert get(malee, "/notices")["unread"] == before - 1
    assert "letter_arrived" not in told(malee, case, unread=True)
    post(malee, f"/referrals/{letter['id']}/accept", {}, 200)
    answered = told(owner, case)["letter_accepted"]
    assert case["number"] in answered["message_th"]
    post(owner, "/notices/read", {}, 204)
    assert get(owner, "/notices")["unread"] == 0


def test_what_is_late_is_told_once_and_to_a_supervisor(
    app: App, office: Office, case: dict[str, Any]
) -> None:
    owner, supervisor = office[OWNER], office[SUPERVISOR]
    letter = sent(office, case)
    late = (
        "UPDATE deadlines SET due = now() - interval '1 hour' WHERE case_id = :c",
        "UPDATE referrals SET answer_by = now() - interval '1 hour' WHERE id = :i",
    )
    with app.wiring.database.owner_engine.begin() as connection:
        for statement in late:
            connection.execute(text(statement), {"c": case["id"], "i": letter["id"]})
    remind = RemindTask(app.wiring.database)
    remind({}, NOBODY)
    for client in (owner, supervisor):
        assert {"deadline_overdue", "letter_unanswered"} <= told(client, case).keys()
    assert "deadline_overdue" not in told(office["malee.bpd"], case)
    count = get(owner, "/notices")["unread"]
    remind({}, NOBODY)
    assert get(owner, "/notices")["unread"] == count


def test_an_opening_nobody_reviews_is_told_to_more_people_once(
    app: App, office: Office, case: dict[str, Any]
) -> None:
    asked = {"number": case["number"], "reason": "เด็กอยู่ในอันตรายและติดต่อเจ้าของเคสไม่ได้", "hours": 1}
    opening = post(office["malee.bpd"], "/glass", asked, 201)
    watching = (SUPERVISOR, "auditor")
    remind = RemindTask(app.wiring.database)

    def late() -> list[str]:
        remind({}, NOBODY)
        kinds = {login: told(office[login], case) for login in (*watching, OWNER, "malee.bpd")}
        return [login for login, kind in kinds.items() if "glass_unreviewed" in kind]

    assert late() == []
    passed = "UPDATE glass_breaks SET opened_at = opened_at - interval '25 hours',"
    passed += " expires_at = expires_at - interval '25 hours' WHERE id = :i"
    with app.wiring.database.owner_engine.begin() as connection:
        connection.execute(text(passed), {"i": opening["id"]})
    assert late() == list(watching)
    notice = told(office[SUPERVISOR], case)["glass_unreviewed"]
    assert case["number"] in notice["message_th"]
    assert notice["message_en"].startswith("Nobody has reviewed")
    unread = get(office[SUPERVISOR], "/notices")["unread"]
    verdict = {"outcome": "justified", "note": "โทรตรวจสอบแล้ว"}
    post(office[SUPERVISOR], f"/glass/{opening['id']}/review", verdict, 200)
    assert late() == list(watching)
    assert get(office[SUPERVISOR], "/notices")["unread"] == unread


async def test_a_notice_is_pushed_to_its_person_alone(
    app: App, office: Office, case: dict[str, Any]
) -> None:
    notices = app.wiring.services.casework.notices

    async def heard(login: str) -> list[dict[str, Any]]:
        stream = streamed(notices.of(signed_in(app, login)), "notice", NoticeOut, 2.5)
        async with aclosing(stream) as events:  # type: ignore[type-var]
            return [orjson.loads(str(e.data)) async for e in events if e.event == "notice"]

    listening = [asyncio.create_task(heard(login)) for login in ("malee.bpd", "doctor.mdt")]
    await asyncio.sleep(0.8)
    letter = await asyncio.to_thread(sent, office, case)
    mine, others = await asyncio.gather(*listening)
    assert letter["id"] in {n["subject_id"] for n in mine}
    assert others == []


def test_the_end_of_a_consent_is_told_to_both_sides(
    app: App, office: Office, case: dict[str, Any]
) -> None:
    owner, malee = office[OWNER], office["malee.bpd"]
    letter = sent(office, case)
    post(malee, f"/referrals/{letter['id']}/accept", {}, 200)
    given = letter["consent_id"]
    soon = "UPDATE consents SET expires_at = now() + interval '3 days' WHERE id = :i"
    with app.wiring.database.owner_engine.begin() as connection:
        connection.execute(text(soon), {"i": given})
    RemindTask(app.wiring.database)({}, NOBODY)
    for client in (owner, malee):
        assert told(client, case)["consent_ending"]["subject_id"] == given
    post(owner, f"/consents/{given}/withdraw", {"reason": "ไม่อยากให้ส่งต่อแล้ว"}, 200)
    assert told(malee, case)["consent_ended"]["subject_id"] == given
    assert "consent_ended" not in told(owner, case)  # who did it knows


def kinds_of(app: App) -> set[str]:
    """Every kind of notice that a function of the database makes.

    Their literals with an underscore are kinds, beginnings of kinds that a state is put behind,
    roles, or names of tables.
    """
    with app.wiring.database.owner_engine.connect() as owner:
        sources = owner.execute(text(WRITING)).scalars().all()
        tables = set(owner.execute(text(TABLES)).scalars())
        states = {
            area: re.findall("'([a-z_]+)'", owner.execute(text(STATES), {"c": check}).scalar_one())
            for area, check in CHECKS.items()
        }
    assert len(sources) > 8
    named = {word for source in sources for word in re.findall("'([a-z]+_[a-z_]*)'", source)}
    begun = {word for word in named if word.endswith("_")}
    assert begun == states.keys()
    made = {word + state for word in begun for state in states[word]} - NEVER_NOTED
    return (named - begun - tables - set(ROLES)) | made


def test_every_kind_of_notice_has_words_and_a_place(app: App) -> None:
    made = kinds_of(app)
    assert made == kinds().keys()
    for lang in LANGUAGES:
        written = {code for code in catalogue(lang) if code.startswith("notice.")}
        assert written == {f"notice.{kind}" for kind in made}


def test_dangers_are_told_first_and_what_came_later_is_not_read_unseen(
    app: App, office: Office, case: dict[str, Any]
) -> None:
    owner = office[OWNER]
    post(owner, "/notices/read", {}, 204)
    with app.wiring.database.owner_engine.begin() as connection:
        connection.execute(text(DANGER), {"c": case["id"]})
    for _ in range(2):
        post(office["malee.bpd"], f"/referrals/{sent(office, case)['id']}/accept", {}, 200)
    waiting = get(owner, "/alerts")
    kinds_told = [n["kind"] for n in waiting["notices"]]
    assert kinds_told == ["danger_reported", "letter_accepted", "letter_accepted"]
    assert [n["grave"] for n in waiting["notices"]] == [True, False, False]
    assert waiting["notices"][0]["place"] == "steps"
    assert waiting["unread"] == get(owner, "/me")["unread"] == 3
    post(owner, "/notices/read", {"until": waiting["notices"][2]["made_at"]}, 204)
    assert [n["id"] for n in get(owner, "/alerts")["notices"]] == [waiting["notices"][1]["id"]]
    read = get(owner, "/notices?read=true&limit=2")
    assert {n["id"] for n in read["items"]} == {waiting["notices"][i]["id"] for i in (0, 2)}


def test_who_lost_sight_of_a_case_is_told_no_number(office: Office, case: dict[str, Any]) -> None:
    owner, malee = office[OWNER], office["malee.bpd"]
    other = assessed(office)
    given = consent(owner, other["id"], LETTER)
    letter = refer(owner, other["id"], LETTER, given)
    post(malee, f"/referrals/{letter['id']}/accept", {}, 200)
    assert told(malee, other)["letter_arrived"]["number"] == other["number"]
    post(owner, f"/consents/{given}/withdraw", {"reason": "ไม่อยากให้ส่งต่อแล้ว"}, 200)
    for notice in told(malee, other).values():
        assert notice["number"] is None
        assert other["number"] not in notice["message_th"] + notice["message_en"]
