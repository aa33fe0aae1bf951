"""An office adds documents: what gets in, what does not, and who sees it (Must show 5)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from commands.main import call
from knowledge_base import source_repository, sources
from knowledge_base.add_report import AddReport
from knowledge_base.adding import Shelf
from knowledge_base.embedder import Embedder
from knowledge_base.passages import Passage
from runtime.actor import Actor
from runtime.database import Database
from tests import office_files

ROOT = Path(__file__).parents[2]
TABLES = ("kb_sources", "kb_passages", "kb_passage_chunks")


@pytest.fixture
def office(fresh_database: Database) -> Database:
    """A database with two agencies and no document."""
    with fresh_database.owner_engine.begin() as owner:
        for agency in ("north", "south"):
            owner.execute(text("INSERT INTO agencies VALUES (:id, :id, :id)"), {"id": agency})
    return fresh_database


def shelf(database: Database, embedder: Embedder, agency: str | None = None, **more: Any) -> Shelf:
    return Shelf(database, embedder, agency=agency, by="somying", **{"most_mb": 100.0} | more)


def counts(database: Database) -> list[int]:
    """Rows of the three tables, past every policy."""
    with database.owner_engine.connect() as owner:
        return [int(owner.scalar(text(f"SELECT count(*) FROM {t}")) or 0) for t in TABLES]  # noqa: S608


def written(folder: Path, **files: bytes | str) -> list[Path]:
    made = []
    for name, content in files.items():
        file = folder / name.replace("_", ".")
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        made.append(file)
    return made


def codes(report: AddReport) -> dict[str, str]:
    return {Path(f.path).name: f.code for f in report.failed}


def test_every_kind_of_file_gets_in(office: Database, embedder: Embedder, tmp_path: Path) -> None:
    told = "หน่วยงานรับแจ้งเหตุเด็กถูกทำร้ายตลอด ๒๔ ชั่วโมง"
    files = written(
        tmp_path,
        a_txt=f"{told} ก",
        b_md=f"# คู่มือ\n\n{told} ข",
        c_html=office_files.page(),
        d_docx=office_files.word([(1, "หัว"), (0, f"{told} ง")]),
        e_pdf=office_files.pdf([[f"{told} จ"]]),
        f_jsonl=json.dumps({"_id": "1", "title": "ชื่อ", "text": f"{told} ฉ"}),
    )
    heard: list[float] = []
    report = shelf(office, embedder).add(files, lambda share, note: heard.append(share))
    assert not report.failed
    assert len(report.added) == 6
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1.0)
    rows = {s.file_name: s for s in sources.listed(office)}
    page = rows["c.html"]
    assert (page.title, page.media_type, page.added_by, page.review) == (
        "แนวทาง",
        "text/html",
        "somying",
        "waiting",
    )
    assert page.size_bytes == len(office_files.page())
    with office.session() as session:
        everything = session.scalars(text("SELECT context || text FROM kb_passages")).all()
    assert not any(office_files.INJECTION in passage for passage in everything)
    assert sum("๒๔ ชั่วโมง" in passage for passage in everything) == 6


def test_the_bad_are_told_and_the_rest_gets_in(
    office: Database, embedder: Embedder, tmp_path: Path
) -> None:
    good = office_files.pdf([["ข้อความที่ดี"]])
    files = written(
        tmp_path,
        a_pdf=good[: len(good) // 2],
        b_pdf=office_files.encrypted(good, "secret"),
        c_docx=office_files.bomb(),
        d_html=office_files.page(),
        e_txt="ข้อความธรรมดา",
        f_xls=b"\xd0\xcf\x11\xe0",
        g_jsonl='{"text": "แถวแรกดี"}\n{"text": ',
    )
    large = tmp_path / "large.pdf"
    with large.open("wb") as handle:
        handle.write(b"%PDF-1.7\n")
        handle.truncate(300_000_000)
    before = time.perf_counter()
    refused = shelf(office, embedder).add([large])
    assert time.perf_counter() - before < 10  # it was not read
    assert codes(refused) == {"large.pdf": "kb.file_too_large"}
    assert counts(office) == [0, 0, 0]

    report = shelf(office, embedder).add([*files, large, tmp_path / "none.txt"])

    assert codes(report) == {
        "a.pdf": "kb.file_corrupt",
        "b.pdf": "kb.file_encrypted",
        "c.docx": "kb.file_bomb",
        "f.xls": "kb.file_kind",
        "g.jsonl": "kb.row_broken",
        "large.pdf": "kb.file_too_large",
        "none.txt": "kb.file_missing",
    }
    for failure in report.failed:
        assert Path(failure.path).name in failure.message_th
        assert Path(failure.path).name in failure.message_en
    assert [Path(a.path).name for a in report.added] == ["d.html", "e.txt"]
    assert counts(office)[0] == 2
    assert {s.file_name for s in sources.listed(office)} == {"d.html", "e.txt"}


def test_what_is_in_is_skipped_and_near_copies_are_told(
    office: Database, embedder: Embedder, tmp_path: Path
) -> None:
    long = "\n\n".join(f"ข้อ {n} ให้เจ้าหน้าที่ดำเนินการเรื่องที่ {n * 7}" for n in range(60))
    first = shelf(office, embedder).add(written(tmp_path, a_txt=long, b_txt=long))
    assert len(first.added) == len(first.skipped) == 1
    again = shelf(office, embedder).add([tmp_path])
    assert (len(again.added), len(again.skipped)) == (0, 2)
    changed = written(tmp_path, c_txt=long.replace("ข้อ 7 ", "ข้อเจ็ด "))
    near = shelf(office, embedder).add(changed).added[0]
    assert near.near_duplicate_of == first.added[0].source
    assert near.similarity is not None
    assert 0.8 <= near.similarity < 1.0


def test_another_model_gets_its_own_vectors(
    office: Database, embedder: Embedder, tmp_path: Path
) -> None:
    files = written(tmp_path, a_txt="ข้อความ")
    shelf(office, embedder).add(files)
    other = Embedder(embedder._model, "another-e5")
    again = shelf(office, other).add(files)
    assert len(again.added) == 1
    assert counts(office) == [1, 1, 2]
    assert len(shelf(office, other).add(files).skipped) == 1


def test_a_failure_while_writing_leaves_nothing(
    office: Database, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(source_repository, "put_chunks", torn)
    with pytest.raises(RuntimeError):
        shelf(office, embedder).add(written(tmp_path, a_txt="ข้อความ"))
    assert counts(office) == [0, 0, 0]


def test_a_file_added_by_two_at_once_is_one_source(office: Database, embedder: Embedder) -> None:
    row = {
        "id": "src-1", "agency_id": None, "title": "t", "file_name": "f", "sha256": "s",
        "size_bytes": 1, "media_type": "m", "kind": "document", "passages": 0, "signature": b"",
        "near_duplicate_of": None, "similarity": None, "added_by": "x",
    }  # fmt: skip
    for fresh in (True, False):
        with sources.owning(office, None) as session:
            assert source_repository.put_source(session, row) is fresh


@pytest.fixture
def environment(office: Database, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Variables by which another process finds this database."""
    own = {
        "CMIS_DATA_DIR": str(tmp_path / "data"),
        "CMIS_DATABASE_URL": office.addresses.app_url,
        "CMIS_DATABASE_OWNER_URL": office.addresses.owner_url,
    }
    patch = pytest.MonkeyPatch()
    for name, value in own.items():
        patch.setenv(name, value)
    yield own
    patch.undo()


