"""A whole application in the test's own process: real services, real database, no pages."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.routes import install
from cases.seeds import seed_demo
from commands.wiring import Wiring
from runtime.embedded import Addresses
from runtime.settings import Settings
from tests.working import settings_of, share, work

PASSWORD = "a-test-password-2569"


@dataclass(frozen=True)
class App:
    """The served API and the parts behind it."""

    wiring: Wiring
    api: FastAPI

    def client(self, login: str | None = None) -> TestClient:
        """A client, signed in as somebody of the demo office unless ``login`` is None."""
        client = TestClient(self.api, raise_server_exceptions=False)
        if login:
            answer = client.post("/api/v1/login", json={"login": login, "password": PASSWORD})
            assert answer.status_code == httpx.codes.OK, answer.text
            client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return client

    def work(self) -> None:
        """Run every waiting job."""
        work(self.wiring)


def made(settings: Settings) -> App:
    """The application over these settings, its knowledge loaded and its demo office made."""
    wiring = Wiring(settings)
    wiring.ensure_knowledge()
    seed_demo(wiring.database, PASSWORD)
    return App(wiring, _api(wiring))


def copied(first: App, addresses: Addresses) -> App:
    """The application over a copy of another's database, with the models that one opened."""
    wiring = Wiring(settings_of(first.wiring.settings, addresses))
    share(first.wiring, wiring)
    return App(wiring, _api(wiring))


def _api(wiring: Wiring) -> FastAPI:
    api = FastAPI()
    install(api, wiring.services)
    return api
