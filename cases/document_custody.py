"""In whose hands a document was: read, sent, received, refused, signed or withdrawn, by whom."""

from __future__ import annotations

from typing import Any, BinaryIO, Literal

from cases import document_rows as rows
from cases.document_files import ROWS, DocumentFiles
from cases.errors import CardNeeded, PaperNotYours, ReasonNeeded
from cases.papers import Papers
from cases.people import RECEIVING_ROLES, Person
from cases.rows import Row
from runtime.database import Database
from runtime.errors import Forbidden

ONE_READING_MIN = 30
Act = Literal["sent", "received", "refused", "signed", "withdrawn"]


class Custody:
    """What is done with the documents of one database."""

    def __init__(self, database: Database, files: DocumentFiles, papers: Papers) -> None:
        self._database = database
        self._files = files
        self._papers = papers

    def content(self, person: Person, version_id: str) -> tuple[Row, BinaryIO]:
        """A version and its bytes, to be closed. The reading is audited and part of custody.

        Raises `DocumentUnseen` or `SealBroken`.
        """
        with self._database.session(person.actor) as session:
            version = rows.seen(session, "get_document_version", version_id)
            lately = {"version_id": version_id, "who": person.id, "minutes": ONE_READING_MIN}
            if not ROWS.scalar(session, "read_lately", **lately):
                rows.note(session, person, version, "read", version_id=version_id)
        return version, self._files.open(version)

    def act(
        self,
        person: Person,
        version_id: str,
        act: Act,
        *,
        party: str | None = None,
        note: str | None = None,
        card: str | None = None,
    ) -> dict[str, Any]:
        """Send, receive, refuse, sign or withdraw a version; its custody says who and when.

        Only the newest version is signed. Raises `ReasonNeeded`, `PaperNotYours`, `CardNeeded`,
        `DocumentSuperseded`, `DocumentWithdrawn`, `DocumentTheirs`, or, from a rule of the database
        that regards every approval, `DocumentUnapproved` while one asked for is not given.
        """
        if person.role not in RECEIVING_ROLES:
            raise Forbidden
        with self._database.session(person.actor) as session:
            version = rows.seen(session, "get_document_version", version_id)
            rows.reached(session, version["case_id"])
            ROWS.run(session, "lock_document", id=version["document_id"])
            if (act == "sent" and not party) or (act in ("refused", "withdrawn") and not note):
                raise ReasonNeeded
            if act == "withdrawn":
                rows.changeable(rows.seen(session, "get_document", version["document_id"]))
            if act == "signed":
                self._may_sign(person, version, card)
                rows.newest(session, version)
            rows.note(session, person, version, act, version_id, party=party, words=note)
            return rows.shown(session, rows.seen(session, "get_document", version["document_id"]))

    def _may_sign(self, person: Person, version: Row, card: str | None) -> None:
        paper, document = self._papers.paper(version["type_id"])
        if person.role not in paper.sign:
            raise PaperNotYours(title=document.name_th)
        if not paper.may_sign(person.role, card):
            raise CardNeeded(title=document.name_th)
