"""Which of the nineteen documents each step asks for, and which of them the case has."""

from __future__ import annotations

from typing import Any

from cases import repository
from cases.casebook import casebook
from cases.document_files import ROWS
from cases.papers import Papers
from cases.people import Person
from runtime.database import Database


class Checklist:
    """The steps' documents over one database."""

    def __init__(self, database: Database, papers: Papers) -> None:
        self._database = database
        self._papers = papers

    def read(self, person: Person, case_id: str) -> list[dict[str, Any]]:
        """Per step its kinds of document with ``state``: absent, open, signed or withdrawn.

        Raises `CaseUnseen`. Kinds this person may not see are left out.
        """
        with self._database.session(person.actor) as session:
            repository.seen_case(session, case_id)
            documents = ROWS.rows(session, "documents_of_case", case_id=case_id)
            acts: dict[str, set[str]] = {}
            for row in ROWS.rows(session, "acts_of_case", case_id=case_id):
                acts.setdefault(row["document_id"], set()).add(row["act"])
        states: dict[str, list[str]] = {}
        for document in documents:
            states.setdefault(document["type_id"], []).append(state_of(acts[document["id"]]))
        return [
            {
                "step": step["number"],
                "name_th": step["th"],
                "name_en": step["en"],
                "items": self._step(person, step["number"], states),
            }
            for step in casebook("steps")["steps"]
        ]

    def kinds(self, person: Person) -> list[dict[str, Any]]:
        """The kinds of document this person may see, and what they may do with each."""
        return [
            {
                "type_id": d.id,
                "number": d.number,
                "name_th": d.name_th,
                "name_en": d.name_en,
                "steps": list(d.steps),
                "secrecy": d.secrecy,
                "confidence": d.confidence.value,
                "may_draft": self._papers.papers[d.id].may_draft(person.role),
                "may_sign": person.role in self._papers.papers[d.id].sign,
                "card_needed": self._papers.papers[d.id].official,
                "letters": [x.id for x in self._papers.letters.values() if x.document == d.id],
            }
            for d in sorted(self._papers.documents.values(), key=lambda d: d.number)
            if person.role not in self._papers.papers[d.id].hidden_from
        ]

    def _step(
        self, person: Person, step: int, states: dict[str, list[str]]
    ) -> list[dict[str, Any]]:
        return [
            {
                "type_id": d.id,
                "name_th": d.name_th,
                "name_en": d.name_en,
                "state": best(states.get(d.id, [])),
                "count": len(states.get(d.id, [])),
            }
            for d in sorted(self._papers.documents.values(), key=lambda d: d.number)
            if step in d.steps and person.role not in self._papers.papers[d.id].hidden_from
        ]


def best(states: list[str]) -> str:
    """The furthest state of several documents of one kind."""
    return next((s for s in ("signed", "open", "withdrawn") if s in states), "absent")


def state_of(acts: set[str]) -> str:
    """What a document is by what was done with it: withdrawn, signed or open."""
    return next((s for s in ("withdrawn", "signed") if s in acts), "open")
