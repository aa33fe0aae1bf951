"""What the machine makes of a story, read outside any transaction, and how the record keeps it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from cases import repository, transcripts
from cases.people import Person
from cases.ports import Coder, Embedder
from intake.doubts import Place
from intake.narrative import Narrative
from intake.people import People
from intake.people_reading import find_people
from intake.schemas import CodedNarrative
from knowledge_base.embedder import Vectors
from knowledge_base.repository import literal

log = logging.getLogger(__name__)
OPENING = 2000  # letters of a story, and of each addition, that its vector stands for


@dataclass(frozen=True)
class Told:
    """A story, under the id it will have, and what was read from it."""

    id: str
    narrative: Narrative
    coded: CodedNarrative
    vector: Vectors | None
    people: People


class Hearing:
    """Reads stories with one coder."""

    def __init__(self, coder: Coder, embedder: Embedder | None, *, people: bool) -> None:
        self._coder = coder
        self._embedder = embedder
        self._people = people

    def of(self, narrative: Narrative, passages: Sequence[str] = (), read: str = "") -> Told:
        """A story read; ``passages`` are its parts where it was told in several.

        ``read``: its text without what nobody told, of the same length.
        """
        read = read or narrative.text
        return Told(
            repository.new_id(),
            narrative,
            self._coder.code(replace(narrative, text=read)),
            self._vector([p[:OPENING] for p in passages or (narrative.text,)]),
            find_people(read) if self._people else People(),
        )

    def _vector(self, openings: Sequence[str]) -> Vectors | None:
        """The middle of the parts' vectors, of length 1.

        None without a model that answers: the story is kept anyway.
        """
        if self._embedder is None:
            return None
        try:
            found = [self._embedder.query(opening) for opening in openings]
        except Exception as error:
            log.warning("cases.story_without_vector", extra={"reason": type(error).__name__})
            return None
        middle: Vectors = np.mean(found, axis=0, dtype=np.float32)
        return middle if len(found) == 1 else middle / np.linalg.norm(middle)


def unconfirmed(session: Session, recording_ids: Sequence[str], text: str) -> tuple[Place, ...]:
    """The places of a story that come from recordings and that nobody has confirmed."""
    places = (transcripts.unconfirmed(session, r, text) for r in recording_ids)
    return tuple(sorted({place for found in places for place in found}))


def with_recordings(session: Session, case_id: str, recording_ids: Sequence[str]) -> dict[str, Any]:
    """The recordings become the case's; what the trail says of them."""
    attached = [transcripts.attach(session, r, case_id) for r in recording_ids]
    return {"recordings_sha256": attached} if attached else {}


def keep(
    session: Session,
    case_id: str,
    person: Person,
    told: Told,
    told_at: datetime | None = None,
) -> None:
    """The story and its coding; ``told_at``: when an addition was told."""
    repository.run(
        session,
        "add_narrative",
        id=told.id,
        case_id=case_id,
        text=told.narrative.text,
        sha256=told.narrative.sha256,
        source=told.narrative.source,
        embedding=None if told.vector is None else literal(told.vector),
        created_by=person.id,
        told_at=told_at,
    )
    repository.run(
        session,
        "add_coding",
        id=repository.new_id(),
        case_id=case_id,
        narrative_id=told.id,
        content=told.coded.model_dump_json(),
        coder_version=told.coded.coder_version,
    )
