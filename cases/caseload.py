"""The caseload: a page of the cases a person may see, and the search over them.

Rows and their number are one statement, so that a story's words are looked up once. Nobody finds a
case by what they may not read in it: titles are the own agency's, and who is not told a story by
``data/views.yaml`` does not find it by its words, nor by its people, their phones or their ids.
Finding somebody by their whole name, id or phone is reading of them: it leaves a trace in the case.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cases import audit
from cases.people import Person
from cases.person_keys import PersonKeys
from cases.rows import Row, Rows
from cases.search_words import Words, sought
from cases.viewing import Viewer
from runtime.database import Database

SQL = Rows("caseload")
# Which class of fields a reader needs to find somebody by a kind of words; names are the story's.
NEEDED = {"citizen_id": "law", "phone": "contact"}


class Caseload:
    """The cases of one database; without keys nobody is found by their people."""

    def __init__(self, database: Database, keys: PersonKeys | None = None) -> None:
        self._database = database
        self._keys = keys

    def listed(
        self,
        person: Person,
        limit: int,
        offset: int,
        *,
        status: str | None = None,
        urgency: str | None = None,
        words: str | None = None,
        still_open: bool | None = None,
    ) -> dict[str, Any]:
        """``{items, total}``: a page of the cases this person may see, most urgent first.

        ``words`` must stand in the title or the number, all be words of the story, or be the
        name, id or phone of somebody in the case; ``matched`` of an item says which.
        ``still_open`` keeps those with no approved plan yet (False: the others).
        """
        wanted = {"status": status, "urgency": urgency, "open": still_open}
        with self._database.session(person.actor) as session:
            given = wanted | self._asked(session, words) | {"limit": limit, "offset": offset}
            rows = SQL.rows(session, "page", **given)
            _trace(session, person, rows)
        total = rows[0]["total"]
        dropped = ("total", "persons")
        items = [{k: v for k, v in r.items() if k not in dropped} for r in rows if r["id"]]
        return {"items": items, "total": total}

    def _asked(self, session: Session, words: str | None) -> dict[str, Any]:
        """What the statement needs to look for words; nothing to look for without any."""
        asked = sought(words or "")
        reads = letter_reader(session) if asked.text else Viewer("none", "")
        kinds, blind = self._blind(asked.persons)
        return {
            "words": asked.text or None,
            "tokens": asked.told,
            "joined": asked.told_joined,
            "story_read": reads.reads("story"),
            "kinds": kinds,
            "blind": blind,
            "readable": readable(reads, kinds),
        }

    def _blind(self, words: Words) -> tuple[list[str], list[bytes]]:
        return self._keys.blind(words) if self._keys else ([], [])


def readable(reader: Viewer, kinds: list[str]) -> list[str]:
    """The kinds of words by which a reader of a letter may find somebody."""
    if not reader.reads("story"):
        return []
    return sorted(k for k in set(kinds) if reader.reads(NEEDED.get(k, "story")))


def letter_reader(session: Session) -> Viewer:
    """Whoever of this person's agency reads what was referred to it."""
    return Viewer("referred", SQL.scalar(session, "agency_kind") or "")


def _trace(session: Session, person: Person, rows: list[Row]) -> None:
    """Who was found is noted in each case, in the order of their ids."""
    for row in sorted((r for r in rows if r["persons"]), key=lambda r: str(r["id"])):
        for found in row["persons"]:
            audit.record_once(session, row["id"], person.id, "person_found", found)
