"""Erasing a person: their key, their words in every table of their cases, vectors, sound, drafts.

One transaction of the tables' owner, on behalf of whoever asked: everything or nothing. A legal
hold on any of the person's cases wins. What is left is a tombstone with the report; the chain of
each case says what was written anew and under which hash. Afterwards the dead rows are vacuumed.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Protocol

from sqlalchemy.orm import Session

from cases import audit, seals
from cases.blackout import Blackout
from cases.erased_case import CaseErasure
from cases.erasure_rows import SQL, json_of, one, vacuum
from cases.person_errors import ErasureIncomplete, PersonForeign, PersonHeld, PersonUnseen
from cases.person_rows import SQL as PEOPLE
from cases.persons import Persons
from cases.recordings import SoundArchive
from cases.rows import Row
from intake.vault import Vault
from runtime.actor import Actor
from runtime.database import Database

VACUUMED = (
    "persons", "person_index", "case_persons", "person_relations", "narratives", "codings",
    "plan_versions", "approvals", "item_decisions", "transcript_texts", "heard_segments",
    "recordings", "case_names", "cases", "case_words", "person_pairs", "row_seals", "desk_drawers",
)  # fmt: skip


class Asking(Protocol):
    """Who asks for an erasure."""

    @property
    def id(self) -> str:
        """Their id, for the trail."""
        ...

    @property
    def actor(self) -> Actor:
        """Whom the database is told."""
        ...


class Erasure:
    """Erases persons of one installation."""

    def __init__(
        self, database: Database, persons: Persons, vault: Vault, sounds: SoundArchive
    ) -> None:
        self._database = database
        self._persons = persons
        self._vault = vault
        self._sounds = sounds

    def erase(self, asking: Asking, person_id: str) -> dict[str, Any]:
        """The report of an erasure; of one done before, its report again.

        Raises `PersonUnseen`, `PersonForeign`, `PersonHeld` or `ErasureIncomplete`; then nothing
        was changed.
        """
        with Session(self._database.owner_engine) as session, session.begin():
            self._within(session, asking.actor)
            before = SQL.first(session, "tombstone", person_id=person_id)
            if before:
                report: dict[str, Any] = before["report"]
                return report
            row = self._person(session, asking.actor, person_id)
            cases = [
                c["case_id"] for c in PEOPLE.rows(session, "cases_of_person", **_of(person_id))
            ]
            self._unless_held(session, asking, person_id, cases)
            SQL.rows(session, "lock_cases", cases=cases)
            report, silenced = self._erased(session, asking, row, cases)
        for recording in silenced:
            self._sounds.path(recording).unlink(missing_ok=True)
        return self._vacuumed(asking.actor, person_id, report)

    def _within(self, session: Session, actor: Actor) -> None:
        who = {"user_id": actor.user_id, "agency_id": actor.agency_id, "role": actor.role}
        SQL.rows(session, "within", **who)
        SQL.rows(session, "erasing")
        apart = [table["name"] for table in SQL.rows(session, "out_of_reach")]
        if apart:
            raise ErasureIncomplete(tables=", ".join(apart))

    def _person(self, session: Session, actor: Actor, person_id: str) -> Row:
        row = PEOPLE.first(session, "lock_person", id=person_id)
        if row is None:
            raise PersonUnseen
        if row["agency_id"] != actor.agency_id:
            raise PersonForeign
        return row

    def _unless_held(
        self, session: Session, asking: Asking, person_id: str, cases: list[str]
    ) -> None:
        held = PEOPLE.rows(session, "standing_holds_of_person", **_of(person_id))
        if not held:
            return
        with self._database.session(asking.actor) as apart:
            for case_id in cases:
                audit.record(apart, case_id, asking.id, "erasure_refused", person_id)
        raise PersonHeld

    def _erased(
        self, session: Session, asking: Asking, row: Row, cases: list[str]
    ) -> tuple[dict[str, Any], list[Row]]:
        """The report so far, and the recordings whose files must go."""
        person_id, counts = row["id"], Counter[str]()
        silenced: list[Row] = []
        blackout = Blackout(self._persons.opened(row))
        for case_id in cases:
            case = CaseErasure(session, case_id, blackout, self._vault, counts)
            rehashed, recordings = case.run()
            silenced += recordings
            detail = {"rehashed": rehashed}
            audit.record(session, case_id, asking.id, seals.ERASED, person_id, detail)
        counts["pairs"] += _reasons(session, person_id, blackout)
        counts["desk_drawers"] += _drawers(session, blackout)
        for name in ("forget_tokens", "forget_places", "forget_ties"):
            counts[name.removeprefix("forget_")] += SQL.run(session, name, **_of(person_id))
        counts["person"] += one(session, "forget_person", "persons", **_of(person_id))
        return _buried(session, asking, row, len(cases), counts), silenced

    def _vacuumed(self, actor: Actor, person_id: str, report: dict[str, Any]) -> dict[str, Any]:
        """The report, with the tables whose dead rows are gone for good."""
        with self._database.owner_engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            known = {table["name"] for table in SQL.rows(Session(alone), "tables_of_cases")}
            touched = sorted(known.intersection(report["erased"]).union(VACUUMED))
            for table in touched:
                vacuum(alone, table)
        report = report | {"vacuumed": touched}
        with Session(self._database.owner_engine) as session, session.begin():
            self._within(session, actor)
            done = {"person_id": person_id, "report": json_of(report)}
            one(session, "complete_tombstone", "erasures", **done)
        return report


def _reasons(session: Session, person_id: str, blackout: Blackout) -> int:
    """Why somebody was held to be the same as another, without the person."""
    told = [
        p for p in SQL.rows(session, "reasons", **_of(person_id)) if blackout.holds(p["reason"])
    ]
    for pair in told:
        words = {"reason": blackout.text(pair["reason"])}
        one(session, "reason_again", "person_pairs", **(pair | words))
    return len(told)


def _buried(
    session: Session, asking: Asking, row: Row, cases: int, counts: Counter[str]
) -> dict[str, Any]:
    """The report, kept with the tombstone."""
    report = {
        "person": row["id"],
        "key_destroyed": True,
        "cases": cases,
        "erased": dict(sorted(counts.items())),
        "vacuumed": [],
        "left": ["tombstone", "audit_events", "documents", "backups_until_they_expire"],
    }
    stone = {"agency_id": row["agency_id"], "who": asking.id, "report": json_of(report)}
    one(session, "add_tombstone", "erasures", **stone, **_of(row["id"]))
    return report


def _drawers(session: Session, blackout: Blackout) -> int:
    """Stories still being written at any desk, without the person; how many told of them."""
    told = [d for d in SQL.rows(session, "drawers") if blackout.holds(d["content"])]
    for drawer in told:
        words = {"content": blackout.text(drawer["content"])}
        one(session, "keep_again", "desk_drawers", **(drawer | words))
    return len(told)


def _of(person_id: str) -> dict[str, str]:
    return {"person_id": person_id}
