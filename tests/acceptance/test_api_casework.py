"""Consent, letters, emergency openings, sign-offs and views over HTTP, and their refusals."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.views import withhold
from cases.casebook import casebook
from cases.viewing import Viewer
from tests.acceptance.application import App
from tests.acceptance.lifecycle import (
    ASSESSMENT,
    REGISTRATION,
    SCREENING,
    Office,
    consent,
    entry,
    get,
    post,
    refer,
    tomorrow,
)
from tests.acceptance.test_api_main_day import API, opened

OWNER, SUPERVISOR = "somying.pmj", "wichai.pmj"
LETTER = {"to": "bpd", "purpose": "protection", "asked": "ที่พักคืนนี้"}


@pytest.fixture(scope="module")
def office(app: App) -> Office:
    return Office(app)


@pytest.fixture(scope="module")
def shared(office: Office) -> dict[str, Any]:
    """One case for tests that leave nothing behind."""
    return assessed(office)


@pytest.fixture
def case(office: Office) -> dict[str, Any]:
    """A case for one test alone."""
    return assessed(office)


def assessed(office: Office) -> dict[str, Any]:
    """A registered and assessed case of the provincial office's."""
    made = opened(office[OWNER], TOLD)
    entry(office[OWNER], made["id"], "registration", REGISTRATION | {"case_type": "other"})
    entry(office[OWNER], made["id"], "screening", SCREENING)
    entry(office[OWNER], made["id"], "assessment", ASSESSMENT)
    return made


def sent(office: Office, case: dict[str, Any], **more: Any) -> tuple[str, str]:
    """A letter to the shelter; gives its id and the consent's."""
    given = consent(office[OWNER], case["id"], LETTER)
    return refer(office[OWNER], case["id"], LETTER, given, **more)["id"], given


def accepted(office: Office, case: dict[str, Any]) -> tuple[str, str]:
    """A letter the shelter has accepted."""
    letter, given = sent(office, case)
    post(office["malee.bpd"], f"/referrals/{letter}/accept", {}, 200)
    get(office["malee.bpd"], f"/cases/{case['id']}")
    return letter, given


NOTICE: dict[str, Any] = {
    "kind": "notice",
    "content": {"what": "หมายเรียกพยาน", "received_at": tomorrow(-1), "answer_by": tomorrow(7)},
}
TOLD = "ยายเลี้ยงหลานสองคนลำพัง เงินไม่พอซื้อนมและค่ายา เพื่อนบ้านช่วยดูเป็นครั้งคราว"
BARE = {
    "subject": "ผู้รับบริการ",
    "purpose": "service",
    "recipients": ["bpd"],
    "given_by": "self",
    "method": "written",
}


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"purpose": "curiosity"}, "purpose"),
        ({"recipients": []}, "recipients"),
        ({"recipients": ["nobody"]}, "recipients"),
        ({"method": "spoken", "witnesses": ["ก"]}, "witnesses"),
        ({"subject_age": 12}, "guardian"),
        ({"subject_age": 12, "given_by": "guardian"}, "subject_view"),
        ({"given_by": "guardian", "guardian_is_alleged": True}, "guardian_is_alleged"),
        ({"given_at": tomorrow()}, "given_at"),
    ],
)
def test_a_consent_that_lacks_something(
    office: Office, shared: dict[str, Any], wrong: dict[str, Any], what: str
) -> None:
    refused = post(office[OWNER], f"/cases/{shared['id']}/consents", BARE | wrong, 422)
    assert (refused["code"], refused["details"]["what"]) == ("consent.unfit", what)


def test_in_a_childs_case_a_consent_says_how_old_its_giver_is(office: Office) -> None:
    """Without an age a child counted as an adult: no guardian and no view of their own."""
    case_id = opened(office[OWNER], TOLD)["id"]
    child = REGISTRATION | {"case_type": "child_protection"}
    entry(office[OWNER], case_id, "registration", child)
    refused = post(office[OWNER], f"/cases/{case_id}/consents", BARE, 422)
    assert refused["details"]["what"] == "subject_age"
    post(office[OWNER], f"/cases/{case_id}/consents", BARE | {"subject_age": 34})


