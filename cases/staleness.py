"""Open plans that cite what the knowledge base no longer says.

The newest version of every case that is not closed is read agency by agency, in the auditor's
view, which may look and never write. What comes out names cases by number and entries by id; no
word of a plan or of a story leaves the database's rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from cases import repository
from cases.people import Person
from cases.rows import Rows
from knowledge_base.library import Library
from planner.schemas import Citation
from runtime.actor import Actor
from runtime.database import Database

Change = Literal["changed", "gone"]
READER = "kb-stale"
MOST_READ = 500
SQL = Rows("staleness")


class StaleCitation(BaseModel):
    """A cited entry that is not what it was."""

    model_config = ConfigDict(frozen=True)

    id: str
    title_th: str
    title_en: str | None = None
    change: Change


class StalePlan(BaseModel):
    """A plan in use with citations to look at again."""

    model_config = ConfigDict(frozen=True)

    case_number: str
    agency_id: str
    version_id: str
    version: int
    approved: bool
    citations: tuple[StaleCitation, ...]


def stale_plans(database: Database, library: Library) -> list[StalePlan]:
    """Open plans of all agencies that cite changed entries, by agency and case number."""
    with database.session() as session:
        agencies = [row["id"] for row in repository.rows(session, "agencies")]
    found = [plan for agency in agencies for plan in _of_agency(database, library, agency)]
    return sorted(found, key=lambda plan: (plan.agency_id, plan.case_number))


def plans_seen(
    database: Database, library: Library, person: Person, most: int = MOST_READ
) -> list[dict[str, Any]]:
    """Open plans this person may see that cite changed entries, with their case, by its number."""
    with database.session(person.actor) as session:
        rows = SQL.rows(session, "plans_behind", known=library.version, most=most)
    found = []
    for row in rows:
        cited = [Citation.model_validate(c) for c in row.pop("citations") or ()]
        if changed := list(_changed(cited, library)):
            found.append(row | {"citations": changed})
    return found


def _of_agency(database: Database, library: Library, agency: str) -> Iterator[StalePlan]:
    with database.session(Actor(READER, agency, "auditor")) as session:
        rows = repository.rows(session, "open_plans")
    for row in rows:
        cited = [Citation.model_validate(c) for c in row.pop("citations") or ()]
        if row.pop("knowledge_version") == library.version:
            continue
        changed = tuple(_changed(cited, library))
        if changed:
            yield StalePlan(**row, citations=changed)


def _changed(cited: list[Citation], library: Library) -> Iterator[StaleCitation]:
    for citation in cited:
        change = change_of(citation, library)
        if change:
            yield StaleCitation(
                id=citation.id,
                title_th=citation.title_th,
                title_en=library.title_en(citation.id),
                change=change,
            )


def change_of(citation: Citation, library: Library) -> Change | None:
    """What became of a cited entry; by its words where the citation kept no hash."""
    entry = library.resolve(citation.id)
    if entry is None:
        return "gone"
    if citation.entry_hash:
        return None if citation.entry_hash == entry.content_hash else "changed"
    same = citation.official or citation.passage == entry.text_th
    return None if same and citation.confidence == entry.confidence.value else "changed"