def test_a_killed_batch_leaves_whole_documents_and_runs_to_its_end(
    office: Database, environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "batch"
    folder.mkdir()
    for n in range(12):
        rows = [{"_id": str(i), "text": f"ข้อ {n}.{i} ให้เจ้าหน้าที่แจ้งเหตุ"} for i in range(30)]
        lines = "\n".join(json.dumps(row) for row in rows)
        (folder / f"{n:02}.jsonl").write_text(lines, encoding="utf-8")
    command = [sys.executable, "-m", "commands", "kb", "add", str(folder), "--json"]
    running = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.PIPE, cwd=ROOT
    )
    limit = time.monotonic() + 120
    while counts(office)[0] < 2 and time.monotonic() < limit and running.poll() is None:
        time.sleep(0.05)
    time.sleep(0.3)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert running.stdout is not None
    running.stdout.close()

    kept, passages, chunks = counts(office)
    assert 2 <= kept < 12
    assert passages == chunks == kept * 30
    ended = subprocess.run(
        command, env=os.environ | environment, capture_output=True, check=False, cwd=ROOT
    )
    assert ended.returncode == 0, ended.stderr.decode()
    report = json.loads(ended.stdout)
    assert (len(report["skipped"]), len(report["added"])) == (kept, 12 - kept)
    assert counts(office) == [12, 360, 360]


