"""Limits and headers for every answer of the API."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.messages import sentence

MOST_BYTES = 2 * 1024 * 1024
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}
API_HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'"}
OWN = ("/api/", "/login", "/logout", "/away")


class Guard:
    """ASGI middleware: refuses large bodies to the API and adds security headers.

    ``larger`` are the bytes that some addresses may take, by path.
    """

    def __init__(self, app: ASGIApp, larger: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._larger = dict(larger or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, guarded."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        own = scope["path"].startswith(OWN)
        most = self._larger.get(scope["path"], MOST_BYTES)
        if own and _length(scope) > most:
            await _refusal("input.too_large", 413)(scope, receive, send)
            return
        if own and _holds_nul(scope):
            await _refusal("input.bad", 422)(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    for name, value in API_HEADERS.items():
                        headers.setdefault(name, value)
            await send(message)

        await self._app(scope, _bounded(receive, most) if own else receive, headed)


def _length(scope: Scope) -> int:
    values = [v for k, v in scope["headers"] if k == b"content-length"]
    return int(values[0]) if values and values[0].isdigit() else 0


def _holds_nul(scope: Scope) -> bool:
    """PostgreSQL keeps no NUL, and no address of ours holds one."""
    return "\0" in scope["path"] or b"%00" in scope["query_string"]


def _bounded(receive: Receive, most: int) -> Receive:
    """A body without a stated length is cut off at the limit as well."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413)
        return message

    return bounded


def _refusal(code: str, status: int) -> JSONResponse:
    body = {
        "code": code,
        "message_th": sentence(code, "th"),
        "message_en": sentence(code, "en"),
        "details": {},
    }
    return JSONResponse(body, status_code=status)
