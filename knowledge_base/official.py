"""The law's own text behind an entry, where an office has added and accepted it.

Sections attach by the key of the act's title (with its year) and the section's number. The texts
stay in the database and are read for one entry at a time; what was accepted last holds. An entry
that groups sections has its official text when every one of them is there.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from knowledge_base import source_repository as repository
from knowledge_base.entries import Entry, Frozen
from knowledge_base.laws import LawEntry
from knowledge_base.library import Library
from knowledge_base.statutes import law_key, section_key
from runtime.database import Database


class OfficialSection(Frozen):
    """One section as the added file has it."""

    law_title: str
    section: str
    text: str
    source: str


class OfficialText(Frozen):
    """The sections of an entry, and those of later acts that amended them, as far as they are in.

    ``as_enacted``: the entry was amended, so the file's wording may no longer be in force.
    """

    sections: tuple[OfficialSection, ...]
    amendments: tuple[OfficialSection, ...] = ()
    as_enacted: bool = False

    @property
    def passage(self) -> str:
        """All of it; a section of an amending act stands under that act's name."""
        own = [s.text for s in self.sections]
        return "\n\n".join([*own, *(f"[{s.law_title}]\n{s.text}" for s in self.amendments)])


class OfficialTexts:
    """Looks up official texts in one database."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library
        self._keys = {law.id: law_key(law.title_th) for law in library.laws.values()}

    def of(self, entry: Entry) -> OfficialText | None:
        """The official text of an entry; None where it is not in, not whole, or not accepted."""
        if not isinstance(entry, LawEntry) or not entry.sections:
            return None
        with self._database.session() as session:
            own = self._sections(session, entry.law_id, entry.sections)
            if len(own) < len(entry.sections):
                return None
            amended = tuple(s for a in entry.amended_by for s in self._amending(session, a))
        return OfficialText(sections=own, amendments=amended, as_enacted=bool(entry.amended_by))

    def _amending(self, session: Session, reference: str) -> tuple[OfficialSection, ...]:
        law, _, section = reference.partition("#")
        return self._sections(session, law, [section]) if law in self._keys and section else ()

    def _sections(
        self, session: Session, law: str, sections: Iterable[str]
    ) -> tuple[OfficialSection, ...]:
        wanted = [section_key(s) for s in sections]
        rows = {r["section"]: r for r in repository.official(session, self._keys[law], wanted)}
        return tuple(OfficialSection.model_validate(rows[s]) for s in wanted if s in rows)