def test_the_command_line_adds_lists_and_reviews(
    environment: dict[str, str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    good, bad = written(tmp_path, a_txt="ข้อความธรรมดา", b_pdf="%PDF-1.7 broken")
    assert call(["kb", "add", str(good), str(bad)]) == 2
    out, err = capfd.readouterr()
    assert "src-" in out
    assert "b.pdf" in err
    assert "Traceback" not in err
    assert call(["kb", "sources", "--json"]) == 0
    (row,) = json.loads(capfd.readouterr().out)
    assert call(["kb", "review", row["id"], "--accept", "--by", "wichai", "--json"]) == 0
    done = json.loads(capfd.readouterr().out)
    assert (done["review"], done["reviewed_by"]) == ("accepted", "wichai")
    assert call(["kb", "sources"]) == 0
    assert row["id"] in capfd.readouterr().out
    assert call(["kb", "add", str(good)]) == 0
    assert call(["kb", "remove", row["id"]]) == 0
    capfd.readouterr()
    assert call(["kb", "sources"]) == 0
    assert "src-" not in capfd.readouterr().out
    for wrong in (
        ["kb", "review", "src-none", "--accept"],
        ["kb", "remove", "src-none"],
        ["kb", "review", row["id"]],
        ["kb", "add", str(good), "--agency", "nowhere"],
        ["kb", "add", str(good), "--agency", "north", "--shared"],
    ):
        assert call(wrong) == 2
        assert "Traceback" not in capfd.readouterr().err


def test_another_agency_sees_nothing(office: Database, embedder: Embedder, tmp_path: Path) -> None:
    files = written(tmp_path, a_txt="ข้อความของหน่วยงานเหนือ")
    (mine,) = shelf(office, embedder, "north").add(files).added
    (theirs,) = shelf(office, embedder, "south").add(files).added
    assert mine.source != theirs.source
    assert len(shelf(office, embedder).add(files).added) == 1
    north, south = Actor("u1", "north", "supervisor"), Actor("u2", "south", "supervisor")
    for actor, own in ((north, mine.source), (south, theirs.source)):
        assert own in {s.id for s in sources.visible(office, actor)}
        with office.session(actor) as session:
            for table in TABLES:
                name = "id" if table == "kb_sources" else "source_id"
                held = session.scalars(text(f"SELECT {name} FROM {table}")).all()  # noqa: S608
                assert len(held) == 2
                assert own in held
    with office.session() as session:
        assert session.scalar(text("SELECT count(*) FROM kb_passages")) == 1
    with pytest.raises(sources.SourceUnknown):
        sources.review(office, theirs.source, accept=True, by="x", agency="north")
    with pytest.raises(sources.SourceUnknown):
        sources.remove(office, theirs.source)
    assert (
        sources.review(office, mine.source, accept=False, by="x", agency="north").review
        == "rejected"
    )


def test_the_application_only_reads(office: Database, embedder: Embedder, tmp_path: Path) -> None:
    shelf(office, embedder, "north").add(written(tmp_path, a_txt="ข้อความ"))
    for table in TABLES:
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET agency_id = NULL"):  # noqa: S608
            with (
                pytest.raises(DatabaseError, match="permission denied"),
                office.session(Actor("u", "north", "supervisor")) as session,
            ):
                session.execute(text(statement))


def test_a_shared_passage_of_a_private_source_is_refused(
    office: Database, embedder: Embedder, tmp_path: Path
) -> None:
    (mine,) = shelf(office, embedder, "north").add(written(tmp_path, a_txt="ข้อความ")).added
    leak = [Passage("บริบท", "ความลับ")]
    with pytest.raises(DatabaseError), Session(office.owner_engine) as session:
        source_repository.put_passages(session, mine.source, None, leak)
    vectors = np.zeros((1, 384), np.float32)
    with pytest.raises(DatabaseError), Session(office.owner_engine) as session:
        source_repository.put_chunks(session, mine.source, None, "m", [(0, 1)], vectors)
