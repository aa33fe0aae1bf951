"""Documents: kept in versions, drafted, scanned, handed on; never lost and never left lying."""

from __future__ import annotations

import io
import socket
import struct
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Word
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import audit, seals
from cases.document_files import ROWS
from cases.documents import Documents
from cases.errors import (
    CardNeeded,
    CaseUnseen,
    DocumentHeld,
    DocumentSigned,
    DocumentSuperseded,
    DocumentUnseen,
    DocumentWithdrawn,
    PaperNotYours,
    PaperOfOther,
    PaperUnknown,
    ReasonNeeded,
)
from cases.integrity import verify_case
from cases.paper_drafts import PaperDrafts
from cases.people import Person
from runtime.errors import Forbidden
from runtime.file_kinds import FileActive, FileRefused, FileTooLarge
from runtime.sealed_files import SealBroken
from runtime.virus_scan import Scanner, ScannerAbsent, VirusFound
from tests.integration.record import Record, approved_case

PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 20


@pytest.fixture(scope="module")
def case_id(record: Record, owner: Person) -> str:
    """A case with an approved plan."""
    return approved_case(record, owner)


def uploaded(record: Record, person: Person, case_id: str, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"type_id": "doc:13", "content": io.BytesIO(PNG)} | more
    return record.services.documents.upload(
        person, case_id, given.pop("type_id"), given.pop("content"), "../ใบแจ้งความ.png", **given
    )


def read(record: Record, person: Person, version_id: str) -> bytes:
    _, file = record.services.custody.content(person, version_id)
    with file:
        return file.read()


def test_a_file_is_kept_sealed_in_versions_and_every_reading_is_custody(
    record: Record, owner: Person, colleague: Person, case_id: str
) -> None:
    first = uploaded(record, owner, case_id)
    again = uploaded(
        record, colleague, case_id, content=io.BytesIO(PNG + b"2"), document_id=first["id"]
    )
    assert [v["number"] for v in again["versions"]] == [1, 2]
    assert {v["file_name"] for v in again["versions"]} == {"ใบแจ้งความ.png"}
    newest = again["versions"][1]
    assert read(record, owner, newest["id"]) == PNG + b"2"
    read(record, owner, newest["id"])
    custody = record.services.documents.read(owner, first["id"])["custody"]
    assert [(c["act"], c["by_name"]) for c in custody] == [
        ("made", owner.name),
        ("made", colleague.name),
        ("read", owner.name),
    ]
    stored = record.wiring.document_files.path(newest["id"]).read_bytes()
    assert b"picture" not in stored


def test_custody_says_who_sent_to_whom_and_what_was_signed_stands(
    record: Record, owner: Person, case_id: str
) -> None:
    documents = record.services.documents
    made = documents.draft(owner, case_id, "doc:6", "pdf", card="พม. 123/2569")
    version = made["versions"][0]["id"]
    with pytest.raises(ReasonNeeded):
        record.services.custody.act(owner, version, "sent")
    record.services.custody.act(owner, version, "sent", party="prosecutor")
    record.services.custody.act(owner, version, "received", party="prosecutor", note="รับแล้ว")
    with pytest.raises(CardNeeded):
        record.services.custody.act(owner, version, "signed")
    signed = record.services.custody.act(owner, version, "signed", card="พม. 123/2569")
    assert signed["state"] == "signed"
    assert [c["act"] for c in signed["custody"]] == ["made", "sent", "received", "signed"]
    with pytest.raises(DocumentSigned):
        documents.draft(owner, case_id, "doc:6", "pdf", document_id=made["id"])


def test_a_withdrawn_document_stays_and_goes_nowhere(
    record: Record, owner: Person, case_id: str
) -> None:
    act = record.services.custody.act
    version = uploaded(record, owner, case_id)["versions"][0]["id"]
    assert act(owner, version, "withdrawn", note="แนบผิดเคส")["state"] == "withdrawn"
    with pytest.raises(DocumentWithdrawn):
        act(owner, version, "sent", party="prosecutor")
    assert read(record, owner, version) == PNG


