"""A real office begins with a file: once, without overwriting, and never beside a demo office."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cases.accounts import Accounts
from cases.errors import LoginRefused
from cases.seeds import OfficeIsReal, seed_demo
from commands.main import call
from runtime.database import Database
from tests.integration.test_commands import printed

SAMPLE = Path(__file__).parents[2] / "samples" / "office.yaml"
LOGIN = "admin.province"


@pytest.fixture
def empty(
    fresh_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], list[Any]]:
    """A migrated database nobody has an account in; answers statements past every rule."""
    monkeypatch.setenv("CMIS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CMIS_DATABASE_URL", fresh_database.addresses.app_url)
    monkeypatch.setenv("CMIS_DATABASE_OWNER_URL", fresh_database.addresses.owner_url)

    def asked(statement: str) -> list[Any]:
        with fresh_database.owner_engine.begin() as connection:
            return list(connection.execute(text(statement)).all())

    return asked


def test_an_office_begins_once_and_is_never_overwritten(
    empty: Callable[[str], list[Any]],
    fresh_database: Database,
    capfdbinary: pytest.CaptureFixture[bytes],
    tmp_path: Path,
) -> None:
    accounts = Accounts(fresh_database, 1)
    assert accounts.nobody_yet()
    made = printed(capfdbinary, "office", str(SAMPLE))
    assert {a["state"] for a in made["agencies"]} == {"added"}
    assert made["administrator"] == {"login": LOGIN, "state": "made"}
    assert not accounts.nobody_yet()
    person = accounts.person(accounts.sign_in(LOGIN, made["password"]))
    assert (person.role, person.password_due) == ("administrator", True)
    accounts.change_password(person, None, made["password"], "my-own-password-2569")
    token = accounts.sign_in(LOGIN, "my-own-password-2569")
    assert not accounts.person(token).password_due

    empty("UPDATE agencies SET name_en = 'Ours' WHERE id = 'prosecutor' RETURNING id")
    again = printed(capfdbinary, "office", str(SAMPLE))
    states = {a["id"]: (a["state"], a["differs"]) for a in again["agencies"]}
    assert states.pop("prosecutor") == ("kept", ["name_en"])
    assert set(map(str, states.values())) == {"('unchanged', [])"}
    assert (again["administrator"]["state"], again["password"]) == ("unchanged", None)
    assert accounts.person(token).name
    acts = "SELECT act, done_by FROM account_changes ORDER BY number"
    assert empty(acts) == [("made", "operator")]
    assert empty("SELECT count(*), count(before) FROM agency_changes") == [(4, 0)]

    for words, instead in (
        (f"login: {LOGIN}", "login: somebody.else"),
        ("  agency_id: province-office", "  agency_id: prosecutor"),
    ):
        other = tmp_path / "other.yaml"
        other.write_text(SAMPLE.read_text("utf-8").replace(words, instead), "utf-8")
        assert call(["office", str(other)]) == 2
        assert LOGIN.encode() in capfdbinary.readouterr().err
    with pytest.raises(OfficeIsReal):
        seed_demo(fresh_database)
    lost = printed(capfdbinary, "office", str(SAMPLE), "--new-password")
    assert lost["administrator"]["state"] == "renewed"
    with pytest.raises(LoginRefused):
        accounts.sign_in(LOGIN, "my-own-password-2569")
    assert accounts.sign_in(LOGIN, lost["password"])
    assert empty(acts)[-1] == ("reset", "operator")


def test_what_is_wrong_with_a_file_is_told_in_both_languages_and_nothing_is_made(
    empty: Callable[[str], list[Any]], capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    file = tmp_path / "office.yaml"
    file.write_text(SAMPLE.read_text("utf-8").replace("kind: shelter", "kind: x"), "utf-8")
    assert call(["office", str(file)]) == 2
    told = capfdbinary.readouterr().err.decode()
    assert told.count(f"{file}:") == 2
    assert "no such kind" in told
    assert "ไม่มีชนิด" in told
    assert empty("SELECT count(*) FROM users") == [(0,)]
    assert empty("SELECT count(*) FROM agencies") == [(0,)]


def test_a_demo_office_is_no_real_one(
    empty: Callable[[str], list[Any]],
    fresh_database: Database,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    seed_demo(fresh_database)
    before = empty("SELECT count(*) FROM agencies")
    assert call(["office", str(SAMPLE)]) == 2
    assert b"admin" in capfdbinary.readouterr().err
    assert empty("SELECT count(*) FROM agencies") == before
