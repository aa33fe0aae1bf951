"""A server killed while it codes: nothing half-written stays, and the retry opens one case."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
from sqlalchemy import text

from tests.acceptance.application import PASSWORD, App
from tests.acceptance.conftest import free_port
from tests.processes import REPOSITORY, START_S, Forked, Nursery, token

SAMPLE = (REPOSITORY / "samples" / "violence-at-home.txt").read_text(encoding="utf-8")
STORY = "\n\n".join(f"ครั้งที่ {i} {SAMPLE}" for i in range(1, 25))
WRITTEN = ("cases", "narratives", "codings", "audit_events", "opening_keys")
CODING_S = 0.7


def signed_in(url: str, running: Forked) -> httpx.Client:
    """A client of the server, once it answers."""
    opened = running.eventually(lambda: token(url, "somying.pmj", PASSWORD), START_S)
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {opened}"}, timeout=120)


def written(app: App) -> dict[str, int]:
    with app.wiring.database.owner_engine.begin() as owner:
        counted = {t: text(f"SELECT count(*) FROM {t}") for t in WRITTEN}  # noqa: S608
        return {t: int(owner.execute(q).scalar_one()) for t, q in counted.items()}


def test_a_story_killed_while_it_is_coded_is_opened_once(app: App, nursery: Nursery) -> None:
    told = {"narrative": STORY, "title": "ถูกตัดกลางคัน"}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    port, before = free_port(), written(app)
    with (
        nursery.running(app.wiring.settings, "api", str(port)) as running,
        ThreadPoolExecutor(1) as hand,
    ):
        client = signed_in(f"http://127.0.0.1:{port}/api/v1", running)
        client.post("/cases", json={"narrative": " "})
        sent = hand.submit(client.post, "/cases", json=told, headers=key)
        time.sleep(CODING_S)
        assert not sent.done()
        running.kill()
        assert isinstance(sent.exception(timeout=60), httpx.HTTPError)
    assert written(app) == before
    client_here = app.client("somying.pmj")
    answers = [client_here.post("/api/v1/cases", json=told, headers=key) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    after = written(app)
    once = ("cases", "narratives", "codings", "opening_keys")
    assert {t: after[t] - before[t] for t in once} == dict.fromkeys(once, 1)