def test_a_letter_needs_a_consent_that_names_it(office: Office, shared: dict[str, Any]) -> None:
    given = consent(office[OWNER], shared["id"], LETTER | {"purpose": "legal"})
    body = {
        "to_agency": "bpd",
        "purpose": "protection",
        "basis": "consent",
        "consent_id": given,
        "requested": "x",
    }
    path = f"/cases/{shared['id']}/referrals"
    assert post(office[OWNER], path, body, 409)["code"] == "referral.no_consent"
    for wrong, what in (
        ({"purpose": "x"}, "purpose"),
        ({"basis": "x"}, "basis"),
        ({"basis": "duty_child", "purpose": "schooling", "consent_id": None}, "basis"),
        ({"basis": "duty_child", "consent_id": None}, "basis_reason"),
        ({"consent_id": None}, "consent_id"),
        ({"to_agency": "pmj"}, "to_agency"),
        ({"parts": ["conference"]}, "parts"),
    ):
        refused = post(office[OWNER], path, body | wrong, 422)
        assert (refused["code"], refused["details"]["what"]) == ("referral.unfit", what)


def test_a_withdrawn_consent_closes_the_case_at_once(office: Office, case: dict[str, Any]) -> None:
    _, given = accepted(office, case)
    done = post(office[OWNER], f"/consents/{given}/withdraw", {"reason": "เปลี่ยนใจ"}, 200)
    assert done["withdrawn_at"]
    get(office["malee.bpd"], f"/cases/{case['id']}", 404)
    again = post(office[OWNER], f"/consents/{given}/withdraw", {"reason": "x"}, 409)
    assert again["code"] == "consent.withdrawn"
    listed = get(office[OWNER], f"/cases/{case['id']}/consents")
    assert [c["holds"] for c in listed] == [False]


def test_a_withdrawn_consent_stops_a_waiting_letter(office: Office, case: dict[str, Any]) -> None:
    letter, given = sent(office, case)
    post(office[OWNER], f"/consents/{given}/withdraw", {"reason": "เปลี่ยนใจ"}, 200)
    refused = post(office["malee.bpd"], f"/referrals/{letter}/accept", {}, 409)
    assert refused["code"] == "referral.no_consent"


def test_taking_a_letter_back_and_answering_twice(office: Office, case: dict[str, Any]) -> None:
    letter, _ = accepted(office, case)
    malee, owner = office["malee.bpd"], office[OWNER]
    assert post(malee, f"/referrals/{letter}/accept", {}, 409)["code"] == "referral.step"
    why = {"reason_code": "no_longer_needed"}
    assert post(malee, f"/referrals/{letter}/revoke", why, 403)["code"] == "referral.party"
    unknown = post(owner, f"/referrals/{letter}/revoke", {"reason_code": "mood"}, 422)
    assert unknown["details"]["what"] == "reason_code"
    post(owner, f"/referrals/{letter}/revoke", why, 200)
    get(malee, f"/cases/{case['id']}", 404)
    assert get(malee, f"/referrals/{letter}")["status"] == "revoked"
    (service,) = get(owner, f"/cases/{case['id']}/services")
    assert service["status"] == "withdrawn"


def test_a_letter_nobody_answers_escalates(app: App, office: Office, case: dict[str, Any]) -> None:
    letter, _ = sent(office, case)
    with app.wiring.database.owner_engine.begin() as owner:
        owner.execute(
            text("UPDATE referrals SET answer_by = now() - interval '1 h' WHERE id = :i"),
            {"i": letter},
        )
    for login in (OWNER, SUPERVISOR):
        assert letter in {r["id"] for r in get(office[login], "/alerts")["unanswered"]}
    waiting = get(office["malee.bpd"], "/alerts")["to_answer"]
    assert letter in {r["id"] for r in waiting if r["overdue"]}
    done = post(office["malee.bpd"], f"/referrals/{letter}/accept", {}, 200)
    assert done["overdue"] is False
    post(office["malee.bpd"], f"/referrals/{letter}/finish", {"comment": "เสร็จแล้ว"}, 200)
    get(office["malee.bpd"], f"/cases/{case['id']}", 404)


