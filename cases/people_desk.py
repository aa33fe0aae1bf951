"""The verbs about people, together: what the routers and the command line are given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.duplicates import Duplicates
from cases.earlier_cases import EarlierCases
from cases.erasure import Erasure
from cases.household import Household
from cases.people import Person
from cases.person_export import PersonExport
from cases.person_keys import FILE, PersonKeys
from cases.persons import Persons
from cases.recordings import SoundArchive
from cases.retention import Retention
from intake.vault import Vault
from knowledge_base.library import Library
from runtime.database import Database
from runtime.errors import Forbidden

ERASES = "supervisor"


@dataclass(frozen=True)
class PeopleDesk:
    """Persons, facts, duplicates, export, erasure and retention of one installation."""

    persons: Persons
    household: Household
    duplicates: Duplicates
    earlier: EarlierCases
    export: PersonExport
    erasure: Erasure
    retention: Retention

    def erase(self, person: Person, person_id: str) -> dict[str, Any]:
        """The report of an erasure; raises `Forbidden` unless a supervisor asks."""
        if person.role != ERASES:
            raise Forbidden
        return self.erasure.erase(person, person_id)


def open_people_desk(
    database: Database, library: Library, vault: Vault, sounds: SoundArchive, key_folder: Path
) -> PeopleDesk:
    """The desk over a database, with the keys kept in a folder."""
    persons = Persons(database, PersonKeys(key_folder / FILE))
    return PeopleDesk(
        persons=persons,
        household=Household(database, library),
        duplicates=Duplicates(database, persons),
        earlier=EarlierCases(database, persons),
        export=PersonExport(database, persons),
        erasure=Erasure(database, persons, vault, sounds),
        retention=Retention(database),
    )