def test_nobody_signs_or_drafts_beyond_their_role(
    record: Record, owner: Person, case_id: str
) -> None:
    documents = record.services.documents
    for kind in ("doc:13", "doc:16"):  # the police's and the court's own
        with pytest.raises(PaperNotYours):
            documents.draft(owner, case_id, kind, "pdf")
    order = documents.draft(owner, case_id, "doc:14", "pdf", card="1")["versions"][0]["id"]
    with pytest.raises(PaperNotYours):
        record.services.custody.act(owner, order, "signed", card="1")
    words = pdf_text(read(record, owner, order))
    assert owner.name not in words.split("ลงชื่อ")[-1]
    auditor = record.person("auditor")
    with pytest.raises(Forbidden):
        uploaded(record, auditor, case_id)
    with pytest.raises(PaperUnknown):
        documents.draft(owner, case_id, "doc:99", "pdf")


def test_a_role_from_whom_a_kind_is_hidden_sees_none_of_it(
    record: Record, owner: Person, case_id: str
) -> None:
    made = record.services.documents.draft(owner, case_id, "doc:8", "docx", card="1")
    centre = owner.model_copy(update={"role": "coordination_centre_subdistrict"})
    documents = record.services.documents
    with pytest.raises(DocumentUnseen):
        documents.read(centre, made["id"])
    with pytest.raises(DocumentUnseen):
        record.services.custody.content(centre, made["versions"][0]["id"])
    assert made["id"] not in {d["id"] for d in documents.listed(centre, case_id)}
    with pytest.raises(PaperNotYours):
        documents.upload(centre, case_id, "doc:8", io.BytesIO(PNG), "x.png")
    stranger = record.person("malee.bpd")
    with pytest.raises(CaseUnseen):
        documents.listed(stranger, case_id)
    with pytest.raises(DocumentUnseen):
        documents.read(stranger, made["id"])


def test_a_document_stays_of_its_kind(record: Record, owner: Person, case_id: str) -> None:
    """What a role may do is asked of the kind that is made, not of another that was named."""
    documents = record.services.documents
    made = uploaded(record, owner, case_id)
    for attempt in (
        lambda: documents.draft(owner, case_id, "doc:1", "docx", document_id=made["id"]),
        lambda: documents.draft(owner, case_id, "doc:1", "docx", letter="closure-letter"),
        lambda: uploaded(record, owner, case_id, type_id="doc:2", document_id=made["id"]),
    ):
        with pytest.raises(PaperOfOther):
            attempt()
    assert len(documents.read(owner, made["id"])["versions"]) == 1


def test_signing_waits_for_a_version_under_way_and_then_is_of_an_older_one(
    record: Record, owner: Person
) -> None:
    documents = record.services.documents
    made = documents.draft(owner, record.opened(owner), "doc:1", "docx")
    version = made["versions"][0]
    copied = (
        "INSERT INTO document_versions (id, case_id, document_id, number, origin, file_name,"
        " media_type, size_bytes, sha256, scan, created_by) SELECT id || 'b', case_id,"
        " document_id, 2, origin, file_name, media_type, size_bytes, sha256, scan, created_by"
        " FROM document_versions WHERE id = :v"
    )
    with ThreadPoolExecutor(1) as pool:
        with record.database.session(owner.actor) as session:
            ROWS.run(session, "lock_document", id=made["id"])
            signing = pool.submit(record.services.custody.act, owner, version["id"], "signed")
            with pytest.raises(TimeoutError):
                signing.result(timeout=0.5)
            session.execute(text(copied), {"v": version["id"]})
        with pytest.raises(DocumentSuperseded):
            signing.result(timeout=5)


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def word_text(content: bytes) -> str:
    return "\n".join(p.text for p in Word(io.BytesIO(content)).paragraphs)


