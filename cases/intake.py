"""Opening a case from a narrative, reading cases, and the worker's word on the codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cases import audit, flags, repository, story_parts
from cases.errors import CodeUnknown, ReceivedWhen
from cases.heads import head
from cases.hearing import Hearing, Told, keep, unconfirmed, with_recordings
from cases.opening import OpeningKey, asked
from cases.people import CASE_ROLES, Person
from cases.persons import Persons
from cases.ports import Coder, Embedder
from cases.search_words import one_line, story_words
from intake.narrative import accept
from knowledge_base.library import Library
from runtime.clock import BANGKOK, now, today
from runtime.database import Database
from runtime.errors import Forbidden
from runtime.thai_dates import buddhist_year

EARLIEST = datetime(1957, 1, 1, tzinfo=UTC)


class CaseFiles:
    """Cases of one database, opened with one coder."""

    def __init__(
        self,
        database: Database,
        library: Library,
        coder: Coder,
        embedder: Embedder | None,
        persons: Persons | None = None,
    ) -> None:
        self._database = database
        self._library = library
        self.hearing = Hearing(coder, embedder, people=persons is not None)
        self._persons = persons

    def open(
        self,
        person: Person,
        text: str,
        *,
        title: str | None = None,
        source: str = "",
        received_at: datetime | None = None,
        recording_ids: Sequence[str] = (),
        key: str | None = None,
        together: Callable[[Session, str], None] | None = None,
    ) -> str:
        """A new case's id, or that of the case opened before under the same ``key``.

        Recordings become the case's. All is one transaction after the coding: whatever dies
        before its end leaves nothing; ``together`` writes more in it, and its own events.
        Raises what `accept` or `transcripts` raises, `ReceivedWhen`, `Forbidden`, `KeyReused`.
        """
        if person.role not in CASE_ROLES:
            raise Forbidden
        digest = asked(text, title, source, received_at, list(recording_ids))
        opening = OpeningKey(person.id, key, digest) if key else None
        with self._database.session(person.actor) as session:
            if opening and (found := opening.opened(session)):
                return found
            doubts = unconfirmed(session, recording_ids, text)
        at = received(received_at)
        told = self.hearing.of(accept(text, source, doubts))
        with self._database.session(person.actor) as session:
            case_id = repository.new_id()
            if opening and (first := opening.take(session, case_id)) != case_id:
                return first
            detail = self._add(session, person, case_id, told, title, at)
            detail |= with_recordings(session, case_id, recording_ids)
            audit.record(session, case_id, person.id, "case_opened", told.id, detail)
            if together:
                together(session, case_id)
            if self._persons:
                self._persons.propose(session, person, case_id, told.people)
        return case_id

    def _add(
        self,
        session: Session,
        person: Person,
        case_id: str,
        told: Told,
        title: str | None,
        received_at: datetime,
    ) -> dict[str, Any]:
        """The case with its story, its coding and the words it is found by; what the trail says."""
        number, text = self._number(session), told.narrative.text
        repository.run(
            session,
            "add_case",
            id=case_id,
            number=number,
            agency_id=person.agency_id,
            title=one_line(title or "") or number,
            urgency=told.coded.urgency.level,
            owner_id=person.id,
            received_at=received_at,
        )
        keep(session, case_id, person, told)
        tokens = story_words(f"{title or ''}\n{text}")
        repository.run(session, "keep_words", case_id=case_id, tokens=tokens)
        return {"flags": sorted(told.coded.flag_ids())}

    def read(self, person: Person, case_id: str) -> dict[str, Any]:
        """A case file, as far as the person's relation reaches; raises `CaseUnseen`.

        The reading itself is audited.
        """
        with self._database.session(person.actor) as session:
            case = repository.seen_case(session, case_id)
            narrative = repository.first(session, "newest_narrative", case_id=case_id)
            added = story_parts.additions(session, case_id, narrative)
            coding = repository.first(session, "newest_coding", case_id=case_id)
            decisions = repository.rows(session, "code_decisions", case_id=case_id)
            versions = repository.rows(session, "list_versions", case_id=case_id)
            latest = repository.first(session, "newest_run", case_id=case_id)
            recordings = repository.rows(session, "recordings_of_case", case_id=case_id)
            flag_decisions = flags.standing(session, case_id, coding, added)
            top = head(session, person, case, self._persons)
            audit.record(session, case_id, person.id, "case_read", case_id)
        return (
            case
            | top
            | {
                "narrative": narrative and narrative | {"additions": added},
                "coding": coding["content"] if coding else None,
                "code_decisions": decisions,
                "versions": versions,
                "latest_run": latest,
                "recordings": recordings,
                "flag_decisions": flag_decisions,
            }
        )

    def decide_code(self, person: Person, case_id: str, code: str, decision: str) -> None:
        """Accept, remove or add a problem code. Raises `CodeUnknown` or `CaseUnseen`."""
        if code not in self._library.codebook.codes:
            raise CodeUnknown(problem_code=code)
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            repository.run(
                session,
                "add_code_decision",
                case_id=case_id,
                code=code,
                decision=decision,
                decided_by=person.id,
            )
            audit.record(session, case_id, person.id, f"code_{decision}", code)

    def _number(self, session: Session) -> str:
        return f"{buddhist_year(today())}-{repository.scalar(session, 'next_number'):06d}"


def received(at: datetime | None) -> datetime:
    """When a story was received: now if unsaid, in Thailand if no zone is given."""
    if at is None:
        return now()
    if at.tzinfo is None:
        at = at.replace(tzinfo=BANGKOK)
    if not EARLIEST <= at <= now() + timedelta(days=1):
        raise ReceivedWhen
    return at