def test_a_transfer_moves_the_case_with_its_sound_and_its_trail(
    office: Office, case: dict[str, Any]
) -> None:
    letter, _ = sent(office, case, kind="transfer")
    signs = get(office[OWNER], f"/cases/{case['id']}/sign-offs")
    assert [s["kind"] for s in signs] == ["transfer"]
    early = post(office["malee.bpd"], f"/referrals/{letter}/accept", {}, 409)
    assert early["code"] == "referral.unsigned"
    sign(office, signs[0], "approved")
    post(office["malee.bpd"], f"/referrals/{letter}/accept", {}, 200)
    get(office[OWNER], f"/cases/{case['id']}", 404)
    mine = get(office["malee.bpd"], f"/cases/{case['id']}")
    assert mine["narrative"]["text"]
    trail = get(office["malee.bpd"], f"/cases/{case['id']}/trail")
    assert trail["damage"] == []
    assert get(office[OWNER], f"/referrals/{letter}")["status"] == "done"


def sign(office: Office, asked: dict[str, Any], verdict: str) -> None:
    """A supervisor's word on what was asked."""
    word = {"verdict": verdict, "content_hash": asked["content_hash"], "comment": "ตรวจแล้ว"}
    post(office[SUPERVISOR], f"/sign-offs/{asked['id']}/decision", word, 200)


def test_an_approval_opens_and_a_refusal_closes_what_it_is_about(
    office: Office, case: dict[str, Any]
) -> None:
    """Where danger bids, telling goes first and is looked at afterwards; else it waits."""
    owner, police = office[OWNER], office["somsak.police"]
    body = {
        "to_agency": "police",
        "purpose": "complaint",
        "basis": "court_order",
        "basis_reason": "คำสั่งที่ 12/2569",
        "requested": "ติดตามตัว",
        "services": [{"text": "ติดตามตัว"}],
    }
    path = f"/cases/{case['id']}/referrals"
    waits = post(owner, path, body)
    early = post(police, f"/referrals/{waits['id']}/accept", {}, 409)
    assert early["code"] == "referral.unsigned"
    (asked,) = get(owner, f"/cases/{case['id']}/sign-offs")
    sign(office, asked, "refused")
    assert get(police, f"/referrals/{waits['id']}")["status"] == "revoked"
    at_once = post(owner, path, body | {"basis": "life_at_risk"})
    post(police, f"/referrals/{at_once['id']}/accept", {}, 200)
    get(police, f"/cases/{case['id']}")
    asked = get(owner, f"/cases/{case['id']}/sign-offs")[-1]
    sign(office, asked, "refused")
    get(police, f"/cases/{case['id']}", 404)
    left = get(owner, f"/referrals/{at_once['id']}")
    assert (left["status"], left["reason_code"]) == ("revoked", "not_approved")
    statuses = {s["status"] for s in get(owner, f"/cases/{case['id']}/services")}
    assert statuses == {"withdrawn"}


def test_telling_without_consent_is_looked_at_by_a_second_person(
    office: Office, case: dict[str, Any]
) -> None:
    body = {
        "to_agency": "police",
        "purpose": "complaint",
        "basis": "life_at_risk",
        "basis_reason": "เขากำลังตามหาเธอ",
        "requested": "ช่วยเหลือทันที",
    }
    post(office[OWNER], f"/cases/{case['id']}/referrals", body)
    supervisor = office[SUPERVISOR]
    (asked,) = [s for s in get(supervisor, "/alerts")["to_sign"] if s["case_id"] == case["id"]]
    word = {"verdict": "approved", "content_hash": asked["content_hash"]}
    post(office[OWNER], f"/sign-offs/{asked['id']}/decision", word, 403)
    done = post(supervisor, f"/sign-offs/{asked['id']}/decision", word, 200)
    assert (done["kind"], done["verdict"], done["two_people"]) == ("disclosure", "approved", True)
    again = post(supervisor, f"/sign-offs/{asked['id']}/decision", word, 409)
    assert again["details"]["what"] == "sign_off_once"


def test_who_asks_never_approves(office: Office) -> None:
    supervisor = office[SUPERVISOR]
    made = opened(supervisor)
    body = {
        "to_agency": "police",
        "purpose": "complaint",
        "basis": "life_at_risk",
        "basis_reason": "x",
        "requested": "x",
    }
    post(supervisor, f"/cases/{made['id']}/referrals", body)
    (asked,) = get(supervisor, f"/cases/{made['id']}/sign-offs")
    word = {"verdict": "approved", "content_hash": asked["content_hash"]}
    refused = post(supervisor, f"/sign-offs/{asked['id']}/decision", word, 403)
    assert refused["code"] == "sign_off.self"
    assert asked["may_decide"] is False
    assert asked["id"] not in {s["id"] for s in get(supervisor, "/alerts")["to_sign"]}


