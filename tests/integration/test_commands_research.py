"""``cmis research`` and what of it goes over HTTP: a study, a trial, and who is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.routes import install
from commands.main import call
from runtime.clock import today
from runtime.settings import Settings
from tests.integration.record import PASSWORD, Record
from tests.unit.test_cases_trials import REGISTERED

API = "/api/v1"
STUDY = {
    "id": "kept-codes",
    "title": "Which codes do workers keep?",
    "approval": "EC 12/2569",
    "since": today().isoformat(),
    "until": today().isoformat(),
}
TRIAL: dict[str, Any] = REGISTERED | {
    "starts": today().isoformat(),
    "ends": (today() + timedelta(days=3)).isoformat(),
}


@pytest.fixture(scope="module")
def office(record: Record) -> Record:
    """Six cases of one office."""
    owner = record.person("somying.pmj")
    for _ in range(6):
        record.opened(owner)
    return record


@pytest.fixture(scope="module", autouse=True)
def environment(office: Record, settings: Settings) -> Iterator[None]:
    """The commands find this office."""
    patch = pytest.MonkeyPatch()
    patch.setenv("CMIS_DATA_DIR", str(settings.data_dir))
    patch.setenv("CMIS_DATABASE_URL", office.database.addresses.app_url)
    patch.setenv("CMIS_DATABASE_OWNER_URL", office.database.addresses.owner_url)
    yield
    patch.undo()


def client(office: Record, login: str) -> TestClient:
    api = FastAPI()
    install(api, office.services)
    found = TestClient(api, raise_server_exceptions=False)
    answer = found.post(f"{API}/login", json={"login": login, "password": PASSWORD})
    found.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return found


def file_of(folder: Path, content: dict[str, Any]) -> str:
    file = folder / "asked.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return str(file)


def test_an_extract_from_the_command_line(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    into = tmp_path / "out.jsonl"
    asked = ["research", "extract", "--study", file_of(tmp_path, STUDY), "--into", str(into)]
    assert call([*asked, "--json"]) == 0
    report = json.loads(capfdbinary.readouterr().out)
    assert report["cases"] == len(into.read_bytes().splitlines()) == 6
    assert call(asked) == 0
    assert "6" in capfdbinary.readouterr().out.decode()
    assert call(["eval", "workers", "--extract", str(into), "--json"]) == 0
    assert call([*asked, "--login", "somying.pmj"]) == 2
    assert call([*asked, "--login", "nobody"]) == 2
    broken = file_of(tmp_path, STUDY | {"until": "2000-01-01"})
    assert call(["research", "extract", "--study", broken]) == 2
    assert call(["research", "extract", "--study", str(tmp_path / "absent.yaml")]) == 2


def test_a_trial_from_the_command_line(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    own = TRIAL | {"id": "by-command"}
    assert call(["research", "trial-start", file_of(tmp_path, own)]) == 0
    assert call(["research", "trial-start", file_of(tmp_path, own | {"seed": 1})]) == 2
    assert call(["research", "trial-unblind", "by-command"]) == 2
    assert call(["research", "trial-end", "by-command", "--reason", "only a test"]) == 0
    capfdbinary.readouterr()
    assert call(["research", "trial-unblind", "by-command", "--json"]) == 0
    assert sorted(json.loads(capfdbinary.readouterr().out)) == ["A", "B", "C"]
    examples = Path(__file__).parents[2] / "docs" / "notebooks"
    analysed = ["eval", "trial", "--registration", str(examples / "trial.yaml")]
    assert call([*analysed, "--extract", str(examples / "trial-extract.jsonl"), "--json"]) == 0
    found = json.loads(capfdbinary.readouterr().out)
    assert set(found["arms"]) == {"A", "B", "C"}
    assert len(found["registration_sha256"]) == 64


def test_the_same_over_http(office: Record) -> None:
    researcher = client(office, "researcher")
    given = researcher.post(f"{API}/research/extracts", json=STUDY)
    assert given.status_code == httpx.codes.OK, given.text
    assert len(given.json()["rows"]) == given.json()["report"]["cases"] == 6
    begun = researcher.post(f"{API}/research/trials", json=TRIAL)
    assert begun.status_code == httpx.codes.CREATED, begun.text
    other = researcher.post(f"{API}/research/trials", json=TRIAL | {"seed": 3})
    assert other.json()["code"] == "trial.frozen"
    here = f"{API}/research/trials/{TRIAL['id']}"
    assert researcher.post(f"{here}/unblind").json()["code"] == "trial.running"
    ended = researcher.post(f"{here}/end", json={"reason": "only a test"})
    assert ended.json()["end_reason"] == "only a test"
    assert sorted(researcher.post(f"{here}/unblind").json()) == ["A", "B", "C"]
    assert TRIAL["id"] in [t["id"] for t in researcher.get(f"{API}/research/trials").json()]
    actions = [e["action"] for e in researcher.get(f"{API}/research/log").json()["events"]]
    assert {"extract_given", "trial_started", "trial_ended", "trial_unblinded"} <= set(actions)


def test_a_worker_sees_the_view_of_a_case_and_nothing_of_research(office: Record) -> None:
    worker = client(office, "somying.pmj")
    case_id = worker.get(f"{API}/cases").json()["items"][0]["id"]
    assert worker.get(f"{API}/cases/{case_id}/trial").json() == {"trial": None, "view": None}
    assert worker.post(f"{API}/research/extracts", json=STUDY).status_code == 403
    assert worker.get(f"{API}/research/trials").status_code == 403
    assert worker.get(f"{API}/research/log").json()["events"] == []
    assert client(office, "researcher").get(f"{API}/cases/{case_id}/trial").status_code == 404
