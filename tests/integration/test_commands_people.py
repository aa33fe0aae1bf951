"""The command line about people: erased by id, keys turned, periods listed, readings measured."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cases.people import Person
from commands.main import call
from tests.integration.record import Record
from tests.integration.test_cases_persons import STORY, people
from tests.integration.test_commands import printed

GOLDEN = Path(__file__).parents[2] / "evals" / "data" / "golden" / "G01-G10.yaml"


@pytest.fixture(autouse=True)
def environment(record: Record) -> Iterator[None]:
    """The commands find the record's own database and keys."""
    settings = record.wiring.settings
    patch = pytest.MonkeyPatch()
    patch.setenv("CMIS_DATA_DIR", str(settings.data_dir))
    patch.setenv("CMIS_DATABASE_URL", str(settings.database_url))
    patch.setenv("CMIS_DATABASE_OWNER_URL", str(settings.database_owner_url))
    yield
    patch.undo()


def test_a_person_is_erased_by_id(
    record: Record, owner: Person, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    case_id = record.opened(owner, STORY)
    client = people(record, owner, case_id)["client"]["id"]
    report: Any = printed(capfdbinary, "erase", client)
    assert report["key_destroyed"]
    assert report["erased"]["narratives"] == 1
    events = record.services.integrity.trail(owner, case_id)
    assert events["damage"] == []
    assert "operator" in {e["actor_id"] for e in events["events"]}
    assert call(["erase", client]) == 0
    assert client.encode() in capfdbinary.readouterr().out
    assert call(["erase", "nobody"]) == 2


def test_keys_are_turned_and_everybody_is_still_read(
    record: Record, owner: Person, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    case_id = record.opened(owner, STORY)
    turned = printed(capfdbinary, "keys", "rotate")
    assert turned["persons"] >= 3
    assert turned["key_number"] == record.services.people.persons.keys.newest
    assert people(record, owner, case_id)["client"]["identity"]["given_name"] == "วารุณี"


def test_periods_are_listed(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    kinds = printed(capfdbinary, "retention")
    assert {"case", "person", "recording", "tombstone"} <= kinds.keys()
    assert all(kind["confidence"] for kind in kinds.values())
    assert call(["retention"]) == 0


def test_readings_are_measured_with_intervals(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    report = printed(capfdbinary, "eval", "people", "--vignettes", str(GOLDEN))
    assert report["stories"] == 10
    assert report["reporter.recall"] >= 0.8
    assert len(report["ci"]["client.recall"]) == 2
    doubles = printed(capfdbinary, "eval", "doubles", "--count", "30")
    assert doubles["possible.recall"] > 0.6


def test_code_tells_who_and_how_they_are_related(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    story = tmp_path / "story.txt"
    story.write_text(STORY, encoding="utf-8")
    coded = printed(capfdbinary, "code", str(story))
    roles = {r["role"] for p in coded["persons"] for r in p["roles"]}
    assert {"client", "reporter", "alleged_perpetrator"} <= roles
    assert coded["relations"]
    assert call(["code", str(story)]) == 0
    assert "วารุณี" in capfdbinary.readouterr().out.decode()
