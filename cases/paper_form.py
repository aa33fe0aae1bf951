"""A document before it becomes a file: headings, filled or empty fields, places to sign."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cases.paper_values import Values, some
from cases.papers import Letter, Paper, Papers
from knowledge_base.documents import Document

BLANK_LINES = 2
PLACE = re.compile(r"\{(\w+)\}")
DOTS = "." * 40


@dataclass(frozen=True, slots=True)
class Field:
    """A label and what stands in it; nothing leaves ``blank`` lines to write on."""

    label: str
    lines: tuple[str, ...] = ()
    blank: int = 0


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign; ``lines`` say who, where that is known."""

    who: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One document's content."""

    title: str
    reference: str
    fields: tuple[Field, ...]
    paragraphs: tuple[str, ...]
    signatures: tuple[Signature, ...]
    notes: tuple[str, ...]
    footer: str
    page: str
    signature_word: str
    day_word: str


def filled_form(
    papers: Papers, paper: Paper, document: Document, values: Values, *, signs: bool
) -> Form:
    """The form of a kind; ``signs``: whoever drafts may sign it, so the name is printed."""
    values = {**values, "confidential": some(paper.confidential_th)}
    fields = tuple(
        _field(label, paper.fills.get(number, ()), values)
        for number, label in enumerate(document.fields_th, 1)
    )
    body = (document.name_th, fields, ())
    return _form(papers, paper, document, body, values, signs=signs)


def places(letter: Letter) -> set[str]:
    """The places of a letter, by name."""
    return {name for line in letter.body_th for name in PLACE.findall(line)}


def filled_letter(papers: Papers, letter: Letter, values: Values, *, signs: bool) -> Form:
    """A letter with its places filled; one without a value is dotted."""
    paper, document = papers.paper(letter.document)
    words = tuple(PLACE.sub(lambda m: _words(values, m[1]), line) for line in letter.body_th)
    body = (letter.title_th, (), words)
    return _form(papers, paper, document, body, values, signs=signs)


def _form(
    papers: Papers,
    paper: Paper,
    document: Document,
    body: tuple[str, tuple[Field, ...], tuple[str, ...]],
    values: Values,
    *,
    signs: bool,
) -> Form:
    said = papers.notes_th
    one = {key: " ".join(words) for key, words in values.items()}
    notes = [said["draft"]]
    notes += [said["official"]] if paper.official else []
    notes += [] if signs or paper.official else [said["prepared"]]
    notes += [paper.confidential_th] if paper.confidential_th else []
    return Form(
        title=body[0],
        reference=said["number"].format(number=one["number"]),
        fields=body[1],
        paragraphs=body[2],
        signatures=_signatures(paper, said, one, signs=signs),
        notes=(said["secret"].format(secrecy=document.secrecy), *notes),
        footer=said["printed"].format(**{k: one[k] for k in ("person", "agency", "now")}),
        page=said["page"],
        signature_word=said["signature"],
        day_word=said["day"],
    )


def _signatures(
    paper: Paper, said: dict[str, str], one: dict[str, str], *, signs: bool
) -> tuple[Signature, ...]:
    name, position = one["signer"], one["position"]
    known = [said["name"].format(name=name), said["position"].format(position=position)]
    known += [said["card"].format(card=one["card"])] if paper.official and one["card"] else []
    empty = (said["name"].format(name=DOTS), said["position"].format(position=DOTS))
    return tuple(
        Signature(who, tuple(known) if signs and number == 0 else empty)
        for number, who in enumerate(paper.signers_th)
    )


def _field(label: str, keys: tuple[str, ...], values: Values) -> Field:
    lines = tuple(line for key in keys for line in values.get(key, ()))
    return Field(label, lines, 0 if lines else BLANK_LINES)


def _words(values: Values, key: str) -> str:
    return ", ".join(values.get(key, ())) or DOTS