def test_breaking_the_glass_is_short_named_and_reviewed(
    office: Office, case: dict[str, Any]
) -> None:
    malee, supervisor = office["malee.bpd"], office[SUPERVISOR]
    body = {"number": case["number"], "reason": "เด็กอยู่หน้าบ้านพัก ไม่มีใครรับสาย", "hours": 2}
    short = post(malee, "/glass", body | {"reason": "ด่วน"}, 422)
    assert short["code"] == "glass.reason"
    post(malee, "/glass", body | {"number": "0000-000000"}, 404)
    post(office["teacher.school"], "/glass", body, 403)
    broken = post(malee, "/glass", body)
    needless = post(office[OWNER], "/glass", body, 409)
    assert needless["code"] == "glass.needless"
    seen = get(malee, f"/cases/{case['id']}")
    assert seen["narrative"]["text"]
    assert broken["id"] in {o["id"] for o in get(supervisor, "/alerts")["openings"]}
    verdict = {"outcome": "justified", "note": "ช่วยเด็กได้ทัน"}
    post(malee, f"/glass/{broken['id']}/review", verdict, 403)
    done = post(supervisor, f"/glass/{broken['id']}/review", verdict, 200)
    assert done["outcome"] == "justified"
    post(supervisor, f"/glass/{broken['id']}/review", verdict, 403)
    (listed,) = get(office[OWNER], f"/cases/{case['id']}/openings")
    assert listed["name"] == "มาลี สาธิตดี"
    actions = {e["action"] for e in get(office[OWNER], f"/cases/{case['id']}/trail")["events"]}
    assert {"glass_broken", "glass_reviewed"} <= actions


def test_a_profession_reads_what_it_needs(office: Office, case: dict[str, Any]) -> None:
    """The school sees that and when, never why; the shelter sees the story."""
    school = {"to": "school", "purpose": "schooling", "asked": "รับกลับเข้าเรียน"}
    teacher = office["teacher.school"]
    given = consent(office[OWNER], case["id"], school)
    letter = refer(office[OWNER], case["id"], school, given)
    assert set(letter["shared"]) == {"number", "urgency"}
    post(teacher, f"/referrals/{letter['id']}/accept", {}, 200)
    told = teacher.get(f"{API}/cases/{case['id']}")
    assert told.json()["narrative"] is None
    assert told.json()["coding"] is None
    entries = teacher.get(f"{API}/cases/{case['id']}/entries")
    assert "[].content.risk" in entries.headers["X-Withheld"]
    assert len(entries.json()) >= 3
    for row in entries.json():
        content = row["content"]
        hidden = ("risk", "safety", "own_words", "reporter", "safe_contact")
        assert not any(content.get(name) for name in hidden), content
    services = get(teacher, f"/cases/{case['id']}/services")
    assert [s["text"] for s in services if s["agency_id"] == "school"] == [school["asked"]]
    accepted(office, case)
    other = [s for s in get(teacher, f"/cases/{case['id']}/services") if s["agency_id"] == "bpd"]
    assert [(s["text"], s["result"]) for s in other] == [("", None)]
    post(office[OWNER], f"/cases/{case['id']}/entries", NOTICE)
    seen = get(teacher, f"/cases/{case['id']}/entries")[-1]
    assert (seen["kind"], seen["content"]["what"]) == ("notice", None)
    post(teacher, f"/cases/{case['id']}/entries", NOTICE)
    own = get(teacher, f"/cases/{case['id']}/entries")[-1]
    assert own["content"]["what"] == NOTICE["content"]["what"]
    shelter = office["malee.bpd"].get(f"{API}/cases/{case['id']}/entries")
    contents = [row["content"] for row in shelter.json()]
    assert any(c.get("risk") == "high" for c in contents)
    assert not any(c.get("reporter") for c in contents)
    listed = {c["id"]: c for c in get(teacher, "/cases")["items"]}
    assert listed[case["id"]]["title"] == case["number"]


