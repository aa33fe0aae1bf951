"""Opening a case from a narrative, reading cases, and the worker's word on the codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy.orm import Session

from cases import audit, repository, transcripts
from cases.errors import CodeUnknown, ReceivedWhen
from cases.people import CASE_ROLES, Person
from cases.ports import Coder, Embedder
from intake.narrative import Narrative, accept
from intake.schemas import CodedNarrative, CodedProblem, Role
from knowledge_base.embedder import Vectors
from knowledge_base.library import Library
from knowledge_base.repository import literal
from runtime.clock import BANGKOK, now
from runtime.database import Database
from runtime.errors import Forbidden

BUDDHIST_OFFSET = 543
EARLIEST = datetime(1957, 1, 1, tzinfo=UTC)


class CaseFiles:
    """Cases of one database, opened with one coder."""

    def __init__(
        self, database: Database, library: Library, coder: Coder, embedder: Embedder
    ) -> None:
        self._database = database
        self._library = library
        self._coder = coder
        self._embedder = embedder

    def open(
        self,
        person: Person,
        text: str,
        *,
        title: str | None = None,
        source: str = "",
        received_at: datetime | None = None,
        recording_id: str | None = None,
    ) -> str:
        """A new case's id, opened from a recording when one is given.

        Raises what `accept` raises, `ReceivedWhen`, `Forbidden`, or what `transcripts` raises.
        """
        if person.role not in CASE_ROLES:
            raise Forbidden
        received_at = received(received_at)
        narrative = accept(text, source, self._unconfirmed(person, recording_id, text))
        coded = self._coder.code(narrative)
        vector = self._embedder.query(text[:2000])
        with self._database.session(person.actor) as session:
            case_id, number = repository.new_id(), self._number(session)
            repository.run(
                session,
                "add_case",
                id=case_id,
                number=number,
                agency_id=person.agency_id,
                title=(title or "").strip() or number,
                urgency=coded.urgency.level,
                owner_id=person.id,
                received_at=received_at,
            )
            narrative_id = _add_narrative(session, case_id, person, narrative, vector)
            _add_coding(session, case_id, narrative_id, coded)
            detail = {"sha256": narrative.sha256, "flags": sorted(coded.flag_ids())}
            if recording_id:
                detail["recording_sha256"] = transcripts.attach(session, recording_id, case_id)
            audit.record(session, case_id, person.id, "case_opened", narrative_id, detail)
        return case_id

    def listed(
        self,
        person: Person,
        limit: int,
        offset: int,
        *,
        status: str | None = None,
        urgency: str | None = None,
        words: str | None = None,
    ) -> dict[str, Any]:
        """A page of the cases this person may see, most urgent first.

        ``words`` must stand in the title or the number.
        """
        wanted = {"status": status, "urgency": urgency, "words": words}
        with self._database.session(person.actor) as session:
            found = repository.rows(session, "list_cases", limit=limit, offset=offset, **wanted)
            total = repository.scalar(session, "count_cases", **wanted)
        return {"items": found, "total": total}

    def read(self, person: Person, case_id: str) -> dict[str, Any]:
        """A whole case file; raises `CaseUnseen`. The reading itself is audited."""
        with self._database.session(person.actor) as session:
            case = repository.seen_case(session, case_id)
            narrative = repository.seen(session, "newest_narrative", case_id=case_id)
            coding = repository.seen(session, "newest_coding", case_id=case_id)
            decisions = repository.rows(session, "code_decisions", case_id=case_id)
            versions = repository.rows(session, "list_versions", case_id=case_id)
            latest = repository.first(session, "newest_run", case_id=case_id)
            recordings = repository.rows(session, "recordings_of_case", case_id=case_id)
            audit.record(session, case_id, person.id, "case_read", case_id)
        return case | {
            "narrative": narrative,
            "coding": coding["content"],
            "code_decisions": decisions,
            "versions": versions,
            "latest_run": latest,
            "recordings": recordings,
        }

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

    def _unconfirmed(
        self, person: Person, recording_id: str | None, text: str
    ) -> tuple[tuple[int, int], ...]:
        if not recording_id:
            return ()
        with self._database.session(person.actor) as session:
            return transcripts.unconfirmed(session, recording_id, text)

    def _number(self, session: Session) -> str:
        year = now().astimezone(BANGKOK).year + BUDDHIST_OFFSET
        return f"{year}-{repository.scalar(session, 'next_number'):06d}"


def _add_narrative(
    session: Session, case_id: str, person: Person, narrative: Narrative, vector: Vectors
) -> str:
    narrative_id = repository.new_id()
    repository.run(
        session,
        "add_narrative",
        id=narrative_id,
        case_id=case_id,
        text=narrative.text,
        sha256=narrative.sha256,
        source=narrative.source,
        embedding=literal(vector),
        created_by=person.id,
    )
    return narrative_id


def _add_coding(session: Session, case_id: str, narrative_id: str, coded: CodedNarrative) -> None:
    repository.run(
        session,
        "add_coding",
        id=repository.new_id(),
        case_id=case_id,
        narrative_id=narrative_id,
        content=coded.model_dump_json(),
        coder_version=coded.coder_version,
    )


def received(at: datetime | None) -> datetime:
    """When a story was received: now if unsaid, in Thailand if no zone is given."""
    if at is None:
        return now()
    if at.tzinfo is None:
        at = at.replace(tzinfo=BANGKOK)
    if not EARLIEST <= at <= now() + timedelta(days=1):
        raise ReceivedWhen
    return at


def decided_coding(session: Session, case_id: str, library: Library) -> CodedNarrative:
    """The newest coding with the workers' decisions applied to it."""
    content = repository.seen(session, "newest_coding", case_id=case_id)["content"]
    coded = CodedNarrative.model_validate_json(orjson.dumps(content))
    decided = {
        row["code"]: row["decision"]
        for row in repository.rows(session, "code_decisions", case_id=case_id)
    }
    return with_decisions(coded, decided, library)


def with_decisions(
    coded: CodedNarrative, decided: dict[str, str], library: Library
) -> CodedNarrative:
    """Removed codes gone, unsure ones a person accepted taken in, added ones added."""
    kept = [c for c in coded.codes if decided.get(c.code) != "removed"]
    kept += [c for c in coded.unsure if decided.get(c.code) in ("accepted", "added")]
    present = {c.code for c in kept}
    kept += [
        CodedProblem(
            code=code,
            label_th=library.codebook.label(code),
            score=1.0,
            spans=(),
            role=Role.SECONDARY,
        )
        for code, decision in decided.items()
        if decision in ("added", "accepted") and code not in present
    ]
    return coded.model_copy(update={"codes": tuple(kept)})
