"""The caseload board: changes of cases as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.case_schemas import CaseRow
from api.dependencies import Signed
from api.errors import RESPONSES
from api.services import Given, Services
from cases.people import Person
from runtime.errors import PartMissing

router = APIRouter(tags=["board"], responses=RESPONSES)
# The browser comes back by itself, and is then asked again who it is.
LONGEST_S = 600.0


@router.get("/board/events")
def watch_board(
    person: Signed,
    services: Given,
    seconds: Annotated[float, Query(ge=0, le=LONGEST_S)] = LONGEST_S,
) -> EventSourceResponse:
    """Server-sent events: a row for each case that changes, among those the person may see."""
    return EventSourceResponse(events(person, services, seconds))


async def events(
    person: Person, services: Services, longest_s: float
) -> AsyncIterator[ServerSentEvent]:
    """The events of one board, for a while."""
    changed = services.casework.changes.of(person)
    async for event in streamed(changed, "case", CaseRow, longest_s):
        yield event


async def streamed(
    changed: AsyncIterator[dict[str, Any]], name: str, form: type[BaseModel], longest_s: float
) -> AsyncGenerator[ServerSentEvent, None]:
    """Rows as events of one name, for a while, or until the database cannot be asked."""
    until = asyncio.get_running_loop().time() + longest_s
    try:
        while (left := until - asyncio.get_running_loop().time()) > 0:
            row = await asyncio.wait_for(anext(changed), left)
            yield ServerSentEvent(data=form.model_validate(row).model_dump_json(), event=name)
    except (TimeoutError, PartMissing):
        return
    finally:
        await changed.aclose()  # type: ignore[attr-defined]
