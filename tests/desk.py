"""The record over HTTP without a server: the real routers on the real services of one database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from api.routes import install
from cases.seeds import seed_demo
from commands.wiring import Wiring
from runtime.settings import Settings

ROOT = Path(__file__).parents[1]
PASSWORD = "a-demo-password-2569"
WORKER, SUPERVISOR = "somying.pmj", "wichai.pmj"
SHELTER, PROSECUTOR = "malee.bpd", "anan.prosecutor"
HOST = "http://testserver"


@dataclass(frozen=True)
class Desk:
    """One application and the parts it stands on."""

    app: FastAPI
    wiring: Wiring

    def nobody(self) -> TestClient:
        """A client that is not signed in; an error inside is an answer, not an exception."""
        return TestClient(
            self.app, base_url=HOST, raise_server_exceptions=False, follow_redirects=False
        )

    def sign_in(self, login: str, password: str = PASSWORD) -> TestClient:
        """A client with a bearer token."""
        client = self.nobody()
        answer = client.post("/api/v1/login", json={"login": login, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return client

    def work(self) -> None:
        """Do every job that waits."""
        self.wiring.worker().run(wait=False)


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """A desk with the demo office."""
    wiring = Wiring(settings)
    seed_demo(wiring.database, PASSWORD)
    app = FastAPI(openapi_url="/api/openapi.json")
    install(app, wiring.services)
    yield Desk(app, wiring)
    wiring.database.close()


def story(name: str = "violence-at-home") -> str:
    """One of the project's sample narratives."""
    return (ROOT / "samples" / f"{name}.txt").read_text(encoding="utf-8")


def opened(client: TestClient, **more: Any) -> dict[str, Any]:
    """A new case."""
    answer = client.post("/api/v1/cases", json={"narrative": story(), **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def drafted(desk: Desk, client: TestClient, case_id: str) -> dict[str, Any]:
    """The first version of a case's plan, made by the worker."""
    run = client.post(f"/api/v1/cases/{case_id}/drafts").json()
    desk.work()
    ended = client.get(f"/api/v1/drafts/{run['id']}").json()
    assert ended["status"] == "done", ended
    return version(client, ended["version_id"])


def version(client: TestClient, version_id: str) -> dict[str, Any]:
    """A version as the API shows it."""
    answer = client.get(f"/api/v1/plans/{version_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def sentences(part: Any) -> Iterator[dict[str, Any]]:
    """Every sentence of a draft's JSON that claims something, with its decision still open."""
    if isinstance(part, dict) and "ink" in part:
        if part["ink"] != "frame":
            yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from sentences(value)
    elif isinstance(part, list):
        for value in part:
            yield from sentences(value)


def decide(client: TestClient, plan: dict[str, Any], *decisions: dict[str, Any]) -> Any:
    """Send decisions on a version."""
    return client.post(f"/api/v1/plans/{plan['id']}/decisions", json={"decisions": decisions})


def accept_all(client: TestClient, plan: dict[str, Any]) -> None:
    """Accept what stands, strike what is flagged."""
    found = [
        {"sentence_id": s["id"], "decision": "struck", "reason": "ไม่มีที่มา"}
        if s["flags"]
        else {"sentence_id": s["id"], "decision": "accepted"}
        for s in sentences(plan["content"])
    ]
    assert decide(client, plan, *found).status_code == 204


def approve(client: TestClient, plan: dict[str, Any], **more: Any) -> Any:
    """Ask for approval of a version."""
    body = {"content_hash": plan["content_hash"], **more}
    return client.post(f"/api/v1/plans/{plan['id']}/approve", json=body)
