"""The people of a case: proposed from its story, added, corrected, given parts by a worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from cases import audit, repository
from cases.identities import Identities
from cases.people import CASE_ROLES, Person
from cases.person_errors import (
    PartUnseen,
    PersonChanged,
    PersonErased,
    PersonForeign,
    PersonUnseen,
    RelationOfOne,
    RelationUnseen,
)
from cases.person_identity import Identity, checked, proposed_identity
from cases.person_keys import PersonKeys
from cases.person_rows import (
    SQL,
    Standing,
    corrected_tie,
    is_blamed,
    put_part,
    put_relation,
    sealed_values,
    walled,
    worth_keeping,
)
from cases.rows import Row
from intake.people import LivesWith, People, PersonRole
from runtime.database import Database


class Persons(Identities):
    """People of one installation, opened with its keys."""

    def __init__(self, database: Database, keys: PersonKeys) -> None:
        super().__init__(keys)
        self._database = database

    def propose(self, session: Session, actor: Person, case_id: str, people: People) -> int:
        """Keep what a story says of its people as proposals; how many persons were kept."""
        ids: dict[str, str] = {}
        tied = {r.person for r in people.relations} | {r.relative for r in people.relations}
        for person in people.persons:
            if worth_keeping(person, tied):
                identity = proposed_identity(person)
                ids[person.id] = self._add(session, actor, identity)
                for part in person.roles:
                    where = part.spans or person.spans[:1]
                    put_part(
                        session,
                        case_id,
                        ids[person.id],
                        part.role.value,
                        "proposed",
                        score=part.score,
                        spans=[(s.start, s.end) for s in where],
                    )
        for tie in people.relations:
            if tie.person in ids and tie.relative in ids:
                put_relation(
                    session,
                    case_id,
                    (ids[tie.person], ids[tie.relative]),
                    tie.kinship,
                    tie.lives_with.value,
                    "proposed",
                    spans=[(s.start, s.end) for s in tie.spans],
                )
        if ids:
            audit.record(session, case_id, actor.id, "persons_proposed", case_id, {"n": len(ids)})
        return len(ids)

    def listed(self, actor: Person, case_id: str) -> dict[str, Any]:
        """``{persons, relations}`` of a case; raises `CaseUnseen`. The reading is audited."""
        with self._database.session(actor.actor) as session:
            case = repository.seen_case(session, case_id)
            found = SQL.rows(session, "persons_of_case", case_id=case_id)
            relations = SQL.rows(session, "relations_of_case", case_id=case_id)
            audit.record(session, case_id, actor.id, "persons_read", case_id)
            return {"persons": [self._for(actor, case, r) for r in found], "relations": relations}

    def read(self, actor: Person, case_id: str, person_id: str) -> dict[str, Any]:
        """One person in a case, as may be shown to or about them; raises `PersonUnseen`.

        Whoever is blamed in the case is shown without anything by which a victim can be found.
        """
        with self._database.session(actor.actor) as session:
            case = repository.seen_case(session, case_id)
            everybody = SQL.rows(session, "persons_of_case", case_id=case_id)
            row = next((r for r in everybody if r["id"] == person_id), None)
            if row is None:
                raise PersonUnseen
            ties = SQL.rows(session, "relations_of_case", case_id=case_id)
            audit.record(session, case_id, actor.id, "person_read", person_id)
            shown = self._for(actor, case, row)
            blamed = is_blamed(row["roles"])
            if blamed and shown["identity"]:
                hidden = self.hidden_contacts(everybody, person_id)
                shown["identity"] = Identity(**shown["identity"]).without(hidden).model_dump()
            own = [t for t in ties if person_id in (t["person_id"], t["relative_id"])]
            return shown | {"relations": [walled(t, person_id) if blamed else t for t in own]}

    def add(
        self,
        actor: Person,
        case_id: str,
        role: str,
        *,
        identity: Identity | None = None,
        person_id: str | None = None,
    ) -> str:
        """Somebody new, or somebody known, with a part in a case; the person's id.

        Raises `CaseUnseen`, `PersonUnseen`, `CitizenIdWrong` or `BirthWrong`.
        """
        with self._database.session(actor.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            if person_id is None:
                person_id = self._add(session, actor, checked(identity or Identity()))
            else:
                self.own_person(session, actor, person_id)
            put_part(session, case_id, person_id, role, "confirmed", who=actor.id)
            audit.record(session, case_id, actor.id, "person_added", person_id, {"role": role})
            return person_id

    def change(
        self,
        actor: Person,
        case_id: str,
        person_id: str,
        changes: Mapping[str, Any],
        revision: int,
    ) -> None:
        """Correct who somebody is. Raises `PersonChanged`, `PersonErased`, `PersonForeign`, …"""
        with self._database.session(actor.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            self._in_case(session, case_id, person_id)
            row = self.own_person(session, actor, person_id, lock=True)
            known = self.opened(row).model_dump()
            if row["revision"] != revision:
                theirs = {name: known.get(name) for name in changes}
                raise PersonChanged(revision=row["revision"], theirs=theirs, yours=dict(changes))
            identity = checked(Identity(**(known | dict(changes))))
            sealed = self._sealed(session, person_id, identity)
            SQL.run(
                session, "change_person", id=person_id, revision=revision, **sealed_values(sealed)
            )
            self.index(session, person_id, row["agency_id"], identity)
            fields = {"fields": sorted(changes)}
            audit.record(session, case_id, actor.id, "person_changed", person_id, fields)

    def decide_part(
        self, actor: Person, case_id: str, person_id: str, role: str, standing: Standing
    ) -> None:
        """Confirm or remove a proposed part, or give one. Raises `PartUnseen`, `PersonUnseen`."""
        with self._database.session(actor.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            self._in_case(session, case_id, person_id)
            named = {"case_id": case_id, "person_id": person_id, "role": role}
            done = SQL.run(session, "decide_part", standing=standing, who=actor.id, **named)
            if not done and standing == "removed":
                raise PartUnseen
            if not done:
                put_part(session, case_id, person_id, role, standing, who=actor.id)
            audit.record(session, case_id, actor.id, f"part_{standing}", person_id, {"role": role})

    def relate(
        self, actor: Person, case_id: str, pair: tuple[str, str], kinship: str, lives_with: str
    ) -> None:
        """Say that the first of a pair is the ``kinship`` of the second."""
        with self._database.session(actor.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            if pair[0] == pair[1]:
                raise RelationOfOne
            for person_id in pair:
                self._in_case(session, case_id, person_id)
            put_relation(session, case_id, pair, kinship, lives_with, "confirmed", who=actor.id)
            detail = {"relative": pair[1], "kinship": kinship}
            audit.record(session, case_id, actor.id, "relation_added", pair[0], detail)

    def decide_relation(
        self,
        actor: Person,
        case_id: str,
        relation_id: str,
        standing: Standing,
        *,
        kinship: str | None = None,
        lives_with: LivesWith | None = None,
    ) -> None:
        """Confirm, correct or remove a relation. Raises `RelationUnseen`.

        Corrected to what the two were said to be before, that tie stands again instead.
        """
        with self._database.session(actor.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            done = SQL.run(
                session,
                "decide_relation",
                id=corrected_tie(session, case_id, relation_id, kinship, actor.id),
                case_id=case_id,
                standing=standing,
                kinship=kinship,
                lives_with=lives_with.value if lives_with else None,
                who=actor.id,
            )
            if not done:
                raise RelationUnseen
            audit.record(session, case_id, actor.id, f"relation_{standing}", relation_id)

    def own_person(
        self, session: Session, actor: Person, person_id: str, *, lock: bool = False
    ) -> Row:
        """A person whom the actor's agency keeps.

        Raises `PersonUnseen`, `PersonForeign` or `PersonErased`.
        """
        row = SQL.first(session, "get_person", id=person_id)
        if row is None:
            raise PersonUnseen
        if row["agency_id"] != actor.agency_id:
            raise PersonForeign
        if lock:
            row = SQL.first(session, "lock_person", id=person_id)
        if row is None or actor.role not in CASE_ROLES:
            raise PersonForeign
        if row["erased_at"]:
            raise PersonErased
        return row

    def _in_case(self, session: Session, case_id: str, person_id: str) -> None:
        everybody = SQL.rows(session, "cases_of_person", person_id=person_id)
        if case_id not in {row["case_id"] for row in everybody}:
            raise PersonUnseen

    def _for(self, actor: Person, case: Row, row: Row) -> dict[str, Any]:
        """A person as the actor's agency may know them: who reported stays with the case's own."""
        shown = self._shown(row)
        reported = any(r["role"] == PersonRole.REPORTER.value for r in row["roles"])
        if reported and case["agency_id"] != actor.agency_id:
            shown["identity"] = None
        return shown

    def _shown(self, row: Row) -> dict[str, Any]:
        gone = row["sealed"] is None
        return {
            "id": row["id"],
            "revision": row["revision"],
            "erased": gone,
            "identity": None if gone else self.opened(row).model_dump(),
            "roles": row["roles"],
        }
