"""`cmis audit`, `cmis proof` and `cmis exchange` as a person calls them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import engines
from commands.main import call
from runtime.settings import Settings
from tests.integration.record import Record

SAMPLE = Path(__file__).parents[2] / "samples" / "exchange" / "school-care.csv"


@pytest.fixture
def office(record: Record, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The environment of the record's own database and data folder."""
    settings = record.wiring.settings
    for field in ("data_dir", "database_url", "database_owner_url"):
        monkeypatch.setenv(f"CMIS_{field.upper()}", str(getattr(settings, field)))
    yield settings
    engines.OPENED.close()


def test_the_record_is_verified_proven_and_checked_offline(
    office: Settings, record: Record, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    person = record.person("malee.bpd")
    case_id = record.opened(person)
    number = record.services.files.read(person, case_id)["number"]
    assert call(["audit", "checkpoint", "--json"]) == 0
    capfd.readouterr()
    file = tmp_path / "case.proof.json"
    assert call(["proof", number, "--out", str(file), "--json"]) == 0
    made = json.loads(capfd.readouterr().out)
    assert made["ok"]
    assert (tmp_path / "proof_check.py").exists()
    assert file.stat().st_mode & 0o077 == 0
    assert call(["proof", "verify", str(file), "--checkpoint", made["checkpoint"]]) == 0
    proof = json.loads(file.read_text(encoding="utf-8"))
    proof["rows"][0]["text"] += " "
    file.write_text(json.dumps(proof), encoding="utf-8")
    capfd.readouterr()
    assert call(["proof", "verify", str(file), "--json"]) == 1
    assert json.loads(capfd.readouterr().out)["damage"][0]["kind"] == "row"


def test_damage_is_named_with_its_case_and_ends_with_1(
    office: Settings, record: Record, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    case_id = record.opened(record.person("malee.bpd"))
    change = "UPDATE audit_events SET subject = :s WHERE case_id = :c AND seq = 1"
    kept = "SELECT subject FROM audit_events WHERE case_id = :c AND seq = 1"
    (before,) = record.owner(kept, c=case_id)
    record.owner(change, s="forged", c=case_id)
    try:
        assert call(["audit", "verify", "--json"]) == 1
        found = json.loads(capfd.readouterr().out)["damage"]
        assert (case_id, "event", "1") in {(d["case_id"], d["kind"], d["subject"]) for d in found}
        assert call(["audit", "verify"]) == 1
        assert call(["proof", case_id, "--out", str(tmp_path / "p.json")]) == 1
    finally:
        record.owner(change, s=before.subject, c=case_id)


def test_what_cannot_be_proven_or_read_ends_with_2(
    office: Settings, record: Record, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call(["proof", "9999-999999", "--out", str(tmp_path / "p.json")]) == 2
    assert call(["proof", "verify", str(tmp_path / "absent.json")]) == 2
    assert call(["proof", "verify"]) == 2
    case_id = record.opened(record.person("malee.bpd"))
    (tmp_path / "taken.json").write_text("x")
    assert call(["proof", case_id, "--out", str(tmp_path / "taken.json")]) == 2
    assert "Traceback" not in capfd.readouterr().err


def test_cases_come_in_and_go_out_by_file(
    office: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call(["exchange", "profiles", "--json"]) == 0
    assert len(json.loads(capfd.readouterr().out)) == 4
    arguments = ["exchange", "import", "school-care", str(SAMPLE), "--login", "anan.prosecutor"]
    assert call([*arguments, "--json"]) == 0
    (row,) = json.loads(capfd.readouterr().out)["imported"]
    assert row["external_id"] in SAMPLE.read_text(encoding="utf-8")
    out = tmp_path / "out.json"
    export = ["exchange", "export", "school-care", row["case_id"], "--form", "json"]
    assert call([*export, "--login", "anan.prosecutor", "--out", str(out)]) == 0
    assert json.loads(out.read_bytes())[0]["รหัสการส่งต่อ"] == row["external_id"]
    assert call([*arguments[:-1], "auditor"]) == 2
    absent = ["exchange", "import", "school-care", str(tmp_path / "no.csv"), "--login"]
    assert call([*absent, "anan.prosecutor"]) == 2