def test_a_field_is_withheld_where_a_list_holds_it() -> None:
    viewer = Viewer("referred", "school")
    body = [{"content": {"risk": "high", "note": "x"}}, {"content": {"note": "y"}}]
    assert withhold(body, {"[].content.risk": "judgement", "[].content.x": "codes"}, viewer) == [
        "[].content.risk"
    ]
    assert body[0]["content"] == {"risk": None, "note": "x"}
    rows = [
        {"kind": kind, "agency_id": agency, "content": {"note": "x"}}
        for kind, agency in (("visit", "a"), ("visit", "b"), ("other", "a"))
    ]
    assert withhold(rows, {"[visit].content.note": "judgement"}, viewer, "b")
    assert [row["content"]["note"] for row in rows] == [None, "x", "x"]
    page = {"title": "ก", "decisions": {"s1": 1}}
    assert withhold(page, {"title": "story", "decisions": "plan"}, Viewer("none", "x"))
    assert page == {"title": "", "decisions": {}}
    assert withhold(page, {"title": "story"}, Viewer("own", "x")) == []


def test_every_answer_about_a_case_says_who_reads_which_field(app: App) -> None:
    """A route whose answers are narrowed has its row, even an empty one."""
    from api.routes import CASEWORK, ROOMS
    from api.views import CaseRoute

    answered = {
        route.name
        for room in (*ROOMS, *CASEWORK)
        for route in room.router.routes
        if isinstance(route, CaseRoute) and "{case_id}" in route.path
    }
    assert answered <= set(casebook("views")["fields"]), answered - set(casebook("views")["fields"])


def test_forms_and_letters_are_told(office: Office, case: dict[str, Any]) -> None:
    client: TestClient = office[OWNER]
    assert "registration" in get(client, "/entry-forms")["forms"]
    assert get(client, "/referral-forms")["reasons"]
    assert {"police", "school"} <= {a["id"] for a in get(client, "/agencies")}
    letter, _ = sent(office, case)
    assert letter in {r["id"] for r in get(client, "/referrals?box=out")}
    assert letter in {r["id"] for r in get(office["malee.bpd"], "/referrals?box=in")}


def test_a_conference_invites_and_takes_back(office: Office, case: dict[str, Any]) -> None:
    owner, doctor = office[OWNER], office["doctor.mdt"]
    people = {p["login"]: p["id"] for p in get(owner, "/directory")}
    body = {"meets_at": tomorrow(), "members": []}
    none = post(owner, f"/cases/{case['id']}/conferences", body, 422)
    assert none["details"]["what"] == "plan"
    post(owner, f"/cases/{case['id']}/drafts", status=202)
    office.app.work()
    for wrong in ({"members": ["nobody"]}, {"meets_at": "2027-01-01T09:00:00"}):
        post(owner, f"/cases/{case['id']}/conferences", body | wrong, 422)
    held = post(owner, f"/cases/{case['id']}/conferences", body)
    path = f"/conferences/{held['id']}"
    get(doctor, path, 404)
    post(owner, f"{path}/members", {"members": [people["doctor.mdt"]]}, 200)
    assert get(doctor, path)["agenda"] == held["agenda"]
    assert held["id"] in {c["id"] for c in get(doctor, "/conferences")}
    version = get(doctor, f"/plans/{held['version_id']}")
    assert version["content"]["assessment"]
    topic = {"topic": "s999999", "text": "x"}
    assert post(doctor, f"{path}/posts", topic, 422)["details"]["what"] == "topic"
    first = post(doctor, f"{path}/posts", {"topic": "decision", "text": "ควรตรวจก่อน"})
    answer = {"topic": "decision", "text": "เห็นด้วย", "answers": first["posts"][0]["id"]}
    assert len(post(owner, f"{path}/posts", answer)["posts"]) == 2
    lost = post(owner, f"{path}/posts", answer | {"answers": "x"}, 422)
    assert lost["details"]["what"] == "answers"
    gone = owner.delete(f"{API}{path}/members/{people['doctor.mdt']}")
    assert gone.status_code == 200
    get(doctor, path, 404)
    get(doctor, f"/cases/{case['id']}", 404)
    post(owner, f"{path}/members", {"members": [people["doctor.mdt"]]}, 200)
    assert post(doctor, f"{path}/votes", {"vote": "agree"})["votes"]
    decides_on_what_stands(office, case, held, version)


