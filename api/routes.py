"""Puts routers, errors and guard on an application that the composition root made."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from api import (
    accounts,
    administration,
    alerts,
    audio,
    board,
    cases,
    conferences,
    consents,
    deadlines,
    desk_events,
    documents,
    drafts,
    drawers,
    evaluations,
    exchange,
    glass,
    happenings,
    health,
    knowledge,
    knowledge_sources,
    notices,
    overview,
    persons,
    plans,
    referrals,
    research,
    revisions,
    schemes,
    sign_offs,
    source_arrivals,
    steps,
)
from api.errors import install_errors
from api.security import Guard
from api.services import Services
from cases.exchange_profiles import profiles
from cases.source_arrivals import MOST_FILES
from runtime.file_kinds import MEGABYTE

PREFIX = "/api/v1"
ROOMS = (accounts, audio, cases, drafts, plans, revisions, knowledge, schemes, research, health)
CASEWORK = (steps, consents, referrals, conferences, sign_offs, glass, alerts, board, notices)
OF_A_DESK = (drawers, overview, desk_events, knowledge_sources, source_arrivals)
OF_A_CASE = (documents, exchange, deadlines, happenings)
ROOM_FOR_FORM = 100_000


def install(app: FastAPI, services: Services) -> None:
    """Everything of this room on ``app``."""
    app.state.services = services
    versioned = APIRouter(prefix=PREFIX)
    for room in (*ROOMS, *CASEWORK, *OF_A_DESK, *OF_A_CASE, administration):
        versioned.include_router(room.router)
    versioned.include_router(research.of_a_case)
    versioned.include_router(persons.of_case)
    versioned.include_router(persons.router)
    versioned.include_router(evaluations.router)
    app.include_router(versioned)
    app.include_router(accounts.pages)
    install_errors(app)
    sound = int(services.settings.audio_max_mb * MEGABYTE) + ROOM_FOR_FORM
    paper = int(services.settings.upload_max_mb * MEGABYTE) + ROOM_FOR_FORM
    source = int(services.settings.document_max_mb * MEGABYTE) * MOST_FILES + ROOM_FOR_FORM
    larger = {f"{PREFIX}/audio": sound, f"{PREFIX}/documents": paper}
    larger[f"{PREFIX}/knowledge/sources"] = source
    larger |= {f"{PREFIX}/exchange/{profile}/imports": paper for profile in profiles()}
    app.add_middleware(Guard, larger=larger)
