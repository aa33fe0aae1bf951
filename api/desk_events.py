"""What happens while a page is open, in one stream: a browser holds six connections to a server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.board import LONGEST_S, streamed
from api.case_schemas import CaseRow
from api.dependencies import Signed
from api.errors import RESPONSES
from api.notices import NoticeOut
from api.services import Given

router = APIRouter(tags=["board"], responses=RESPONSES)
Events = AsyncGenerator[ServerSentEvent, None]


@router.get("/desk/events")
def watch_desk(
    person: Signed,
    services: Given,
    seconds: Annotated[float, Query(ge=0, le=LONGEST_S)] = LONGEST_S,
) -> EventSourceResponse:
    """Server-sent events ``case`` and ``notice``: a case that changed, and what one is told."""
    casework = services.casework
    changed = streamed(casework.changes.of(person), "case", CaseRow, seconds)
    told = streamed(casework.notices.of(person), "notice", NoticeOut, seconds)
    return EventSourceResponse(together(changed, told))


async def together(*streams: Events) -> AsyncIterator[ServerSentEvent]:
    """The events of several streams as they come, until all have ended."""
    waiting = {asyncio.ensure_future(anext(stream)): stream for stream in streams}
    try:
        while waiting:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                stream = waiting.pop(task)
                try:
                    event = task.result()
                except StopAsyncIteration:
                    continue
                waiting[asyncio.ensure_future(anext(stream))] = stream
                yield event
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for stream in streams:
            await stream.aclose()
