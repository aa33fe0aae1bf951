"""Whether every part answers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from api.schemas import Health
from api.services import Given

router = APIRouter(tags=["health"])


@router.get("/health")
def health(services: Given, response: Response) -> Health:
    """Every part by name; 503 when one does not answer."""
    parts = {name: _answers(ping) for name, ping in services.pings.items()}
    if not all(parts.values()):
        response.status_code = 503
    return Health(ok=all(parts.values()), parts=parts)


def _answers(ping: Any) -> bool:
    try:
        ping()
    except Exception:
        return False
    return True