def decides_on_what_stands(
    office: Office, case: dict[str, Any], held: dict[str, Any], version: dict[str, Any]
) -> None:
    """A plan that changed meanwhile comes before the team again; tasks must be doable."""
    owner, path = office[OWNER], f"/conferences/{held['id']}"
    post(owner, f"/cases/{case['id']}/drafts", status=202)
    office.app.work()
    newest = get(owner, f"/cases/{case['id']}")["versions"][-1]
    outcome = {"decision": "keep_plan", "text": "x", "content_hash": version["content_hash"]}
    stale = post(owner, f"{path}/decision", outcome, 409)
    assert (stale["code"], stale["details"]["version_id"]) == ("conference.outdated", newest["id"])
    renewed = owner.put(f"{API}{path}/version").json()
    assert (renewed["version_id"], renewed["votes"]) == (newest["id"], [])
    outcome["content_hash"] = newest["content_hash"]
    for wrong in ({"agency_id": "nobody"}, {"due": tomorrow(-1)}):
        task = {"text": "ส่งผลตรวจ", "agency_id": "hospital", "due": tomorrow(3)} | wrong
        post(owner, f"{path}/decision", outcome | {"tasks": [task]}, 422)
    assert get(owner, path)["status"] == "open"
    assert post(owner, f"{path}/decision", outcome, 200)["decided_hash"] == newest["content_hash"]
    assert post(owner, f"{path}/decision", outcome, 409)["code"] == "conference.over"


def test_own_services_and_deadlines(office: Office, case: dict[str, Any]) -> None:
    owner = office[OWNER]
    planned = post(owner, f"/cases/{case['id']}/services", {"text": "เยี่ยมบ้าน"})
    report = {"status": "under_way", "result": "นัดแล้ว", "revision": 1}
    done = post(owner, f"/services/{planned['id']}/report", report, 200)
    assert (done["status"], done["revision"]) == ("under_way", 2)
    due = [d for d in get(owner, f"/cases/{case['id']}/deadlines") if d["status"] == "open"]
    post(owner, f"/deadlines/{due[0]['id']}/end", {"status": "done"}, 204)
    post(owner, f"/deadlines/{due[0]['id']}/end", {"status": "done"}, 404)
    unknown = post(owner, f"/cases/{case['id']}/closure", {"entry_id": "x"}, 409)
    assert unknown["details"]["what"] == "closure_request"


def test_a_case_is_found_by_words_of_its_story(office: Office) -> None:
    story = "ยายสายทองเลี้ยงหลานสองคนในเพิงริมคลองบางหลวง หลานคนเล็กเป็นหอบหืดและขาดยามาเดือนหนึ่งแล้ว"
    made = opened(office[OWNER], story)
    found = get(office[OWNER], "/cases?q=หอบหืด&limit=200")
    assert made["id"] in {c["id"] for c in found["items"]}
    assert get(office["malee.bpd"], "/cases?q=หอบหืด")["items"] == []
    assert get(office[OWNER], "/cases?q=ปลาวาฬสีชมพู")["total"] == 0


def test_nobody_finds_a_case_by_what_they_may_not_read(office: Office) -> None:
    """The coordination centre is not told the story, and nobody else's titles are searched."""
    body = {"narrative": "ตากับหลานอยู่เพิงริมคลองหลอด ฝนรั่วทุกคืน", "title": "เคสสะพานแดง"}
    case = post(office[OWNER], "/cases", body)
    letter = LETTER | {"to": "subdistrict"}
    given = consent(office[OWNER], case["id"], letter)
    sent = refer(office[OWNER], case["id"], letter, given)["id"]
    centre = office["kanda.subdistrict"]
    post(centre, f"/referrals/{sent}/accept", {}, 200)

    def finds(client: TestClient, words: str) -> bool:
        found = get(client, f"/cases?q={words}&limit=200")["items"]
        return case["id"] in {c["id"] for c in found}

    for words in ("สะพานแดง", "เพิงริมคลอง"):
        assert finds(office[OWNER], words), words
        assert not finds(centre, words), words
    assert finds(centre, case["number"])
    assert get(office[OWNER], "/cases?limit=1&offset=999999")["total"] > 0