def test_every_kind_that_may_be_drafted_is_drafted_with_blanks_for_persons(
    record: Record, owner: Person, case_id: str
) -> None:
    drafts = PaperDrafts(record.database, record.wiring.library)
    made = 0
    for type_id, paper in drafts.papers.papers.items():
        if not paper.may_draft(owner.role):
            continue
        content, title = drafts.made(
            owner, case_id, type_id, "docx", letter=None, card=None, words={}
        )
        words = word_text(content)
        assert title in words
        assert "........" in words
        made += 1
    assert made == 17


def test_what_was_approved_is_filled_in_and_what_was_struck_is_not(
    record: Record, owner: Person, case_id: str
) -> None:
    made = record.services.documents.draft(owner, case_id, "doc:1", "docx")
    words = word_text(read(record, owner, made["versions"][0]["id"]))
    assert "คุณนวลจันทร์เล่าว่าสามี" in words  # the story, word for word
    assert owner.name in words
    plan = record.services.documents.draft(owner, case_id, "doc:17", "docx")
    assert "ข้อความที่แก้แล้ว" in word_text(read(record, owner, plan["versions"][0]["id"]))


@pytest.mark.parametrize(
    ("type_id", "letter"),
    [("doc:3", "referral-letter"), ("doc:17", "minutes"), ("doc:19", "closure-letter")],
)
def test_letters_are_filled_and_their_open_places_dotted(
    record: Record, owner: Person, case_id: str, type_id: str, letter: str
) -> None:
    made = record.services.documents.draft(
        owner, case_id, type_id, "docx", letter=letter, words={"recipient": "ผู้อำนวยการ"}
    )
    words = word_text(read(record, owner, made["versions"][0]["id"]))
    assert "{" not in words
    assert "....." in words
    assert letter == "minutes" or "ผู้อำนวยการ" in words


def test_a_place_the_case_leaves_open_takes_the_words_of_whoever_drafts(
    record: Record, owner: Person, case_id: str
) -> None:
    """Also where the approved plan says nothing; what the case says is not written over."""
    given = {"actions": "พยาบาลเยี่ยมบ้าน", "number": "999/2569", "card": "1"}
    made = record.services.documents.draft(
        owner, case_id, "doc:17", "docx", letter="minutes", words=given
    )
    words = word_text(read(record, owner, made["versions"][0]["id"]))
    assert "งานที่มอบหมาย พยาบาลเยี่ยมบ้าน" in words
    assert "999/2569" not in words
    report = record.services.documents.draft(owner, case_id, "doc:8", "docx", card="1")
    told = word_text(read(record, owner, report["versions"][0]["id"]))
    secret = record.services.checklist._papers.papers["doc:8"].confidential_th
    assert told.count(secret) == 2  # in its field, and among the notes


def test_a_pdf_embeds_its_thai_font(record: Record, owner: Person, case_id: str) -> None:
    made = record.services.documents.draft(owner, case_id, "doc:1", "pdf")
    reader = PdfReader(io.BytesIO(read(record, owner, made["versions"][0]["id"])))
    fonts = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    names = {str(f.get_object()["/BaseFont"]) for f in fonts.values()}
    assert any("Sarabun" in name for name in names)
    assert len(reader.pages) >= 1


def zipped(*names: str) -> io.BytesIO:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return kept


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (io.BytesIO(b"MZ\x90\x00program"), FileRefused),
        (io.BytesIO(b""), FileRefused),
        (zipped("a.txt"), FileRefused),
        (
            zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            FileActive,
        ),
        (io.BytesIO(b"%PDF-1.7 /OpenAction /JavaScript (x)"), FileActive),
        (io.BytesIO(b"\xff\xd8\xff" + b"0" * 25_000_001), FileTooLarge),
    ],
)
def test_what_is_no_document_is_refused(
    record: Record, owner: Person, case_id: str, content: io.BytesIO, error: type[Exception]
) -> None:
    with pytest.raises(error):
        uploaded(record, owner, case_id, content=content)


