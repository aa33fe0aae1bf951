"""The one way from a page to the record: HTTP calls with the signed-in person's cookie."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import IO, Any

import httpx

COOKIE = "cmis_session"
WITHHELD = "X-Withheld"
TIMEOUT_S = 30.0
SENDING_S = 600.0


class Refused(Exception):
    """The API said no, with words for the person. ``status`` 0 means it could not be reached."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(body.get("code", "internal"))
        self.body = dict(body)
        super().__init__(self.code)

    def say(self, lang: str) -> str:
        """The sentence of the API in ``lang``."""
        return str(self.body.get(f"message_{lang}") or self.code)


def address() -> str:
    """Where the API is; the server that serves the pages sets it."""
    return os.environ.get("CMIS_API_URL", "http://127.0.0.1:8501")


class Api:
    """Calls in the name of one session. Raises `Refused` for every answer that is not 2xx."""

    def __init__(self, session: str | None) -> None:
        self._http = httpx.Client(
            base_url=f"{address()}/api/v1",
            cookies={COOKIE: session} if session else None,
            headers={"Origin": address()},
            timeout=TIMEOUT_S,
        )

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        """GET ``path``; query values that are None are left out."""
        return self._call("GET", path, params={k: v for k, v in query.items() if v is not None})

    def narrowed(self, path: str) -> tuple[Any, tuple[str, ...]]:
        """GET ``path``, with the fields of the answer that this person may not read."""
        answer = self._answer("GET", path)
        told = answer.headers.get(WITHHELD, "")
        return answer.json(), tuple(field for field in told.split(", ") if field)

    def read(self, path: str) -> bytes:
        """The bytes of a file at ``path``."""
        return self._answer("GET", path).content

    def post(
        self, path: str, body: Any = None, *, once: str | None = None, wait_s: float = TIMEOUT_S
    ) -> Any:
        """POST ``body`` as JSON; sent again with the same ``once`` it takes effect once."""
        headers = {"Idempotency-Key": once} if once else None
        json = body if body is not None else {}
        return self._call("POST", path, json=json, headers=headers, timeout=wait_s)

    def send(self, path: str, name: str, content: IO[bytes]) -> Any:
        """POST a file as a form; a large one may take a while."""
        content.seek(0)
        return self._call("POST", path, files={"file": (name, content)}, timeout=SENDING_S)

    def put(self, path: str, body: Any) -> Any:
        """PUT ``body`` as JSON."""
        return self._call("PUT", path, json=body)

    def patch(self, path: str, body: Any) -> Any:
        """PATCH ``path`` with ``body`` as JSON."""
        return self._call("PATCH", path, json=body)

    def delete(self, path: str) -> Any:
        """DELETE ``path``."""
        return self._call("DELETE", path)

    def _call(self, method: str, path: str, **request: Any) -> Any:
        answer = self._answer(method, path, **request)
        return answer.json() if answer.content else None

    def _answer(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **request)
        except httpx.HTTPError as error:
            raise Refused(0, {"code": "ui.unreachable"}) from error
        if answer.is_success:
            return answer
        raise Refused(answer.status_code, _body(answer))


def _body(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {"code": "ui.unreachable"}
    return body if isinstance(body, dict) else {"code": "ui.unreachable"}