def asked_to_close(office: Office, case_id: str, content: dict[str, Any], who: str) -> Any:
    """A closure request of somebody's, brought before the supervisor by the case's owner."""
    request = entry(office[who], case_id, "closure_request", content)
    body = {"entry_id": request["id"]}
    waiting = post(office[OWNER], f"/cases/{case_id}/closure", body, 200)
    return next(s for s in waiting if s["subject_id"] == request["id"])


def test_a_case_outside_the_scope_is_told_off_and_closed(office: Office) -> None:
    """No assessment is asked for, nobody is watched, and the reason must be true."""
    case_id = opened(office[OWNER], TOLD)["id"]
    closure = {
        "reason": "screened_out",
        "own_view": "รับทราบ จะติดต่อหน่วยที่แนะนำ",
        "risk_factors": "ไม่พบ",
    }
    entry(office[OWNER], case_id, "registration", REGISTRATION | {"case_type": "other"})
    entry(office[OWNER], case_id, "screening", SCREENING)
    untrue = entry(office[OWNER], case_id, "closure_request", closure, 409)
    assert untrue["details"]["conditions"] == ["screened_out"]
    out = SCREENING | {"in_scope": False, "decision": "advise"}
    entry(office[OWNER], case_id, "screening", out)
    kinds = {d["kind"]: d["status"] for d in get(office[OWNER], f"/cases/{case_id}/deadlines")}
    assert kinds["screened_out"] == "open"
    sign(office, asked_to_close(office, case_id, closure, OWNER), "approved")
    assert get(office[OWNER], f"/cases/{case_id}")["status"] == "closed"
    left = get(office[OWNER], f"/cases/{case_id}/deadlines")
    assert [d for d in left if d["status"] == "open"] == []
    assert get(office[OWNER], f"/cases/{case_id}/steps")["current"] == "surveillance"


def test_who_wrote_a_closure_request_does_not_approve_it(
    office: Office, case: dict[str, Any]
) -> None:
    """Not even when a colleague asked; and the dead need not be told twice nor watched."""
    died = {"reason": "died", "risk_factors": "ทบทวนเหตุร่วมกับโรงพยาบาลแล้ว"}
    own = asked_to_close(office, case["id"], died, SUPERVISOR)
    word = {"verdict": "approved", "content_hash": own["content_hash"]}
    refused = post(office[SUPERVISOR], f"/sign-offs/{own['id']}/decision", word, 403)
    assert refused["code"] == "sign_off.self"
    sign(office, asked_to_close(office, case["id"], died, OWNER), "approved")
    left = get(office[OWNER], f"/cases/{case['id']}/deadlines")
    assert {d["kind"] for d in left if d["status"] == "open"} == set()


def test_emergency_openings_wait_for_their_review(office: Office) -> None:
    anan, supervisor = office["anan.prosecutor"], office[SUPERVISOR]
    reason = "ตำรวจอยู่หน้าบ้านกับเด็กที่บาดเจ็บ ต้องรู้ว่าใครดูแล"
    numbers = [opened(office[OWNER], f"{TOLD} ครั้งที่ {n}")["number"] for n in range(6)]
    asked = [{"number": number, "reason": reason, "hours": 1} for number in numbers]
    broken = [post(anan, "/glass", body) for body in asked[:5]]
    assert post(anan, "/glass", asked[5], 409)["code"] == "glass.many"
    verdict = {"outcome": "justified", "note": "จำเป็น"}
    post(supervisor, f"/glass/{broken[0]['id']}/review", verdict, 200)
    post(anan, "/glass", asked[5])


def offered(office: Office, login: str, case_id: str) -> dict[str, list[str]]:
    """By kind of entry, what it still waits for."""
    standing = get(office[login], f"/cases/{case_id}/steps")
    return {offer["kind"]: offer["missing"] for offer in standing["offers"]}


def test_the_steps_say_what_each_person_may_record_now(
    office: Office, case: dict[str, Any]
) -> None:
    own = offered(office, OWNER, case["id"])
    assert own["registration"] == own["assessment"] == []
    assert own["visit"] == ["plan_approved"]
    assert own["closure_request"] == []  # of somebody who died
    assert own["complaint_event"] == ["complaint_filed"]
    accepted(office, case)
    related = offered(office, "malee.bpd", case["id"])
    assert "registration" not in related
    assert related["visit"] == ["plan_approved"]
    assert offered(office, "auditor", case["id"]) == {}
