"""Four cases through all nine steps, each by people of four agencies over the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from tests.acceptance.application import App
from tests.acceptance.lifecycle import (
    ASSESSMENT,
    CLOSURE,
    CONTACT,
    REASSESSMENT,
    REGISTRATION,
    SCREENING,
    VISIT,
    Office,
    consent,
    drafted,
    entry,
    get,
    post,
    refer,
    review,
    tomorrow,
)

SCENARIOS = yaml.safe_load(Path(__file__).with_name("scenarios.yaml").read_text(encoding="utf-8"))
OWNER, SUPERVISOR, DOCTOR = "somying.pmj", "wichai.pmj", "doctor.mdt"


@pytest.fixture(scope="module")
def office(app: App) -> Office:
    return Office(app)


@pytest.mark.parametrize("told", SCENARIOS, ids=lambda s: s["id"])
def test_a_case_goes_through_all_nine_steps(office: Office, told: dict[str, Any]) -> None:
    journey = Journey(office, told)
    journey.register_and_screen()
    journey.refer_and_be_refused()
    journey.assess_and_plan()
    journey.confer()
    journey.approve()
    journey.carry_out()
    journey.reassess_and_close()
    journey.watch_over()
    trail = get(office[OWNER], f"/cases/{journey.case_id}/trail")
    assert trail["damage"] == []
    assert {"referral_rejected", "conference_decided", "version_approved", "case_closed"} <= {
        e["action"] for e in trail["events"]
    }


class Journey:
    """One case on its way."""

    def __init__(self, office: Office, told: dict[str, Any]) -> None:
        self.office, self.told = office, told
        self.owner = office[OWNER]
        self.case_id = post(self.owner, "/cases", {"narrative": told["story"]})["id"]

    def at(self, step: str) -> dict[str, Any]:
        """The current step must be this one, and say why in both languages."""
        standing = get(self.owner, f"/cases/{self.case_id}/steps")
        assert standing["current"] == step, standing
        (now,) = [s for s in standing["steps"] if s["id"] == step]
        assert now["why_th"]
        assert now["why_en"].startswith(now["name_en"])
        return standing

    def register_and_screen(self) -> None:
        """Registration is an act of its own, and nothing goes before it."""
        self.at("intake")
        early = entry(self.owner, self.case_id, "screening", SCREENING, 409)
        assert early["code"] == "step.closed"
        registration = REGISTRATION | {"case_type": self.told["case_type"]}
        entry(self.owner, self.case_id, "registration", registration)
        self.at("screening")
        entry(self.owner, self.case_id, "screening", SCREENING)

    def refer_and_be_refused(self) -> None:
        """The first letter is refused with a reason, the second accepted."""
        minor = bool(self.told.get("minor"))
        first = self.told["first"]
        given = consent(self.owner, self.case_id, first, minor=minor)
        letter = refer(self.owner, self.case_id, first, given)
        receiver = self.office[first["by"]]
        read = get(receiver, f"/referrals/{letter['id']}")
        assert read["shared"]["number"]
        get(receiver, f"/cases/{self.case_id}", 404)
        why = {"reason_code": "no_capacity", "comment": "ที่พักเต็ม"}
        post(receiver, f"/referrals/{letter['id']}/reject", why, 200)
        get(receiver, f"/cases/{self.case_id}", 404)
        self.second = self.accepted("second", minor, replaces=letter["id"])
        self.watch = self.accepted("watch", minor)

    def accepted(self, which: str, minor: bool, **more: Any) -> dict[str, Any]:
        """A letter that is acknowledged and accepted by its receiver."""
        wanted = self.told[which]
        given = consent(self.owner, self.case_id, wanted, minor=minor)
        letter = refer(self.owner, self.case_id, wanted, given, **more)
        receiver = self.office[wanted["by"]]
        got = post(receiver, f"/referrals/{letter['id']}/acknowledge", status=200)
        assert got["received_at"]
        done: dict[str, Any] = post(receiver, f"/referrals/{letter['id']}/accept", {}, 200)
        assert done["status"] == "accepted"
        seen = get(receiver, f"/cases/{self.case_id}")
        assert seen["id"] == self.case_id
        return done

    def assess_and_plan(self) -> None:
        """An assessment opens planning; the plan is a real worker's."""
        self.at("assessment")
        entry(self.owner, self.case_id, "assessment", ASSESSMENT)
        self.at("planning")
        kinds = {d["kind"] for d in get(self.owner, f"/cases/{self.case_id}/deadlines")}
        assert {"assessment", "plan", "reassessment", "visit"} <= kinds
        self.version = drafted(self.office, self.owner, self.case_id)

    def confer(self) -> None:
        """The team meets on exactly this version; one disagrees, and that stays."""
        people = {p["login"]: p["id"] for p in get(self.owner, "/directory")}
        held = post(
            self.owner,
            f"/cases/{self.case_id}/conferences",
            {
                "meets_at": tomorrow(),
                "members": [people[DOCTOR], people["malee.bpd"]],
                "questions": ["ใครรับเด็กพรุ่งนี้เช้า"],
            },
        )
        path, topic = f"/conferences/{held['id']}", held["agenda"][0]["id"]
        doctor, malee = self.office[DOCTOR], self.office["malee.bpd"]
        suggestion = {"topic": topic, "kind": "suggestion", "text": "ตรวจร่างกายก่อน"}
        post(doctor, f"{path}/posts", suggestion)
        post(malee, f"{path}/votes", {"vote": "agree"})
        silent = post(doctor, f"{path}/votes", {"vote": "disagree"}, 422)
        assert silent["code"] == "conference.unfit"
        post(doctor, f"{path}/votes", {"vote": "disagree", "dissent": "ควรรอผลตรวจ"})
        outcome = {
            "decision": "keep_plan",
            "text": "ใช้แผนนี้",
            "content_hash": "0" * 64,
            "tasks": [{"text": "ส่งผลตรวจ", "agency_id": "pmj", "due": tomorrow(3)}],
        }
        other = post(self.owner, f"{path}/decision", outcome, 422)
        assert other["details"]["what"] == "content_hash"
        outcome["content_hash"] = self.version["content_hash"]
        decided = post(self.owner, f"{path}/decision", outcome, 200)
        assert [v["dissent"] for v in decided["votes"] if v["vote"] == "disagree"] == [
            "ควรรอผลตรวจ"
        ]
        task = decided["tasks"][0]["id"]
        post(doctor, f"/conference-tasks/{task}/end", {"status": "done", "result": "ส่งแล้ว"}, 204)
        self.minutes(path)
        post(self.owner, f"{path}/close", status=200)
        get(doctor, f"/cases/{self.case_id}", 404)

    def minutes(self, path: str) -> None:
        """Two people write the minutes; the second gets both texts."""
        first = self.owner.put(f"/api/v1{path}/minutes", json={"text": "มติ: ใช้แผนนี้"})
        assert first.status_code == 200, first.text
        second = self.office[SUPERVISOR].put(f"/api/v1{path}/minutes", json={"text": "มติอื่น"})
        assert second.status_code == 409
        details = second.json()["details"]
        assert (details["theirs"]["minutes"], details["yours"]) == ("มติ: ใช้แผนนี้", "มติอื่น")

    def approve(self) -> None:
        """Every sentence is decided, then a supervisor approves this hash."""
        review(self.owner, self.version)
        body = {"content_hash": self.version["content_hash"]}
        post(self.office[SUPERVISOR], f"/plans/{self.version['id']}/approve", body, 200)
        self.at("implementation" if not self.begun() else "monitoring")

    def begun(self) -> bool:
        services = get(self.owner, f"/cases/{self.case_id}/services")
        return any(s["status"] == "accepted" for s in services)

    def carry_out(self) -> None:
        """Receivers write back what they did; the court's paper comes; somebody visits."""
        second, watcher = self.told["second"], self.office[self.told["watch"]["by"]]
        receiver = self.office[second["by"]]
        if self.told.get("complaint"):
            self.complain(receiver)
        if "court" in self.told:
            entry(receiver, self.case_id, "court_document", self.told["court"])
        for service in get(self.owner, f"/cases/{self.case_id}/services"):
            if service["status"] == "accepted":
                who = self.office[self.by(service["agency_id"])]
                report = {"status": "delivered", "result": "เสร็จแล้ว", "revision": 2}
                post(who, f"/services/{service['id']}/report", report, 200)
                late = post(self.owner, f"/services/{service['id']}/report", report, 409)
                assert late["details"]["theirs"]["status"] == "delivered"
        entry(watcher, self.case_id, "visit", VISIT)
        self.at("reassessment")

    def by(self, agency: str) -> str:
        """Who of a scenario answers for an agency."""
        return str(
            next(self.told[w]["by"] for w in ("second", "watch") if self.told[w]["to"] == agency)
        )

    def complain(self, police: Any) -> None:
        """The client decides; then the complaint has its events, dates and notices."""
        filed = {"event": "filed", "at": tomorrow(-1), "number": "12/2569"}
        refused = entry(police, self.case_id, "complaint_event", filed, 409)
        assert refused["code"] == "step.closed"
        choice = {
            "choice": "complain",
            "own_words": "อยากให้เขาหยุด",
            "rights_told": True,
            "pressed_by_nobody": True,
        }
        entry(police, self.case_id, "complaint_choice", choice, 403)
        pressed = choice | {"pressed_by_nobody": False}
        entry(self.owner, self.case_id, "complaint_choice", pressed, 422)
        entry(self.owner, self.case_id, "complaint_choice", choice)
        entry(police, self.case_id, "complaint_event", filed)
        date = {"court": "ศาลเยาวชนและครอบครัว", "at": tomorrow(9), "matter": "นัดไต่สวน"}
        entry(police, self.case_id, "court_date", date)
        notice = {"what": "หมายเรียก", "received_at": tomorrow(-1), "answer_by": tomorrow(7)}
        entry(police, self.case_id, "notice", notice)
        kinds = [d["kind"] for d in get(police, f"/cases/{self.case_id}/deadlines")]
        assert {"court_date", "notice"} <= set(kinds)

    def reassess_and_close(self) -> None:
        """What changed is shown; closing needs a second person."""
        early = entry(self.owner, self.case_id, "closure_request", CLOSURE, 409)
        assert "closure_prepared" in early["details"]["conditions"]
        entry(self.owner, self.case_id, "reassessment", REASSESSMENT)
        (change,) = get(self.owner, f"/cases/{self.case_id}/changes")
        assert change["changed"]["risk"] == {"before": "high", "after": "low"}
        self.at("disengagement")
        asked = entry(self.owner, self.case_id, "closure_request", CLOSURE)
        waiting = post(self.owner, f"/cases/{self.case_id}/closure", {"entry_id": asked["id"]}, 200)
        closing = next(s for s in waiting if s["kind"] == "closure")
        word = {"verdict": "approved", "content_hash": closing["content_hash"]}
        post(self.owner, f"/sign-offs/{closing['id']}/decision", word, 403)
        supervisor = self.office[SUPERVISOR]
        assert closing["id"] in {s["id"] for s in get(supervisor, "/alerts")["to_sign"]}
        wrong = word | {"content_hash": "0" * 64}
        post(supervisor, f"/sign-offs/{closing['id']}/decision", wrong, 409)
        self.nothing_is_open(f"/sign-offs/{closing['id']}/decision", word)
        post(supervisor, f"/sign-offs/{closing['id']}/decision", word, 200)
        assert get(self.owner, f"/cases/{self.case_id}")["status"] == "closed"

    def nothing_is_open(self, decision: str, word: dict[str, Any]) -> None:
        """What must be over to close is asked when it closes, not only when it was asked for."""
        watch = self.told["watch"]
        given = consent(self.owner, self.case_id, watch, minor=bool(self.told.get("minor")))
        letter = refer(self.owner, self.case_id, watch, given, services=[])
        late = post(self.office[SUPERVISOR], decision, word, 409)
        assert (late["code"], late["details"]["conditions"]) == (
            "step.closed",
            ["letters_answered"],
        )
        why = {"reason_code": "no_longer_needed"}
        post(self.owner, f"/referrals/{letter['id']}/revoke", why, 200)

    def watched(self) -> int:
        """Contacts that are still due."""
        found = get(self.owner, f"/cases/{self.case_id}/deadlines")
        return sum(d["kind"] == "surveillance" and d["status"] == "open" for d in found)

    def months_pass(self) -> None:
        """The contacts' days come."""
        with self.office.app.wiring.database.owner_engine.begin() as connection:
            connection.execute(
                text(
                    "UPDATE deadlines SET due = due - interval '13 months'"
                    " WHERE case_id = :c AND kind = 'surveillance'"
                ),
                {"c": self.case_id},
            )

    def watch_over(self) -> None:
        """The community's worker keeps contact until surveillance ends; then it may reopen."""
        self.at("surveillance")
        watcher = self.office[self.told["watch"]["by"]]
        due = [
            d
            for d in get(self.owner, f"/cases/{self.case_id}/deadlines")
            if d["kind"] == "surveillance" and d["status"] == "open"
        ]
        assert len(due) == self.told["contacts"]
        entry(watcher, self.case_id, "surveillance_contact", CONTACT)
        assert self.watched() == len(due)  # too early for the first contact: none is over
        self.months_pass()
        for _ in due:
            entry(watcher, self.case_id, "surveillance_contact", CONTACT)
        assert self.watched() == 0
        standing = get(self.owner, f"/cases/{self.case_id}/steps")
        assert standing["steps"][-1]["state"] == "done"
        again = {"reason": "request", "note": "ขอความช่วยเหลือเพิ่ม"}
        entry(self.owner, self.case_id, "reopening", again)
        self.at("screening")
