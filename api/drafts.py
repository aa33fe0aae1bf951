"""Drafts: ask for one, watch it, stop it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import orjson
from fastapi import APIRouter
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.case_schemas import Run
from api.dependencies import Signed
from api.errors import RESPONSES
from api.revision_schemas import DraftRequest
from api.services import Given, Services
from cases.people import Person

router = APIRouter(tags=["drafts"], responses=RESPONSES)
POLL_S = 0.3
ENDED = frozenset({"done", "failed", "cancelled"})


@router.post("/cases/{case_id}/drafts", status_code=202)
def request_draft(
    case_id: str, person: Signed, services: Given, body: DraftRequest | None = None
) -> Run:
    """Ask for a draft; a worker makes it, and keeps people's edits of ``carry_from``."""
    carry_from = body.carry_from if body else None
    return Run.model_validate(services.drafting.request(person, case_id, carry_from))


@router.get("/drafts/{run_id}")
def read_run(run_id: str, person: Signed, services: Given) -> Run:
    """How far a draft is."""
    return Run.model_validate(services.drafting.read(person, run_id))


@router.post("/drafts/{run_id}/cancel")
def cancel_run(run_id: str, person: Signed, services: Given) -> Run:
    """Stop a draft under way."""
    return Run.model_validate(services.drafting.cancel(person, run_id))


@router.get("/drafts/{run_id}/events")
def watch_run(run_id: str, person: Signed, services: Given) -> EventSourceResponse:
    """Server-sent events: one for each step and each part that is ready, until the draft ends."""
    services.drafting.read(person, run_id)
    return EventSourceResponse(_events(run_id, person, services))


async def _events(
    run_id: str, person: Person, services: Services
) -> AsyncIterator[ServerSentEvent]:
    last = None
    while True:
        run = Run.model_validate(await run_in_threadpool(services.drafting.read, person, run_id))
        now = (run.status, run.step, run.percent, run.parts)
        if now != last:
            last = now
            data = orjson.dumps(run.model_dump()).decode()
            yield ServerSentEvent(data=data, event=run.status)
        if run.status in ENDED:
            return
        await asyncio.sleep(POLL_S)
