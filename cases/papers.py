"""The nineteen documents as the office handles them: who drafts, signs and sees each, what is
filled in beforehand. Names, fields and steps come from the knowledge base, the rest from
``data/papers.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping

from cases.casebook import casebook
from cases.errors import PaperUnknown
from knowledge_base.documents import Document
from knowledge_base.entries import Frozen
from knowledge_base.library import Library


class Paper(Frozen):
    """One kind of document. ``fills``: by a field's number, the values written there."""

    document: str
    sign: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()
    hidden_from: tuple[str, ...] = ()
    official: bool = False
    outside: bool = False
    signers_th: tuple[str, ...]
    fills: Mapping[int, tuple[str, ...]]
    confidential_th: str = ""

    def may_draft(self, role: str) -> bool:
        """Whether a role may have it drafted."""
        return not self.outside and role in (*self.sign, *self.prepare)

    def may_sign(self, role: str, card: str | None) -> bool:
        """Whether the law lets this role sign; an appointed official shows a card."""
        return role in self.sign and bool(card or not self.official)


class Letter(Frozen):
    """A letter in words. Places in braces are values; one without a value is left to write."""

    id: str
    document: str
    title_th: str
    body_th: tuple[str, ...]


class Papers:
    """All kinds by the document's id, and the letters."""

    def __init__(self, library: Library) -> None:
        content = casebook("papers")
        roles = content["roles"]
        lists = ("sign", "prepare", "hidden_from")
        rows = [
            row | {k: [roles[r] for r in row.get(k, ())] for k in lists}
            for row in content["papers"]
        ]
        self.papers = {row["document"]: Paper.model_validate(row) for row in rows}
        self.letters = {row["id"]: Letter.model_validate(row) for row in content["letters"]}
        self.notes_th: dict[str, str] = content["notes_th"]
        self.documents: Mapping[str, Document] = library.documents

    def paper(self, type_id: str) -> tuple[Paper, Document]:
        """A kind and its description; raises `PaperUnknown`."""
        if type_id not in self.papers:
            raise PaperUnknown(type_id=type_id)
        return self.papers[type_id], self.documents[type_id]

    def letter(self, letter_id: str) -> Letter:
        """A letter; raises `PaperUnknown`."""
        if letter_id not in self.letters:
            raise PaperUnknown(type_id=letter_id)
        return self.letters[letter_id]
