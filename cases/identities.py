"""Who people are, sealed: opened with the installation's keys and found by blind words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from cases import repository
from cases.people import Person
from cases.person_identity import Identity
from cases.person_keys import PersonKeys, Sealed
from cases.person_rows import (
    SQL,
    is_blamed,
    sealed_of,
    sealed_values,
)
from cases.rows import Row
from intake.name_matching import index_words


class Identities:
    """Sealed identities under one installation's keys."""

    def __init__(self, keys: PersonKeys) -> None:
        self.keys = keys

    def opened(self, row: Mapping[str, Any]) -> Identity:
        """Who somebody is; raises `PersonKeysBroken`."""
        return Identity(**self.keys.open(row["id"], sealed_of(row)))

    def index(self, session: Session, person_id: str, agency_id: str, identity: Identity) -> None:
        """Have a person found by their words, whatever was so before."""
        SQL.run(session, "drop_tokens", person_id=person_id)
        for kind, words in index_words(identity.described()):
            token = self.keys.token(kind, words)
            named = {"person_id": person_id, "agency_id": agency_id}
            SQL.run(session, "add_token", kind=kind, token=token, **named)

    def hidden_contacts(self, everybody: Iterable[Row], blamed_id: str) -> frozenset[str]:
        """Contact data of everybody in a case but the one who is blamed."""
        hidden: frozenset[str] = frozenset()
        for row in everybody:
            if row["id"] != blamed_id and row["sealed"] is not None and not is_blamed(row["roles"]):
                hidden |= self.opened(row).contacts()
        return hidden

    def _add(self, session: Session, actor: Person, identity: Identity) -> str:
        person_id = repository.new_id()
        sealed = self._sealed(session, person_id, identity)
        named = {"id": person_id, "agency_id": actor.agency_id, "who": actor.id}
        SQL.run(session, "add_person", **named, **sealed_values(sealed))
        self.index(session, person_id, actor.agency_id, identity)
        return person_id

    def _sealed(self, session: Session, person_id: str, identity: Identity) -> Sealed:
        """Sealed while no rotation of keys is under way; a rotation waits for the transaction."""
        SQL.rows(session, "use_keys")
        return self.keys.seal(person_id, identity.model_dump())
