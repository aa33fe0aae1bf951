"""A board hears of a change within a second, and only of cases its person may see."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from api.board import events
from api.desk_events import watch_desk
from cases.people import Person
from tests.acceptance.application import PASSWORD, App
from tests.acceptance.lifecycle import REGISTRATION, Office, entry, post
from tests.acceptance.test_api_main_day import opened

STORY = "ยายเลี้ยงหลานสองคนลำพัง เงินไม่พอซื้อนมและค่ายา"


def signed_in(app: App, login: str) -> Person:
    accounts = app.wiring.services.accounts
    return accounts.person(accounts.sign_in(login, PASSWORD))


async def heard(app: App, person: Person, seconds: float) -> list[dict[str, Any]]:
    """Everything one board is told within some seconds."""
    board = events(person, app.wiring.services, seconds)
    return [orjson.loads(str(event.data)) async for event in board]


async def test_two_boards_and_a_change(app: App) -> None:
    client = app.client("somying.pmj")
    case = await asyncio.to_thread(opened, client, STORY)
    own, stranger = (signed_in(app, login) for login in ("wichai.pmj", "malee.bpd"))
    boards = [asyncio.create_task(heard(app, who, 3.0)) for who in (own, stranger)]
    await asyncio.sleep(0.8)
    registration = REGISTRATION | {"case_type": "other"}
    await asyncio.to_thread(entry, client, case["id"], "registration", registration)
    mine, theirs = await asyncio.gather(*boards)
    assert case["id"] in {row["id"] for row in mine}
    assert theirs == []


async def test_a_change_is_told_while_it_is_waited_for(app: App) -> None:
    client = app.client("somying.pmj")
    case = await asyncio.to_thread(opened, client, STORY)
    changes = app.wiring.services.casework.changes
    async with aclosing(changes.of(signed_in(app, "wichai.pmj"))) as rows:  # type: ignore[type-var]
        waiting = asyncio.create_task(anext(rows))
        await asyncio.sleep(0.8)
        registration = REGISTRATION | {"case_type": "other"}
        await asyncio.to_thread(entry, client, case["id"], "registration", registration)
        row = await asyncio.wait_for(waiting, 10)
        assert row["id"] == case["id"]


async def test_a_board_outlives_its_connection(app: App) -> None:
    client = app.client("somying.pmj")
    case = await asyncio.to_thread(opened, client, STORY)
    board = asyncio.create_task(heard(app, signed_in(app, "wichai.pmj"), 6.0))
    await asyncio.sleep(0.8)
    ended = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE query LIKE 'LISTEN %cmis_cases%' AND datname = current_database()"
    )
    with app.wiring.database.owner_engine.begin() as owner:
        assert owner.execute(ended).all()
    await asyncio.sleep(2.0)
    registration = REGISTRATION | {"case_type": "other"}
    await asyncio.to_thread(entry, client, case["id"], "registration", registration)
    assert case["id"] in {row["id"] for row in await board}


@pytest.mark.parametrize("login", ["admin", "researcher"])
async def test_who_sees_no_case_hears_nothing(app: App, login: str) -> None:
    client = app.client("somying.pmj")
    board = asyncio.create_task(heard(app, signed_in(app, login), 1.5))
    await asyncio.sleep(0.5)
    await asyncio.to_thread(opened, client, STORY)
    assert await board == []


async def test_a_page_hears_of_cases_and_notices_in_one_stream(app: App) -> None:
    office, person = Office(app), signed_in(app, "somying.pmj")
    case = await asyncio.to_thread(opened, office["somying.pmj"], STORY)
    letter = {"to_agency": "bpd", "purpose": "protection", "requested": "ที่พัก"}
    basis = {"basis": "life_at_risk", "basis_reason": "x"}
    sent = await asyncio.to_thread(
        post, office["somying.pmj"], f"/cases/{case['id']}/referrals", letter | basis
    )
    stream = watch_desk(person, app.wiring.services, 3.0).body_iterator
    hearing = asyncio.create_task(_all(stream))
    await asyncio.sleep(0.8)
    await asyncio.to_thread(post, office["malee.bpd"], f"/referrals/{sent['id']}/accept", {}, 200)
    told = await hearing
    assert case["id"] in {row["id"] for kind, row in told if kind == "case"}
    assert sent["id"] in {row["subject_id"] for kind, row in told if kind == "notice"}


async def _all(stream: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(event.event, orjson.loads(str(event.data))) async for event in stream]
