"""Puts routers, errors and guard on an application that the composition root made."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from api import accounts, audio, cases, drafts, health, knowledge, plans, schemes
from api.errors import install_errors
from api.security import Guard
from api.services import Services

PREFIX = "/api/v1"
MEGABYTE = 1_000_000
ROOM_FOR_FORM = 100_000


def install(app: FastAPI, services: Services) -> None:
    """Everything of this room on ``app``."""
    app.state.services = services
    versioned = APIRouter(prefix=PREFIX)
    for room in (accounts, audio, cases, drafts, plans, knowledge, schemes, health):
        versioned.include_router(room.router)
    app.include_router(versioned)
    app.include_router(accounts.pages)
    install_errors(app)
    sound = int(services.settings.audio_max_mb * MEGABYTE) + ROOM_FOR_FORM
    app.add_middleware(Guard, larger={f"{PREFIX}/audio": sound})
