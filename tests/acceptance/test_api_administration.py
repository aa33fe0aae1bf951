"""Accounts by an administrator, the trail verified, limits put off: what is done and refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from cases.administration import Agency
from cases.repository import new_id
from tests.acceptance.application import App

V1 = "/api/v1"
OFFICER = {"name": "กมล สาธิตดี", "role": "supervisor", "agency_id": "pmj"}


def test_an_account_is_made_moved_reset_and_locked(app: App) -> None:
    admin = app.client("admin")
    made = admin.post(f"{V1}/admin/accounts", json=OFFICER | {"login": "Kamol.two"})
    assert made.status_code == httpx.codes.CREATED, made.text
    who = {"login": "kamol.two", "password": made.json()["password"]}
    own = app.client()
    token = own.post(f"{V1}/login", json=who).json()["token"]
    own.headers["Authorization"] = f"Bearer {token}"
    assert own.get(f"{V1}/me").json()["role"] == "supervisor"
    where = f"{V1}/admin/accounts/{made.json()['id']}"
    moved = admin.put(where, json=OFFICER | {"role": "auditor"})
    assert moved.status_code == httpx.codes.NO_CONTENT, moved.text
    assert own.get(f"{V1}/me").status_code == httpx.codes.UNAUTHORIZED
    again = admin.post(f"{where}/password").json()["password"]
    assert own.post(f"{V1}/login", json=who).status_code == httpx.codes.UNAUTHORIZED
    assert own.post(f"{V1}/login", json=who | {"password": again}).is_success
    assert admin.put(where, json=OFFICER | {"active": False}).is_success
    assert own.post(f"{V1}/login", json=who | {"password": again}).status_code == 401
    with app.wiring.database.owner_engine.begin() as connection:
        acts = "SELECT act FROM account_changes WHERE user_id = :i ORDER BY number"
        found = connection.execute(text(acts), {"i": made.json()["id"]}).scalars().all()
    assert found == ["made", "changed", "reset", "locked"]


def test_an_agency_is_renamed_and_what_it_was_is_kept(app: App) -> None:
    admin, where = app.client("admin"), f"{V1}/admin/agencies/school"

    def kept() -> dict[str, Any]:
        rows = admin.get(f"{V1}/admin/accounts").json()["agencies"]
        found: dict[str, Any] = next(row for row in rows if row["id"] == "school")
        return {name: found[name] for name in Agency.model_fields}

    before = kept()
    after = before | {"name_en": "Village school", "receives": not before["receives"]}
    assert admin.put(where, json=after).status_code == httpx.codes.NO_CONTENT
    assert kept() == after
    assert admin.put(where, json=before).is_success
    with app.wiring.database.owner_engine.begin() as connection:
        names = "SELECT before ->> 'name_en', after ->> 'name_en' FROM agency_changes ORDER BY 1"
        told = {tuple(row) for row in connection.execute(text(names))}
    assert (before["name_en"], "Village school") in told
    nowhere = admin.put(where, json=before | {"region": "nowhere"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "agency.region")
    unseen = admin.put(f"{V1}/admin/agencies/none-such", json=before)
    assert unseen.json()["code"] == "agency.unseen"
    refused = app.client("somying.pmj").put(where, json=before)
    assert refused.status_code == httpx.codes.FORBIDDEN


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (OFFICER | {"login": "somying.pmj"}, 409, "account.taken"),
        (OFFICER | {"login": "x.y", "role": "king"}, 422, "account.unfit"),
        (OFFICER | {"login": "x.y", "agency_id": "nowhere"}, 422, "account.unfit"),
        (OFFICER | {"login": "ก.ข"}, 422, "input.fields"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    app: App, body: dict[str, str], status: int, code: str
) -> None:
    refused = app.client("admin").post(f"{V1}/admin/accounts", json=body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_nobody_changes_their_own_account_or_one_that_is_not(app: App) -> None:
    admin = app.client("admin")
    own = admin.get(f"{V1}/me").json()["id"]
    mine = admin.put(f"{V1}/admin/accounts/{own}", json=OFFICER)
    assert mine.status_code == httpx.codes.FORBIDDEN
    gone = admin.post(f"{V1}/admin/accounts/no-such/password")
    assert gone.json()["code"] == "account.unseen"
    job = admin.post(f"{V1}/admin/jobs/{2**60}/retry")
    assert job.json()["code"] == "job.unseen"


def test_a_failed_job_goes_back_into_the_queue(app: App) -> None:
    statement = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args)"
        " VALUES ('nobody', 'nothing', 'failed', '{}') RETURNING id"
    )
    with app.wiring.database.owner_engine.begin() as connection:
        job = connection.execute(text(statement)).scalar_one()
    admin = app.client("admin")
    listed = {j["id"]: j["status"] for j in admin.get(f"{V1}/admin/jobs").json()["jobs"]}
    assert listed[job] == "failed"
    assert admin.post(f"{V1}/admin/jobs/{job}/retry").status_code == httpx.codes.NO_CONTENT
    again = admin.post(f"{V1}/admin/jobs/{job}/retry")
    assert again.json()["code"] == "job.not_failed"
    with app.wiring.database.owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_jobs WHERE id = :i"), {"i": job})


@pytest.mark.parametrize(
    ("statutory", "days", "status"), [(False, 3, 204), (False, -3, 422), (True, 3, 422)]
)
def test_a_limit_of_the_law_is_never_put_off(
    app: App, statutory: bool, days: int, status: int
) -> None:
    worker = app.client("somying.pmj")
    case_id = worker.post(f"{V1}/cases", json={"narrative": "ลูกถูกตีทุกเย็น"}).json()["id"]
    limit, due = new_id(), datetime.now(UTC) + timedelta(days=1)
    statement = (
        "INSERT INTO deadlines (id, case_id, kind, duty_th, duty_en, statutory, source, due,"
        " added_by) SELECT :i, :c, 'x', 'x', 'x', :s, 'x', :d, owner_id FROM cases WHERE id = :c"
    )
    with app.wiring.database.owner_engine.begin() as connection:
        connection.execute(text(statement), {"i": limit, "c": case_id, "s": statutory, "d": due})
    body = {"due": (due + timedelta(days=days)).isoformat(), "reason": "ผู้แจ้งนัดใหม่"}
    put_off = worker.post(f"{V1}/deadlines/{limit}/extension", json=body)
    assert put_off.status_code == status, put_off.text
    with app.wiring.database.owner_engine.begin() as connection:
        first = text("SELECT first_due FROM deadlines WHERE id = :i")
        kept = connection.execute(first, {"i": limit}).scalar_one()
    assert (kept is not None) == (status == 204)
    ended = {"status": "cancelled", "reason": "ย้ายออกแล้ว"}
    assert worker.post(f"{V1}/deadlines/{limit}/end", json=ended).is_success
