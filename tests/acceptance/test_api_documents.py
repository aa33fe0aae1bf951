"""Documents over HTTP, and the trace that refused access leaves."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from tests.acceptance.application import PASSWORD, App
from tests.acceptance.lifecycle import consent, get, post, refer

V1 = "/api/v1"
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 50
LETTER = {"to": "bpd", "purpose": "protection", "asked": "ที่พักคืนนี้"}


@pytest.fixture(scope="module")
def case_id(app: App) -> str:
    client = app.client("somying.pmj")
    opened = client.post(f"{V1}/cases", json={"narrative": "แม่ถูกพ่อตบตีทุกครั้งที่เมา ลูกเห็นทุกครั้ง"})
    return str(opened.json()["id"])


def test_upload_draft_read_send_and_list(app: App, case_id: str) -> None:
    client = app.client("somying.pmj")
    kinds = client.get(f"{V1}/document-types").json()["items"]
    assert [k["number"] for k in kinds] == list(range(1, 20))
    sent = client.post(
        f"{V1}/documents",
        params={"case_id": case_id, "type_id": "doc:13"},
        files={"file": ("ประจำวัน.png", PNG)},
    )
    assert sent.status_code == httpx.codes.CREATED, sent.text
    version = sent.json()["versions"][0]
    content = client.get(f"{V1}/document-versions/{version['id']}/content")
    assert content.content == PNG
    assert content.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E0")
    act = {"act": "sent", "party": "prosecutor"}
    done = client.post(f"{V1}/document-versions/{version['id']}/acts", json=act)
    assert [c["act"] for c in done.json()["custody"]] == ["made", "read", "sent"]
    draft = client.post(f"{V1}/cases/{case_id}/documents", json={"type_id": "doc:1"})
    assert draft.status_code == httpx.codes.CREATED, draft.text
    assert draft.json()["versions"][0]["media_type"] == "application/pdf"
    one = client.get(f"{V1}/documents/{draft.json()['id']}").json()
    assert one == draft.json()
    listed = client.get(f"{V1}/cases/{case_id}/documents").json()["items"]
    assert [d["type_id"] for d in listed] == ["doc:13", "doc:1"]
    steps = client.get(f"{V1}/cases/{case_id}/checklist").json()["steps"]
    assert {i["type_id"]: i["state"] for i in steps[0]["items"]}["doc:13"] == "open"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"type_id": "doc:99"}, 422, "document.unknown"),
        ({"type_id": "doc:16"}, 403, "document.not_yours"),
        ({"type_id": "doc:1", "letter": "no-such"}, 422, "document.unknown"),
        ({"type_id": "doc:1", "document_id": "no-such"}, 404, "document.unseen"),
    ],
)
def test_a_draft_that_cannot_be_is_refused(
    app: App, case_id: str, body: dict[str, str], status: int, code: str
) -> None:
    answer = app.client("somying.pmj").post(f"{V1}/cases/{case_id}/documents", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_form_without_a_file_is_refused(app: App, case_id: str) -> None:
    answer = app.client("somying.pmj").post(
        f"{V1}/documents", params={"case_id": case_id, "type_id": "doc:13"}, data={"a": "b"}
    )
    assert answer.json()["code"] == "input.fields"


def test_refused_access_is_in_the_trail_of_the_case(app: App, case_id: str) -> None:
    stranger = app.client("malee.bpd")
    for _ in range(2):
        assert stranger.get(f"{V1}/cases/{case_id}").status_code == httpx.codes.NOT_FOUND
    assert stranger.get(f"{V1}/cases/{case_id}/documents").status_code == httpx.codes.NOT_FOUND
    given = {"case_id": case_id, "type_id": "doc:13"}
    refused = stranger.post(f"{V1}/documents", params=given, files={"file": ("x.png", PNG)})
    assert refused.status_code == httpx.codes.NOT_FOUND
    assert stranger.get(f"{V1}/cases/no-such-case").status_code == httpx.codes.NOT_FOUND
    trail = app.client("auditor").get(f"{V1}/cases/{case_id}/trail").json()
    refused = [e for e in trail["events"] if e["action"] == "access_refused"]
    tried = [e for e in refused if e["detail"]["code"] != "document.not_yours"]
    assert [e["detail"]["door"].replace("/api/v1", "") for e in tried] == [
        "GET /cases/{case_id}",
        "GET /cases/{case_id}/documents",
        "POST /documents",
    ]
    assert {e["detail"]["agency_id"] for e in tried} == {"bpd"}
    assert trail["damage"] == []


def test_a_version_that_waits_for_approval_is_not_sent(app: App, case_id: str) -> None:
    owner, supervisor = app.client("somying.pmj"), app.client("wichai.pmj")
    made = owner.post(f"{V1}/cases/{case_id}/documents", json={"type_id": "doc:1"}).json()
    version = made["versions"][0]
    at = f"{V1}/document-versions/{version['id']}"
    asked = owner.post(f"{at}/approval")
    assert asked.status_code == httpx.codes.CREATED, asked.text
    assert owner.post(f"{at}/approval").json() == asked.json()
    (waiting,) = [s for s in asked.json() if s["subject_id"] == version["id"]]
    assert (waiting["kind"], waiting["content_hash"]) == ("document", version["sha256"])
    send = {"act": "sent", "party": "prosecutor"}
    early = owner.post(f"{at}/acts", json=send)
    assert (early.status_code, early.json()["code"]) == (409, "document.unapproved")
    word = {"verdict": "approved", "content_hash": "0" * 64}
    decide = f"{V1}/sign-offs/{waiting['id']}/decision"
    assert supervisor.post(decide, json=word).status_code == httpx.codes.CONFLICT
    word["content_hash"] = version["sha256"]
    assert supervisor.post(decide, json=word).status_code == httpx.codes.OK
    assert owner.post(f"{at}/acts", json=send).status_code == httpx.codes.CREATED
    stranger = app.client("malee.bpd").post(f"{at}/approval")
    assert stranger.status_code == httpx.codes.NOT_FOUND


def test_whom_the_documents_are_opened_to_sends_nothing_unapproved(app: App, case_id: str) -> None:
    """An agency a letter opened the documents to saw no approval, and so could send them on."""
    owner, partner, supervisor = map(app.client, ("somying.pmj", "malee.bpd", "wichai.pmj"))
    given = consent(owner, case_id, LETTER)
    letter = refer(owner, case_id, LETTER, given)["id"]
    post(partner, f"/referrals/{letter}/accept", {}, 200)
    first, same = (uploaded(owner, case_id) for _ in range(2))
    asked = post(owner, f"/document-versions/{first}/approval")[-1]
    send = {"act": "sent", "party": "court"}
    for version in (first, same):  # the same bytes under another name are no way around
        refused = post(partner, f"/document-versions/{version}/acts", send, 409)
        assert refused["code"] == "document.unapproved"
        with pytest.raises(IntegrityError, match="not approved yet"):
            added(app, "malee.bpd", version, "sent")
    word = {"verdict": "refused", "content_hash": asked["content_hash"], "comment": "ยังไม่ครบ"}
    post(supervisor, f"/sign-offs/{asked['id']}/decision", word, 200)
    post(partner, f"/document-versions/{first}/acts", send, 409)
    (seen,) = [s for s in get(partner, f"/cases/{case_id}/sign-offs") if s["id"] == asked["id"]]
    assert seen["verdict"] == "refused"
    again = post(owner, f"/document-versions/{same}/approval")[-1]
    word = {"verdict": "approved", "content_hash": again["content_hash"]}
    post(supervisor, f"/sign-offs/{again['id']}/decision", word, 200)
    post(partner, f"/document-versions/{same}/acts", send)
    post(partner, f"/document-versions/{first}/acts", send, 409)
    with pytest.raises(IntegrityError, match="another document"):
        added(app, "malee.bpd", same, "sent", of=first)
    post(owner, f"/referrals/{letter}/revoke", {"reason_code": "other"}, 200)


def test_another_agencys_prosecutor_decides_nothing_that_is_only_opened_to_them(
    app: App, case_id: str
) -> None:
    """Nor is it said to wait for them."""
    owner, supervisor, anan = map(app.client, ("somying.pmj", "wichai.pmj", "anan.prosecutor"))
    legal = LETTER | {"to": "prosecutor", "purpose": "legal"}
    letter = refer(owner, case_id, legal, consent(owner, case_id, legal))["id"]
    post(anan, f"/referrals/{letter}/accept", {}, 200)
    made = owner.post(f"{V1}/cases/{case_id}/documents", json={"type_id": "doc:1"}).json()
    post(owner, f"/document-versions/{made['versions'][0]['id']}/approval")
    for reader, may in ((owner, False), (anan, False), (supervisor, True)):
        seen = get(reader, f"/cases/{case_id}/sign-offs")[-1]
        assert seen["may_decide"] is may
    assert seen["id"] not in {s["id"] for s in get(anan, "/alerts")["to_sign"]}
    word = {"verdict": "approved", "content_hash": seen["content_hash"]}
    post(anan, f"/sign-offs/{seen['id']}/decision", word, 404)
    assert get(owner, f"/cases/{case_id}/sign-offs")[-1]["verdict"] is None


def uploaded(client: TestClient, case_id: str) -> str:
    """A version with the same picture each time."""
    given = {"case_id": case_id, "type_id": "doc:13"}
    sent = client.post(f"{V1}/documents", params=given, files={"file": ("x.png", PNG)})
    assert sent.status_code == httpx.codes.CREATED, sent.text
    return str(sent.json()["versions"][0]["id"])


def added(app: App, login: str, version_id: str, act: str, of: str | None = None) -> None:
    """A line of custody written in SQL by somebody, past the service."""
    accounts = app.wiring.services.accounts
    person = accounts.person(accounts.sign_in(login, PASSWORD))
    statement = (
        "INSERT INTO document_custody (id, case_id, document_id, version_id, act, party, done_by)"
        " SELECT gen_random_uuid(), case_id, document_id, :v, :a, 'court', :w"
        " FROM document_versions WHERE id = :o"
    )
    values = {"v": version_id, "a": act, "w": person.id, "o": of or version_id}
    with app.wiring.database.session(person.actor) as session:
        session.execute(text(statement), values)
