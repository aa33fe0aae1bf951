"""Drafts documents from a case: gathers what may be filled in and makes the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sqlalchemy.orm import Session

from cases import repository
from cases.decided_codes import decided_coding
from cases.paper_docx import docx_of
from cases.paper_form import Form, filled_form, filled_letter, places
from cases.paper_pdf import pdf_of
from cases.paper_values import Values, case_values, person_values, plan_values
from cases.papers import Papers
from cases.people import Person
from knowledge_base.library import Library
from runtime.clock import now
from runtime.database import Database


class PaperDrafts:
    """Drafts over one database and library."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library
        self.papers = Papers(library)

    def made(
        self,
        person: Person,
        case_id: str,
        type_id: str,
        form: Literal["pdf", "docx"],
        *,
        letter: str | None,
        card: str | None,
        words: Mapping[str, str],
    ) -> tuple[bytes, str]:
        """The file and its title; raises `CaseUnseen` or `PaperUnknown`."""
        with self._database.session(person.actor) as session:
            values = self._values(session, person, case_id, card)
        filled = self._filled(person, type_id, letter, card, values, words)
        make = pdf_of if form == "pdf" else docx_of
        return make(filled, now()), filled.title

    def _filled(
        self,
        person: Person,
        type_id: str,
        letter: str | None,
        card: str | None,
        values: Values,
        words: Mapping[str, str],
    ) -> Form:
        paper, document = self.papers.paper(type_id)
        signs = paper.may_sign(person.role, card)
        if letter is None:
            return filled_form(self.papers, paper, document, values, signs=signs)
        chosen = self.papers.letter(letter)
        left_open = [k for k in places(chosen) if not values.get(k)]
        own_words = {k: (words[k],) for k in left_open if words.get(k, "").strip()}
        return filled_letter(self.papers, chosen, {**values, **own_words}, signs=signs)

    def _values(
        self, session: Session, person: Person, case_id: str, card: str | None
    ) -> dict[str, tuple[str, ...]]:
        case = repository.seen_case(session, case_id)
        story = repository.seen(session, "newest_narrative", case_id=case_id)
        coding = decided_coding(session, case_id, self._library)
        approved = repository.first(session, "newest_approved", case_id=case_id)
        roles = {role: named.th for role, named in self._library.roles.items()}
        position = roles.get(person.role, "")
        return {
            **case_values(case, story, coding, self._library),
            **person_values(person, position, card),
            **plan_values(approved["approved_content"] if approved else None, roles),
            "signer": (person.name,),
            "position": (f"{position} {person.agency_th}".strip(),),
        }
