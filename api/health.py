"""Whether every part answers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from api.services import Given

router = APIRouter(tags=["health"])


@router.get("/health")
def health(services: Given, response: Response) -> dict[str, Any]:
    """``{"ok": …, "parts": {name: ok}}``; 503 when one part does not answer."""
    parts = {name: _answers(ping) for name, ping in services.pings.items()}
    if not all(parts.values()):
        response.status_code = 503
    return {"ok": all(parts.values()), "parts": parts}


def _answers(ping: Any) -> bool:
    try:
        ping()
    except Exception:
        return False
    return True
