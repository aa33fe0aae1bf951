"""Red flags that rest on words nobody has confirmed: a person listens and says what was said.

A flag is never taken away. What a person says stands beside it, and in the trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from cases import audit, repository
from cases.errors import FlagSettled
from cases.people import Person
from cases.rows import Row, Rows
from runtime.database import Database

ROWS = Rows("flags")


class Flags:
    """The red flags of one database's cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decide(self, person: Person, case_id: str, flag: str, decision: str) -> None:
        """Say that a flag's words were said so (``confirmed``) or not (``misheard``).

        Raises `CaseUnseen`, or `FlagSettled` for a flag that does not wait for this.
        """
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id, lock=True)
            if flag not in _waiting(session, case_id):
                raise FlagSettled
            said = {"flag": flag, "decision": decision, "decided_by": person.id}
            ROWS.run(session, "add_flag_decision", case_id=case_id, **said)
            audit.record(session, case_id, person.id, f"flag_{decision}", flag)


def decisions(session: Session, case_id: str) -> list[Row]:
    """The newest decision on each flag of a case."""
    return ROWS.rows(session, "flag_decisions", case_id=case_id)


def standing(
    session: Session,
    case_id: str,
    coding: Mapping[str, Any] | None,
    added: Iterable[Mapping[str, Any]],
) -> list[Row]:
    """The decisions that still stand: words told later raise a flag that was misheard anew."""
    raised = coding["content"]["red_flags"] if coding else []
    told = {f["id"]: _told_at(f, added) for f in raised}
    return [
        d
        for d in decisions(session, case_id)
        if d["decision"] != "misheard" or not any(d["at"] < at for at in told.get(d["flag"], ()))
    ]


def _told_at(flag: Mapping[str, Any], added: Iterable[Mapping[str, Any]]) -> list[Any]:
    """When the additions were recorded in which a flag has words."""
    starts = [s["start"] for s in flag["spans"]]
    return [a["at"] for a in added if any(a["start"] <= s < a["end"] for s in starts)]


def _waiting(session: Session, case_id: str) -> set[str]:
    content: dict[str, Any] = repository.seen(session, "newest_coding", case_id=case_id)["content"]
    return {f["id"] for f in content["red_flags"] if f.get("to_confirm")}
