"""Documents of a case: kept in versions, drafted from the case. See also `document_custody`."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal

from sqlalchemy.orm import Session

from cases import document_rows as rows
from cases import repository
from cases.document_files import ROWS, DocumentFiles, as_file, sha256_of
from cases.errors import PaperNotYours, PaperOfOther
from cases.paper_drafts import PaperDrafts
from cases.papers import Paper
from cases.people import RECEIVING_ROLES, Person
from cases.rows import Row
from knowledge_base.documents import Document
from runtime.database import Database
from runtime.errors import Forbidden
from runtime.file_kinds import DOCX, PDF, FileKind, sniffed
from runtime.virus_scan import Scanner

NAME_LIMIT = 200


class Documents:
    """The documents of one database and data folder."""

    def __init__(
        self,
        database: Database,
        files: DocumentFiles,
        drafts: PaperDrafts,
        scanner: Scanner,
        limit_mb: float,
    ) -> None:
        self._database = database
        self._files = files
        self._drafts = drafts
        self._papers = drafts.papers
        self._scanner = scanner
        self._limit_mb = limit_mb

    def upload(
        self,
        person: Person,
        case_id: str,
        type_id: str,
        content: BinaryIO,
        file_name: str,
        *,
        document_id: str | None = None,
    ) -> dict[str, Any]:
        """Keep a file as a new document, or as the next version of ``document_id``.

        Raises `Forbidden`, `CaseUnseen`, `PaperUnknown`, `PaperOfOther`, `DocumentUnseen`,
        `DocumentSigned`, what `sniffed` or the scanner raises.
        """
        if person.role not in RECEIVING_ROLES:
            raise Forbidden
        paper, document = self._papers.paper(type_id)
        if person.role in paper.hidden_from:
            raise PaperNotYours(title=document.name_th)
        with self._database.session(person.actor) as session:
            rows.reached(session, case_id)
            rows.of_kind(session, case_id, document_id, type_id)
        kind = sniffed(content, self._limit_mb)
        scan = self._scanner.scan(content)
        new = _version(person, case_id, content, kind, _plain(file_name)) | {
            "origin": "uploaded",
            "scan": scan,
        }
        return self._kept(person, new, (paper, document), content, document_id)

    def draft(
        self,
        person: Person,
        case_id: str,
        type_id: str,
        form: Literal["pdf", "docx"],
        *,
        letter: str | None = None,
        card: str | None = None,
        words: dict[str, str] | None = None,
        document_id: str | None = None,
    ) -> dict[str, Any]:
        """Draft a form or letter from the case and keep it; persons' places stay blank.

        ``words`` fill places of a letter. Raises `PaperNotYours` where the role may neither sign
        nor prepare the kind, and what `upload` raises.
        """
        paper, document = self._papers.paper(type_id)
        if not paper.may_draft(person.role):
            raise PaperNotYours(title=document.name_th)
        with self._database.session(person.actor) as session:
            rows.reached(session, case_id)
            rows.of_kind(session, case_id, document_id, type_id)
        if letter and self._papers.letter(letter).document != type_id:
            raise PaperOfOther(title=document.name_th)
        made, title = self._drafts.made(
            person, case_id, type_id, form, letter=letter, card=card, words=words or {}
        )
        content, kind = as_file(made), PDF if form == "pdf" else DOCX
        new = _version(person, case_id, content, kind, f"{title}{kind.ending}") | {
            "origin": "drafted",
            "scan": "clean",
        }
        return self._kept(person, new, (paper, document), content, document_id, title=title)

    def listed(self, person: Person, case_id: str) -> list[dict[str, Any]]:
        """The documents of a case this person may see, with versions and custody."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            found = ROWS.rows(session, "documents_of_case", case_id=case_id)
            versions, custody = (
                rows.by_document(ROWS.rows(session, name, case_id=case_id))
                for name in ("all_versions", "all_custody")
            )
        return [
            rows.told(row, versions.get(row["id"], []), custody.get(row["id"], [])) for row in found
        ]

    def read(self, person: Person, document_id: str) -> dict[str, Any]:
        """A document with its versions and custody; raises `DocumentUnseen`."""
        with self._database.session(person.actor) as session:
            return rows.shown(session, rows.seen(session, "get_document", document_id))

    def damaged(self, session: Session, case_id: str) -> Iterator[str]:
        """Ids of the versions whose bytes are not what was kept; erased ones are none."""
        for version in ROWS.rows(session, "document_versions_of_case", case_id=case_id):
            if not self._files.holds(version):
                yield str(version["id"])

    def bytes_of(self, session: Session, case_id: str) -> Iterator[tuple[Row, bytes | None]]:
        """Every version of a case with its bytes."""
        for version in ROWS.rows(session, "document_versions_of_case", case_id=case_id):
            yield version, self._files.content(version)

    def _kept(
        self,
        person: Person,
        new: Row,
        kind: tuple[Paper, Document],
        content: BinaryIO,
        document_id: str | None,
        title: str | None = None,
    ) -> dict[str, Any]:
        salt = secrets.token_bytes(32)
        self._files.put(new | {"salt": salt}, content)
        with self._database.session(person.actor) as session:
            rows.reached(session, new["case_id"])
            document = self._document(session, person, new, kind, document_id, title)
            version = new | {"document_id": document["id"]}
            rows.ruled(session, "add_document_version", **version)
            key = {"version_id": new["id"], "case_id": new["case_id"], "salt": salt}
            ROWS.run(session, "add_document_key", **key)
            self._files.keep(session, new)
            rows.note(session, person, version | document | {"id": new["id"]}, "made", new["id"])
            return rows.shown(session, rows.seen(session, "get_document", document["id"]))

    def _document(
        self,
        session: Session,
        person: Person,
        new: Row,
        kind: tuple[Paper, Document],
        document_id: str | None,
        title: str | None,
    ) -> Row:
        if document_id:
            found = rows.of_kind(session, new["case_id"], document_id, kind[1].id)
            ROWS.run(session, "lock_document", id=document_id)
            return {"id": found["id"], "type_id": found["type_id"]}
        paper, document = kind
        row = {
            "id": repository.new_id(),
            "case_id": new["case_id"],
            "type_id": document.id,
            "title": title or document.name_th,
            "hidden_from": list(paper.hidden_from),
            "created_by": person.id,
        }
        ROWS.run(session, "add_document", **row)
        return {"id": row["id"], "type_id": document.id}


def _version(
    person: Person, case_id: str, content: BinaryIO, kind: FileKind, file_name: str
) -> Row:
    digest, size = sha256_of(content)
    return {
        "id": repository.new_id(),
        "case_id": case_id,
        "file_name": file_name,
        "media_type": kind.media_type,
        "size_bytes": size,
        "sha256": digest,
        "created_by": person.id,
    }


def _plain(file_name: str) -> str:
    return Path(file_name.replace("\0", "").replace("\\", "/")).name[:NAME_LIMIT] or "-"
