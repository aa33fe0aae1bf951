"""More was told in an open case: the whole story is read anew, what people decided stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy.orm import Session

from cases import audit, deadlines, flags, hearing, repository, story_parts
from cases.casebook import casebook
from cases.errors import StoryChanged
from cases.hearing import Hearing, Told
from cases.intake import received
from cases.kept_coding import merged, new_dangers, presses_since, rises
from cases.more_people import MorePeople
from cases.opening import OpeningKey, asked
from cases.people import CASE_ROLES, Person
from cases.rows import Row
from cases.search_words import one_line, story_words
from intake.doubts import Place
from intake.narrative import accept
from intake.schemas import CodedNarrative
from runtime.database import Database
from runtime.errors import Forbidden


class MoreTold:
    """Adds to the stories of one database's cases."""

    def __init__(self, database: Database, heard: Hearing, people: MorePeople) -> None:
        self._database = database
        self._hearing = heard
        self._people = people

    def add(
        self,
        person: Person,
        case_id: str,
        words: str,
        *,
        base: str,
        source: str = "",
        told_at: datetime | None = None,
        recording_ids: Sequence[str] = (),
        key: str | None = None,
    ) -> None:
        """Add ``words`` to the story whose id is ``base``; under the same ``key`` once.

        One transaction after the coding, as in opening a case. Raises what `accept` or
        `transcripts` raises, `CaseUnseen`, `Forbidden`, `KeyReused`, `ReceivedWhen`, or
        `StoryChanged` where the newest story is another one by now.
        """
        if person.role not in CASE_ROLES:
            raise Forbidden
        digest = asked(case_id, words, base, source, told_at, list(recording_ids))
        once = OpeningKey(person.id, key, digest) if key else None
        at, source = received(told_at), one_line(source)
        with self._database.session(person.actor) as session:
            if _open_case(session, case_id, once) is None:
                return
            accept(words)
            grown = _grown(session, case_id, base, words, at, recording_ids)
        told = self._read(grown, source)
        with self._database.session(person.actor) as session:
            case = _open_case(session, case_id, once)
            if case is None:
                return
            _newest(session, case_id, base)
            if once:
                once.take(session, case_id)
            detail = _keep(session, person, case, told, at, grown.since)
            detail |= hearing.with_recordings(session, case_id, recording_ids)
            audit.record(session, case_id, person.id, "story_added", told.id, detail)
            self._people.propose(session, person, case_id, told.people, grown.since)

    def _read(self, grown: Grown, source: str) -> Told:
        """The whole read anew; nobody told the dated lines between."""
        text, added = grown.text, grown.added
        passages, read = story_parts.passages(text, added), story_parts.unlined(text, added)
        return self._hearing.of(accept(text, source, grown.doubts), passages, read)


class Grown(NamedTuple):
    """A story with its additions; ``since``: where the story before the newest one ended."""

    text: str
    added: list[dict[str, Any]]
    doubts: tuple[Place, ...]
    since: int


def _open_case(session: Session, case_id: str, once: OpeningKey | None) -> Row | None:
    """The case, held until this transaction ends; None where the words were added already."""
    case = repository.seen_case(session, case_id, lock=True)
    return None if once and once.opened(session) else case


def _grown(
    session: Session,
    case_id: str,
    base: str,
    words: str,
    at: datetime,
    recording_ids: Sequence[str],
) -> Grown:
    """The story ``base`` with ``words`` told ``at``, and what nobody confirmed of its sound."""
    before = _newest(session, case_id, base)
    text = story_parts.joined(before["text"], words, at)
    rows = repository.rows(session, "recordings_of_case", case_id=case_id)
    sounds = [*(r["id"] for r in rows), *recording_ids]
    since, start = len(before["text"]), len(text) - len(words)
    newest = {"after": since, "start": start, "end": len(text)}
    added = [*story_parts.additions(session, case_id, before), newest]
    return Grown(text, added, hearing.unconfirmed(session, sounds, text), since)


def _newest(session: Session, case_id: str, base: str) -> Row:
    """The newest story of a case; raises `StoryChanged` where it is not ``base``."""
    found = repository.seen(session, "newest_narrative", case_id=case_id)
    if found["id"] != base:
        raise StoryChanged
    return found


def _keep(
    session: Session, person: Person, case: Row, told: Told, at: datetime, since: int
) -> dict[str, Any]:
    """Keep story, coding, search words and what danger brings; what the trail says of it."""
    case_id = case["id"]
    content = repository.seen(session, "newest_coding", case_id=case_id)["content"]
    before = CodedNarrative.model_validate_json(orjson.dumps(content))
    rows = repository.rows(session, "code_decisions", case_id=case_id)
    coded = merged(before, told.coded, {r["code"]: r["decision"] for r in rows})
    hearing.keep(session, case_id, person, replace(told, coded=coded), at)
    named = case["title"] if case["title"] != case["number"] else ""
    tokens = story_words(f"{named}\n{told.narrative.text}")
    repository.run(session, "keep_words", case_id=case_id, tokens=tokens)
    dangers = new_dangers(before, coded, _misheard(session, case_id), since)
    alarms = bool(dangers) or (
        rises(case["urgency"], coded.urgency.level) and presses_since(coded, since)
    )
    level = _raised(session, person, case, told.id, coded.urgency.level, alarms=alarms)
    return {"flags": dangers, "urgency": level, "told_at": at.isoformat()}


def _misheard(session: Session, case_id: str) -> set[str]:
    decided = flags.decisions(session, case_id)
    return {d["flag"] for d in decided if d["decision"] == "misheard"}


def _raised(
    session: Session, person: Person, case: Row, source: str, level: str, *, alarms: bool
) -> str:
    """The urgency of the case from now on; what alarms sets a limit and tells colleagues."""
    if not rises(case["urgency"], level):
        level = str(case["urgency"])
    story_parts.SQL.run(session, "raise_urgency", case_id=case["id"], urgency=level)
    if alarms:
        rule = casebook("entries")["danger_told"]
        deadlines.of_danger(session, person, case["id"], source, rule, level)
    return level
