"""The pages drawn by Streamlit's own runner over the real API on a real port: no browser needed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx
import uvicorn
from streamlit.testing.v1 import AppTest

from tests.acceptance.application import PASSWORD, App
from ui.client import Api

WAIT_S = 60.0
DOORS: dict[str, Api] = {}


@dataclass(frozen=True)
class Pages:
    """A served API and the pages anybody of the demo office may draw."""

    url: str
    tokens: dict[str, str] = field(default_factory=dict)

    def draw(self, page: str, login: str, *, lang: str = "th", **query: str) -> AppTest:
        """A page as this person sees it."""
        args = (page, self._token(login), lang)
        drawn = AppTest.from_function(_draw, args=args, default_timeout=WAIT_S)
        for name, value in query.items():
            drawn.query_params[name] = value
        return drawn.run()

    def _token(self, login: str) -> str:
        if login not in self.tokens:
            who = {"login": login, "password": PASSWORD}
            answer = httpx.post(f"{self.url}/api/v1/login", json=who, timeout=30)
            self.tokens[login] = answer.json()["token"]
        return self.tokens[login]


def _draw(page: str, token: str, lang: str) -> None:
    from importlib import import_module

    import streamlit as st

    from tests.acceptance.paged import door
    from ui.desk import Desk

    api = door(token)
    st.session_state["desk"] = Desk(api, api.get("/me"), lang)
    st.session_state["lang"] = lang
    st.session_state.setdefault("pages", {})
    import_module(f"ui.{page}").page()


def door(token: str) -> Api:
    """The one connection of a sign-in, closed when the pages are done with."""
    if token not in DOORS:
        DOORS[token] = Api(token)
    return DOORS[token]


def words(drawn: AppTest) -> str:
    """Everything a person can read on the page."""
    return "\n".join(_words(part) for part in drawn.main)


def _words(part: Any) -> str:
    own = [getattr(part, name, "") for name in ("label", "body", "value")]
    return "\n".join(unescape(w) for w in own if isinstance(w, str))


@contextmanager
def served(app: App) -> Iterator[Pages]:
    """The application's API on a port of its own while the tests run."""
    config = uvicorn.Config(app.api, host="127.0.0.1", port=0, log_config=None)
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    until = time.monotonic() + WAIT_S
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    before = os.environ.get("CMIS_API_URL")
    os.environ["CMIS_API_URL"] = f"http://127.0.0.1:{port}"
    try:
        yield Pages(os.environ["CMIS_API_URL"])
    finally:
        while DOORS:
            DOORS.popitem()[1].close()
        server.should_exit = True
        running.join(WAIT_S)
        if before is None:
            del os.environ["CMIS_API_URL"]
        else:
            os.environ["CMIS_API_URL"] = before
