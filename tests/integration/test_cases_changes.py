"""A board goes on hearing of changes after no connection was to be had for a while."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

from sqlalchemy import create_engine

from cases.changes import Changes
from cases.people import Person
from runtime.database import Database
from tests.integration.record import Record

WAITING_S, LONG_S = 0.6, 15


def test_a_board_is_told_again_once_a_connection_is_free(record: Record, owner: Person) -> None:
    case_id = record.opened(owner)
    narrow = Database(record.database.addresses)
    url = narrow.addresses.app_url
    narrow.engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    busy = narrow.engine.connect()

    async def heard() -> dict[str, Any]:
        async with aclosing(Changes(narrow).of(owner)) as board:
            told = asyncio.ensure_future(anext(board))
            await asyncio.sleep(WAITING_S)
            busy.close()
            for _ in range(LONG_S * 5):
                record.owner("UPDATE cases SET updated_at = now() WHERE id = :c", c=case_id)
                if (await asyncio.wait([told], timeout=0.2))[0]:
                    break
            told.cancel()
            return await told

    assert asyncio.run(heard())["id"] == case_id
    narrow.close()
