"""Cases from and to neighbouring systems, so that nobody types a case twice.

Each row becomes a case of its own transaction with where it came from; a row that cannot is
refused in one sentence and stops no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import audit, entries, repository
from cases.canonical import content_hash
from cases.decided_codes import decided_coding
from cases.errors import CaseUnseen
from cases.exchange_errors import ColumnsAbsent, ImportedBefore, ValueAbsent
from cases.exchange_files import Form, Row, file_of, moment_of, rows_of
from cases.exchange_profiles import Profile, answer_of, profile_of, word_for
from cases.intake import CaseFiles
from cases.people import CASE_ROLES, Person
from cases.rows import Rows
from knowledge_base.library import Library
from runtime.clock import BANGKOK
from runtime.database import Database
from runtime.errors import BadInput, Forbidden
from runtime.messages import sentence

ROWS = Rows("exchange")


class Exchange:
    """Imports and exports over one database."""

    def __init__(
        self, database: Database, library: Library, files: CaseFiles, limit_mb: float
    ) -> None:
        self._database = database
        self._library = library
        self._files = files
        self._limit_mb = limit_mb

    def take_in(self, person: Person, profile_id: str, content: bytes) -> dict[str, Any]:
        """``{imported, refused}`` of a file's rows. Raises `ProfileUnknown`, `Forbidden`,
        `ExchangeUnreadable`, `ExchangeTooLarge` or `ColumnsAbsent`; a row's fault is in the report.
        """
        if person.role not in CASE_ROLES:
            raise Forbidden
        profile = profile_of(profile_id)
        rows = rows_of(content, self._limit_mb)
        present = set().union(*rows)
        absent = [c for c in profile.incoming.required if c not in present]
        if absent:
            raise ColumnsAbsent(columns=", ".join(absent))
        file_sha256 = hashlib.sha256(content).hexdigest()
        imported: list[dict[str, Any]] = []
        refused: list[dict[str, Any]] = []
        for number, row in enumerate(rows, 1):
            given = {"row": number, "external_id": row.get(profile.incoming.external_id, "")}
            try:
                case_id = self._opened(person, profile, row, number, file_sha256)
                imported.append(given | {"case_id": case_id})
            except BadInput as error:
                said = {"message_th": error.say("th"), "message_en": error.say("en")}
                refused.append(given | {"code": error.code} | said)
        return {"profile": profile.id, "imported": imported, "refused": refused}

    def give_out(self, person: Person, profile_id: str, called: str, form: Form) -> bytes:
        """A case, by id or number, in a neighbour's columns; audited. Raises `CaseUnseen`."""
        profile = profile_of(profile_id)
        if person.role not in CASE_ROLES:
            raise Forbidden
        with self._database.session(person.actor) as session:
            case_id = ROWS.scalar(session, "case_by_number", called=called)
            if case_id is None:
                raise CaseUnseen
            values = self._values(session, person, profile, str(case_id))
            detail = {"profile": profile.id, "form": form}
            audit.record(session, str(case_id), person.id, "case_given", str(case_id), detail)
        row = {column: values.get(name, "") for column, name in profile.outgoing.items()}
        return file_of([row], form)

    def sources(self, person: Person, case_id: str) -> list[Row]:
        """Where a case came from; empty for one opened here."""
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            return ROWS.rows(session, "imports_of_case", case_id=case_id)

    def _opened(
        self, person: Person, profile: Profile, row: Row, number: int, file_sha256: str
    ) -> str:
        columns = profile.incoming
        _unless_absent(row, columns.required)
        external_id = row[columns.external_id]
        mark = {"agency_id": person.agency_id, "profile": profile.id, "external_id": external_id}
        self._refuse_known(person, mark)
        received = row.get(columns.received)
        provenance = mark | {
            "row_number": number,
            "row_sha256": content_hash(row),
            "file_sha256": file_sha256,
            "imported_by": person.id,
        }
        registration = _registration(profile, row)

        def keep(session: Session, case_id: str) -> None:
            ROWS.run(session, "add_import", id=repository.new_id(), case_id=case_id, **provenance)
            told = {"profile": profile.id}
            audit.record(session, case_id, person.id, "case_imported", case_id, told)
            if registration:
                entries.keep(session, person, case_id, "registration", registration)

        try:
            return self._files.open(
                person,
                _story(profile, row),
                title=row.get(columns.title, "")[:120] or None,
                source=sentence(
                    "exchange.source", "th", name=profile.name_th, external_id=external_id
                ),
                received_at=moment_of(received, columns.received) if received else None,
                together=keep,
            )
        except IntegrityError:
            self._refuse_known(person, mark)
            raise

    def _refuse_known(self, person: Person, mark: Mapping[str, str]) -> None:
        with self._database.session(person.actor) as session:
            known = ROWS.scalar(session, "imported_before", **mark)
        if known:
            raise ImportedBefore(number=known)

    def _values(
        self, session: Session, person: Person, profile: Profile, case_id: str
    ) -> dict[str, str]:
        case = repository.seen_case(session, case_id)
        if case["agency_id"] != person.agency_id:
            raise Forbidden
        story = repository.seen(session, "newest_narrative", case_id=case_id)
        coding = decided_coding(session, case_id, self._library)
        came = ROWS.first(session, "import_of_case", case_id=case_id, profile=profile.id)
        registered = ROWS.scalar(session, "registration_of_case", case_id=case_id) or {}
        children = registered.get("has_children")
        urgency = self._library.codebook.urgency_levels.get(case["urgency"])
        return {
            "external_id": came["external_id"] if came else case["number"],
            "number": case["number"],
            "title": case["title"],
            "received": case["received_at"].astimezone(BANGKOK).isoformat(),
            "story": story["text"],
            "problems": ", ".join(c.label_th for c in coding.codes),
            "urgency": urgency.th if urgency else case["urgency"],
            "agency": person.agency_th,
            "children": "" if children is None else word_for(children),
        }


def _registration(profile: Profile, row: Row) -> dict[str, str | bool] | None:
    """What registers an imported case; None where a person must say more."""
    columns = profile.incoming
    known = dict(columns.registration)
    if columns.children:
        answer = answer_of(row.get(columns.children, ""))
        if answer is None:
            return None
        known["has_children"] = answer
    kind = columns.case_types.get(row.get(columns.title, ""))
    return known | ({"case_type": kind} if kind else {})


def _unless_absent(row: Row, required: Iterable[str]) -> None:
    """Raises `ValueAbsent` for the first column that must be filled and is not."""
    for column in required:
        if not row.get(column):
            raise ValueAbsent(column=column)


def _story(profile: Profile, row: Row) -> str:
    more = [f"{column}: {row[column]}" for column in profile.incoming.more if row.get(column)]
    return "\n".join([row[profile.incoming.story], *more])
