"""People of three agencies do everything to one case at the same time.

Whatever is refused must be refused for a reason of the record. A fault, or work the database had
to end because two waited for one another, is noted with what was being done.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from tests.acceptance.lifecycle import API, ASSESSMENT, VISIT, Office, tomorrow
from tests.acceptance.test_api_main_day import claims

OWNERS = ("somying.pmj", "wichai.pmj")
RECEIVER, INVITED = "malee.bpd", "doctor.mdt"
LETTER = {"to_agency": "bpd", "purpose": "protection", "basis": "life_at_risk"}
LETTER |= {"basis_reason": "ทดสอบ", "requested": "ที่พักคืนนี้"}
CONSENT = {"subject": "ผู้รับบริการ", "subject_age": 34, "purpose": "service"}
CONSENT |= {"recipients": ["bpd"], "given_by": "self", "method": "written"}
PNG = b"\x89PNG\r\n\x1a\n"
FAULTS = 500


class Hand(threading.Thread):
    """One person who does so many things to the case, one after another by chance."""

    def __init__(
        self, office: Office, login: str, version: dict[str, Any], deeds: int, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self.client: TestClient = office.app.client(login)
        self.version, self.deeds = version, deeds
        self.case_id, self.chance = version["case_id"], random.Random(seed)
        self.case = f"/cases/{self.case_id}"
        self.done: Counter[tuple[str, int]] = Counter()
        self.faults: list[str] = []
        self.broken: BaseException | None = None

    def run(self) -> None:
        """Work; what breaks the hand itself is kept for the test to raise."""
        try:
            for _ in range(self.deeds):
                self.chance.choice(self.acts())()
        except BaseException as error:
            self.broken = error

    def acts(self) -> list[Callable[[], Any]]:
        """What this person does."""
        return [self.look, self.visit, self.talk, self.vote, self.answer, self.report]

    def send(self, act: str, path: str, body: Any = None, **more: Any) -> Any:
        """Ask for something; what comes back, or None when it was refused."""
        method = more.pop("method", "POST")
        answer = self.client.request(method, f"{API}{path}", json=body, **more)
        self.done[act, answer.status_code] += 1
        if answer.status_code >= FAULTS:
            self.faults.append(f"{act}: {method} {path} {answer.text}")
        return (answer.json() if answer.content else {}) if answer.is_success else None

    def seen(self, path: str) -> list[dict[str, Any]]:
        """A list of the case's, in the person's name."""
        found: list[dict[str, Any]] = self.send("look", path, method="GET") or []
        return found

    def one(self, path: str, **like: str) -> dict[str, Any] | None:
        """Something of a list that is like this."""
        found = [row for row in self.seen(path) if like.items() <= row.items()]
        return self.chance.choice(found) if found else None

    def look(self) -> None:
        """Open a page of the case."""
        page = self.chance.choice(("", "/steps", "/entries", "/consents", "/persons", "/documents"))
        self.send("look", f"{self.case}{page}", method="GET")

    def visit(self) -> None:
        """Note a visit."""
        self.send("visit", f"{self.case}/entries", {"kind": "visit", "content": VISIT})

    def talk(self) -> None:
        """Say something in the conference."""
        if held := self.one("/conferences") or self.one(f"{self.case}/conferences"):
            self.send("look", f"/conferences/{held['id']}", method="GET")
            said = {"topic": "decision", "kind": "comment", "text": "เห็นว่าควรไปคืนนี้"}
            self.send("talk", f"/conferences/{held['id']}/posts", said)

    def vote(self) -> None:
        """Vote in the conference."""
        if held := self.one("/conferences") or self.one(f"{self.case}/conferences", status="open"):
            self.send("vote", f"/conferences/{held['id']}/votes", {"vote": "agree"})

    def answer(self) -> None:
        """Answer a letter that came."""
        act = self.chance.choice(("acknowledge", "accept", "reject", "finish"))
        letter = self.one("/referrals?box=in&limit=200")
        if letter and letter["case_id"] == self.case_id:
            why = {"reason_code": "no_capacity"} if act == "reject" else {}
            body = None if act == "acknowledge" else why
            self.send(act, f"/referrals/{letter['id']}/{act}", body)

    def report(self) -> None:
        """Say how far a service is."""
        if service := self.one(f"{self.case}/services"):
            told = {"status": "under_way", "revision": service["revision"]}
            self.send("report", f"/services/{service['id']}/report", told)


class Worker(Hand):
    """Somebody of the agency whose case it is."""

    def acts(self) -> list[Callable[[], Any]]:
        """Everything there is to do in an own case."""
        own = [self.assess, self.write, self.take_back, self.serve, self.agree, self.withdraw]
        own += [self.call, self.decide, self.minute, self.code, self.add, self.seek, self.hold]
        own += [self.fact, self.upload, self.hand_on, self.draft, self.strike, self.end_a_limit]
        return super().acts() + own

    def assess(self) -> None:
        """Assess anew."""
        self.send("assess", f"{self.case}/entries", {"kind": "assessment", "content": ASSESSMENT})

    def write(self) -> None:
        """Send a letter with a service."""
        self.send("write", f"{self.case}/referrals", LETTER | {"services": [{"text": "ที่พัก"}]})

    def take_back(self) -> None:
        """Take a letter back."""
        if letter := self.one(f"{self.case}/referrals"):
            why = {"reason_code": "no_longer_needed"}
            self.send("take_back", f"/referrals/{letter['id']}/revoke", why)

    def serve(self) -> None:
        """Plan a service of the own agency."""
        self.send("serve", f"{self.case}/services", {"text": "เยี่ยมบ้าน"})

    def agree(self) -> None:
        """Keep a consent."""
        self.send("agree", f"{self.case}/consents", CONSENT)

    def withdraw(self) -> None:
        """End a consent."""
        if given := self.one(f"{self.case}/consents"):
            self.send("withdraw", f"/consents/{given['id']}/withdraw", {"reason": "เปลี่ยนใจ"})

    def call(self) -> None:
        """Call a conference with the doctor."""
        people = {p["login"]: p["id"] for p in self.seen("/directory")}
        body = {"meets_at": tomorrow(), "members": [people[INVITED]], "questions": ["ใครไป"]}
        self.send("call", f"{self.case}/conferences", body)

    def decide(self) -> None:
        """Decide on the plan, with a task."""
        if held := self.one(f"{self.case}/conferences", status="open"):
            task = {"text": "นัดตรวจ", "agency_id": "bpd", "due": tomorrow(3)}
            body = {"decision": "keep_plan", "text": "ใช้แผนนี้", "tasks": [task]}
            body |= {"content_hash": self.version["content_hash"]}
            self.send("decide", f"/conferences/{held['id']}/decision", body)

    def minute(self) -> None:
        """Write the minutes, then close the conference."""
        if held := self.one(f"{self.case}/conferences", status="decided"):
            path = f"/conferences/{held['id']}"
            self.send("minute", f"{path}/minutes", {"text": "มติ: ใช้แผนนี้"}, method="PUT")
            self.send("close", f"{path}/close")

    def code(self) -> None:
        """Accept or remove a code."""
        body = {"code": self.chance.choice(("VIO-01", "ECO-01")), "decision": "added"}
        self.send("code", f"{self.case}/codes", body)

    def add(self) -> None:
        """Add somebody to the case."""
        who = {"given_name": self.chance.choice(("มาลี", "มาลัย")), "family_name": "หลายมือ"}
        self.send("add", f"{self.case}/persons", {"role": "other", "identity": who})

    def seek(self) -> None:
        """Look whether the agency knows somebody."""
        self.send("seek", "/persons/search", {"given_name": "มาลี", "family_name": "หลายมือ"})

    def hold(self) -> None:
        """Set or lift a legal hold."""
        self.send("hold", f"{self.case}/holds", {"reason": "คดี"})
        self.send("lift", f"{self.case}/holds", method="DELETE")

    def fact(self) -> None:
        """Say what is so in the household."""
        body = {"decision": "corrected", "value": self.chance.randint(1, 5)}
        self.send("fact", f"{self.case}/facts/household_size", body, method="PUT")

    def upload(self) -> None:
        """Keep a document."""
        files = {"file": ("a.png", PNG + self.chance.randbytes(900))}
        where = {"case_id": self.case_id, "type_id": "doc:13"}
        self.send("upload", "/documents", params=where, files=files)

    def hand_on(self) -> None:
        """Send a document on."""
        found = self.send("look", f"{self.case}/documents", method="GET") or {"items": []}
        if found["items"]:
            version = self.chance.choice(found["items"])["versions"][-1]["id"]
            body = {"act": "sent", "party": "รพ."}
            self.send("hand_on", f"/document-versions/{version}/acts", body)

    def draft(self) -> None:
        """Ask for a draft and think better of it."""
        if run := self.send("draft", f"{self.case}/drafts"):
            self.send("cancel", f"/drafts/{run['id']}/cancel")

    def strike(self) -> None:
        """Strike a sentence of the plan and take that back."""
        path = f"/plans/{self.version['id']}/decisions"
        sentence = self.chance.choice(claims(self.version["content"]))["id"]
        body = {"sentence_id": sentence, "decision": "struck", "reason": "ทดสอบ"}
        self.send("strike", path, {"decisions": [body]})
        self.send("undo", f"{path}/{sentence}/undo")

    def end_a_limit(self) -> None:
        """End a time limit."""
        if limit := self.one(f"{self.case}/deadlines", status="open"):
            self.send("end_a_limit", f"/deadlines/{limit['id']}/end", {"status": "done"})


def at_once(office: Office, version: dict[str, Any], deeds: int, seed: int = 2569) -> list[Hand]:
    """What each person did to a version's case in so many deeds; every one came to the end."""
    hands: list[Hand] = [
        Worker(office, login, version, deeds, seed + n) for n, login in enumerate(OWNERS * 2)
    ]
    hands += [Hand(office, login, version, deeds, seed - 1) for login in (RECEIVER, INVITED)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
        if hand.broken:
            raise hand.broken
    return hands
