"""An ending by mistake is taken back on its day, with a reason, and both acts stay."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from cases.repository import new_id
from tests.acceptance.application import App
from tests.acceptance.lifecycle import get, post

WHY = "กดผิดรายการ ยังไม่ได้เยี่ยม"
LIMIT = (
    "INSERT INTO deadlines (id, case_id, kind, duty_th, duty_en, statutory, source, due, added_by,"
    " agency_id) SELECT :i, :c, :k, 'เยี่ยมบ้าน', 'visit', false, :i, now() + interval '1 day',"
    " owner_id, agency_id FROM cases WHERE id = :c"
)


@pytest.fixture
def owner(app: App) -> TestClient:
    return app.client("somying.pmj")


@pytest.fixture
def case_id(owner: TestClient) -> str:
    return str(post(owner, "/cases", {"narrative": "ยายอยู่คนเดียว ล้มบ่อย"})["id"])


def ruled(app: App, statement: str, **values: Any) -> None:
    with app.wiring.database.owner_engine.begin() as connection:
        connection.execute(text(statement), values)


def limit(app: App, case_id: str, kind: str = "visit") -> str:
    made = new_id()
    ruled(app, LIMIT, i=made, c=case_id, k=kind)
    return made


def row(client: TestClient, case_id: str, which: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = get(client, f"/cases/{case_id}/deadlines")
    return next(r for r in rows if r["id"] == which)


def ended(app: App, client: TestClient, case_id: str, kind: str = "visit") -> str:
    which = limit(app, case_id, kind)
    body = {"status": "cancelled", "reason": "ไปแล้วเมื่อวาน"}
    post(client, f"/deadlines/{which}/end", body, 204)
    return which


def back(client: TestClient, which: str, status: int) -> Any:
    return post(client, f"/deadlines/{which}/taking-back", {"reason": WHY}, status)


def test_both_acts_stay_and_the_limit_waits_again(
    app: App, owner: TestClient, case_id: str
) -> None:
    which = ended(app, owner, case_id)
    assert row(owner, case_id, which)["may_take_back"]
    assert which in {d["id"] for d in get(owner, "/deadlines")["ended"]}
    back(owner, which, 204)
    found = row(owner, case_id, which)
    assert (found["status"], found["may_end"], found["may_take_back"]) == ("open", True, False)
    assert (found["back_reason"], found["done_at"], found["reason"]) == (WHY, None, None)
    assert which not in {d["id"] for d in get(owner, "/deadlines")["ended"]}
    line = [h for h in get(owner, f"/cases/{case_id}/timeline") if h["subject_id"] == which]
    told = {h["act"]: (h["note"], h["by_name"], h["by_agency"]) for h in line}
    me = get(owner, "/me")
    who = me["name"], me["agency_id"]
    assert told["cancelled"] == ("ไปแล้วเมื่อวาน", *who)
    assert told["taken_back"] == (WHY, *who)
    assert "open" in told
    events = [e["action"] for e in get(owner, f"/cases/{case_id}/trail")["events"]]
    acts = [action for action in events if action.startswith("deadline_")]
    assert acts == ["deadline_cancelled", "deadline_taken_back"]
    post(owner, f"/deadlines/{which}/end", {"status": "done"}, 204)
    back(owner, which, 204)
    back(owner, which, 404)


def test_a_reason_is_asked_for(app: App, owner: TestClient, case_id: str) -> None:
    which = ended(app, owner, case_id)
    refused = post(owner, f"/deadlines/{which}/taking-back", {"reason": " "}, 422)
    assert refused["code"] == "deadline.back_reason"


def test_after_its_day_an_ending_stands(app: App, owner: TestClient, case_id: str) -> None:
    which = ended(app, owner, case_id)
    earlier = "UPDATE deadlines SET done_at = done_at - interval '1 day' WHERE id = :i"
    ruled(app, earlier, i=which)
    assert not row(owner, case_id, which)["may_take_back"]
    assert back(owner, which, 409)["code"] == "deadline.earlier"


@pytest.mark.parametrize(
    "since",
    [
        ["UPDATE deadlines SET ended_by = 'entry' WHERE id = :i"],
        [
            "UPDATE deadlines SET status = 'done', done_at = clock_timestamp(),"
            " done_by = added_by, ended_by = 'entry' WHERE id = :o"
        ],
        [
            "INSERT INTO sign_offs (id, case_id, kind, subject_id, content_hash, two_people,"
            " requested_by, requested_name)"
            " SELECT :o, id, 'closure', 'x', :o, true, owner_id, 'x' FROM cases WHERE id = :c",
            "UPDATE sign_offs SET verdict = 'approved', decided_name = 'x', decided_by = (SELECT"
            " min(id) FROM users WHERE id <> requested_by), decided_at = clock_timestamp()"
            " WHERE id = :o",
        ],
    ],
    ids=["ended by an entry", "the next one ended since", "closed since"],
)
def test_what_was_built_on_an_ending_lets_it_stand(
    app: App, owner: TestClient, case_id: str, since: list[str]
) -> None:
    which, other = ended(app, owner, case_id), limit(app, case_id)
    given = {"i": which, "o": other, "c": case_id}
    for statement in since:
        ruled(app, statement, **{n: value for n, value in given.items() if f":{n}" in statement})
    assert not row(owner, case_id, which)["may_take_back"]
    assert back(owner, which, 409)["code"] == "deadline.built_on"


def test_who_may_not_end_it_takes_nothing_back(app: App, owner: TestClient, case_id: str) -> None:
    which = ended(app, owner, case_id)
    for login in ("somsak.police", "auditor"):
        refused = app.client(login).post(
            f"/api/v1/deadlines/{which}/taking-back", json={"reason": WHY}
        )
        assert refused.status_code in (403, 404)


def test_the_database_lets_no_ending_vanish(app: App, owner: TestClient, case_id: str) -> None:
    which = ended(app, owner, case_id)
    reopened = "UPDATE deadlines SET status = 'open', done_at = NULL WHERE id = :i"
    with pytest.raises(Exception, match="taken back in writing"):
        ruled(app, reopened, i=which)
