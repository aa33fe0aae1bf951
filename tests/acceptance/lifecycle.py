"""Hands that carry a case through its steps over HTTP, shared by the scenarios and the matrix."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.testclient import TestClient

from tests.acceptance.application import App
from tests.acceptance.test_api_main_day import claims

API = "/api/v1"
REGISTRATION = {
    "channel": "walk_in",
    "reporter": "เพื่อนบ้าน",
    "reporter_hidden": True,
    "safe_contact": "โทรหลังหกโมงเย็น",
    "has_children": True,
}
SCREENING = {
    "in_scope": True,
    "decision": "keep",
    "lead_agency": "พมจ.",
    "reason": "อยู่ในพื้นที่และอำนาจหน้าที่",
}
ASSESSMENT = {
    "safety": "unsafe",
    "risk": "high",
    "sources": ["เจ้าตัว", "เพื่อนบ้าน"],
    "seen_alone": True,
    "own_words": "อยากอยู่อย่างไม่ต้องกลัว",
    "strengths": "มีญาติที่ไว้ใจได้",
    "needs": "ที่อยู่ที่ปลอดภัย",
}
REASSESSMENT = ASSESSMENT | {
    "safety": "safe",
    "risk": "low",
    "trigger": "scheduled",
    "decision": "prepare_closure",
    "why_changed": "อยู่ในที่ปลอดภัยครบหกสัปดาห์",
}
VISIT = {"met": "in_person", "safe": True, "indicators": "นอนที่บ้านใหม่ครบ 14 คืน"}
CLOSURE = {
    "reason": "goals_met",
    "own_view": "พร้อมแล้ว",
    "told_times": 2,
    "risk_factors": "ไม่มีการติดต่อจากผู้กระทำ",
    "comeback_plan": "โทรหาเจ้าหน้าที่คนเดิม",
    "watchers": ["ศูนย์ประสานงาน"],
}
CONTACT = {"outcome": "stable", "met": "in_person", "note": "อยู่ดี"}


@dataclass
class Office:
    """Signed-in people of one application, by login."""

    app: App
    clients: dict[str, TestClient] = field(default_factory=dict)

    def __getitem__(self, login: str) -> TestClient:
        if login not in self.clients:
            self.clients[login] = self.app.client(login)
        return self.clients[login]


def post(client: TestClient, path: str, body: Any = None, status: int = 201) -> Any:
    """What a POST answers, which must be of this status."""
    answer = client.post(f"{API}{path}", json=body)
    assert answer.status_code == status, (path, answer.status_code, answer.text)
    return answer.json() if answer.content else None


def get(client: TestClient, path: str, status: int = 200) -> Any:
    """What a GET answers, which must be of this status."""
    answer = client.get(f"{API}{path}")
    assert answer.status_code == status, (path, answer.status_code, answer.text)
    return answer.json()


def entry(client: TestClient, case_id: str, kind: str, content: Any, status: int = 201) -> Any:
    """An entry of a case."""
    return post(client, f"/cases/{case_id}/entries", {"kind": kind, "content": content}, status)


def consent(client: TestClient, case_id: str, letter: Any, *, minor: bool = False) -> str:
    """A consent for a letter of a scenario."""
    body: dict[str, Any] = {
        "subject": "ผู้รับบริการ",
        "purpose": letter["purpose"],
        "recipients": [letter["to"]],
        "given_by": "self",
        "method": "written",
    }
    if minor:
        body |= {"subject_age": 13, "given_by": "guardian", "subject_view": "อยากกลับไปเรียน"}
    kept: str = post(client, f"/cases/{case_id}/consents", body)["id"]
    return kept


def refer(
    client: TestClient, case_id: str, letter: Any, consent_id: str, **more: Any
) -> dict[str, Any]:
    """A letter of a scenario, sent under a consent."""
    sent: dict[str, Any] = post(
        client,
        f"/cases/{case_id}/referrals",
        {
            "to_agency": letter["to"],
            "purpose": letter["purpose"],
            "basis": "consent",
            "consent_id": consent_id,
            "requested": letter["asked"],
            "services": [{"text": letter["asked"]}],
        }
        | more,
    )
    return sent


def drafted(office: Office, client: TestClient, case_id: str) -> dict[str, Any]:
    """The version a real worker drafts."""
    post(client, f"/cases/{case_id}/drafts", status=202)
    office.app.work()
    latest = get(client, f"/cases/{case_id}")["latest_run"]
    assert latest["status"] == "done", latest
    version: dict[str, Any] = get(client, f"/plans/{latest['version_id']}")
    return version


def review(client: TestClient, version: dict[str, Any]) -> None:
    """Accept what may be accepted, strike the rest with a reason."""
    decisions = [
        {"sentence_id": s["id"], "decision": "struck", "reason": "ยังไม่มีหลักฐาน"}
        if s["flags"]
        else {"sentence_id": s["id"], "decision": "accepted"}
        for s in claims(version["content"])
    ]
    post(client, f"/plans/{version['id']}/decisions", {"decisions": decisions}, 204)


def tomorrow(days: int = 1) -> str:
    """A moment to come."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()