@contextmanager
def clamd(answer: bytes) -> Iterator[str]:
    """A daemon that speaks the scanner's protocol and always says ``answer``."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def serve() -> None:
            while True:
                try:
                    link, _ = listening.accept()
                except OSError:
                    return
                with link:
                    command = link.recv(10)
                    if command == b"zPING\0":
                        link.sendall(b"PONG\0")
                        continue
                    while size := struct.unpack("!I", link.recv(4, socket.MSG_WAITALL))[0]:
                        link.recv(size, socket.MSG_WAITALL)
                    link.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def scanned_by(record: Record, address: str) -> Documents:
    wiring = record.wiring
    drafts = PaperDrafts(record.database, wiring.library)
    return Documents(record.database, wiring.document_files, drafts, Scanner(address), 25)


def test_a_scanner_that_is_set_decides(record: Record, owner: Person, case_id: str) -> None:
    with clamd(b"stream: OK\0") as address:
        Scanner(address).ping()
        kept = scanned_by(record, address).upload(
            owner, case_id, "doc:13", io.BytesIO(PNG), "a.png"
        )
        assert kept["versions"][0]["scan"] == "clean"
    with clamd(b"stream: Test-Signature FOUND\0") as address, pytest.raises(VirusFound) as found:
        scanned_by(record, address).upload(owner, case_id, "doc:13", io.BytesIO(PNG), "a.png")
    assert found.value.details == {"name": "Test-Signature"}


def test_a_scanner_that_is_set_and_absent_refuses_every_file(
    record: Record, owner: Person, case_id: str, tmp_path: Path
) -> None:
    for address in ("127.0.0.1:1", str(tmp_path / "no.socket")):
        with pytest.raises(ScannerAbsent):
            scanned_by(record, address).upload(owner, case_id, "doc:13", io.BytesIO(PNG), "a.png")
        with pytest.raises(ScannerAbsent):
            Scanner(address).ping()
    with clamd(b"INSTREAM size limit exceeded. ERROR\0") as address, pytest.raises(ScannerAbsent):
        scanned_by(record, address).upload(owner, case_id, "doc:13", io.BytesIO(PNG), "a.png")
    assert Scanner(None).scan(io.BytesIO(b"x")) == "not_scanned"


def damage(record: Record, case_id: str) -> list[Any]:
    with Session(record.database.owner_engine) as session:
        return verify_case(session, case_id, record.services.documents)


def test_every_changed_byte_of_a_document_is_found(
    record: Record, owner: Person, case_id: str
) -> None:
    version = uploaded(record, owner, case_id)["versions"][0]
    path = record.wiring.document_files.path(version["id"])
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with Session(record.database.owner_engine) as session:
            assert list(record.services.documents.damaged(session, case_id)) == [version["id"]]
    path.write_bytes(whole[:-1])
    assert [d.kind for d in damage(record, case_id)] == ["document"]
    path.unlink()
    assert [d.subject for d in damage(record, case_id)] == [version["id"]]
    path.write_bytes(whole)
    assert damage(record, case_id) == []


def test_an_acknowledged_document_never_disappears_without_a_tombstone(
    record: Record, owner: Person, case_id: str
) -> None:
    made = uploaded(record, owner, case_id)
    version = made["versions"][0]["id"]
    record.services.custody.act(owner, version, "received")
    for statement in (
        "DELETE FROM documents WHERE id = :d",
        "DELETE FROM document_versions WHERE document_id = :d",
        "DELETE FROM document_custody WHERE document_id = :d",
    ):
        with pytest.raises(IntegrityError, match="tombstone"):
            record.owner(statement, d=made["id"])
    with Session(record.database.owner_engine) as session:
        for relation, key in (("documents", made["id"]), ("document_versions", version)):
            seals.bury(session, case_id, relation, key, "officer", "คำสั่งตามกฎหมาย")
        for (key,) in session.execute(
            text("SELECT id FROM document_custody WHERE document_id = :d"), {"d": made["id"]}
        ):
            seals.bury(session, case_id, "document_custody", key, "officer", "คำสั่งตามกฎหมาย")
        session.execute(text("DELETE FROM documents WHERE id = :d"), {"d": made["id"]})
        audit.record(session, case_id, "officer", "erased", made["id"])
        session.commit()
    assert damage(record, case_id) == []


def test_an_erased_document_leaves_a_tombstone_and_no_byte(
    record: Record, owner: Person, colleague: Person
) -> None:
    case_id, erasing = record.opened(owner), record.services.document_erasure
    made = uploaded(record, owner, case_id)
    more = uploaded(record, owner, case_id, content=io.BytesIO(PNG), document_id=made["id"])
    paths = [record.wiring.document_files.path(v["id"]) for v in more["versions"]]
    read(record, owner, more["versions"][0]["id"])
    why = "คำสั่งศาลให้ลบเอกสาร"
    with pytest.raises(Forbidden):
        erasing.erase(owner, made["id"], why)
    with pytest.raises(ReasonNeeded):
        erasing.erase(colleague, made["id"], "ลบ")
    record.wiring.people.retention.hold(colleague, case_id, "อยู่ระหว่างคดี")
    with pytest.raises(DocumentHeld):
        erasing.erase(colleague, made["id"], why)
    assert all(path.exists() for path in paths)
    record.wiring.people.retention.lift(colleague, case_id)
    report = erasing.erase(colleague, made["id"], why)
    assert (report["versions"], report["tombstones"]) == (2, 6)
    assert not any(path.exists() for path in paths)
    with pytest.raises(DocumentUnseen):
        erasing.erase(colleague, made["id"], why)
    assert record.services.documents.listed(owner, case_id) == []
    assert damage(record, case_id) == []
    trail = record.services.integrity.trail(owner, case_id)["events"]
    (erased,) = [e for e in trail if e["action"] == "document_erased"]
    assert erased["detail"]["reason"] == why
    kept = "SELECT count(*) AS n FROM document_keys WHERE case_id = :c"
    assert record.owner(kept, c=case_id)[0].n == 0


def test_a_destroyed_salt_destroys_the_content(record: Record, owner: Person, case_id: str) -> None:
    version = uploaded(record, owner, case_id)["versions"][0]["id"]
    (row,) = record.owner("SELECT salt FROM document_keys WHERE version_id = :v", v=version)
    record.owner("DELETE FROM document_keys WHERE version_id = :v", v=version)
    with pytest.raises(SealBroken):
        read(record, owner, version)
    record.owner("INSERT INTO document_keys VALUES (:v, :c, :s)", v=version, c=case_id, s=row.salt)


def test_a_file_whose_document_never_came_is_swept_away(
    record: Record, owner: Person, case_id: str
) -> None:
    files = record.wiring.document_files
    kept = uploaded(record, owner, case_id)["versions"][0]["id"]
    files.put({"id": "killed-before-its-row", "salt": b"s" * 32}, io.BytesIO(PNG))
    orphan = files.path("killed-before-its-row")
    assert orphan.exists()
    assert files.sweep() == 0  # too young: its row may still come
    assert files.sweep(minutes=0) >= 1
    assert not orphan.exists()
    assert read(record, owner, kept) == PNG


def test_the_checklist_names_what_each_step_asks_for(record: Record, owner: Person) -> None:
    case_id = record.opened(owner)
    before = record.services.checklist.read(owner, case_id)
    assert [s["step"] for s in before] == list(range(1, 10))
    assert {i["type_id"] for s in before for i in s["items"]} == {f"doc:{n}" for n in range(1, 20)}
    record.services.documents.draft(owner, case_id, "doc:1", "docx")
    after = record.services.checklist.read(owner, case_id)
    states = {i["type_id"]: i["state"] for i in after[0]["items"]}
    assert (states["doc:1"], states["doc:2"]) == ("open", "absent")
    kinds = record.services.checklist.kinds(owner)
    assert len(kinds) == 19
    assert next(k for k in kinds if k["type_id"] == "doc:6")["card_needed"]


def test_the_data_of_papers_names_fields_that_exist(record: Record) -> None:
    papers = record.services.checklist._papers
    assert set(papers.papers) == set(papers.documents)
    for type_id, paper in papers.papers.items():
        assert set(paper.fills) <= set(range(1, len(papers.documents[type_id].fields_th) + 1))
