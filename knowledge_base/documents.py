"""The nineteen inter-agency documents: who makes, signs and receives each, and on what basis."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from knowledge_base.entries import Confidence, Entry, Frozen, Kind, Source
from knowledge_base.marked_yaml import read_marked, unmarked


class Document(Frozen):
    """One document of the register."""

    id: str
    number: int
    name_th: str
    name_en: str | None = None
    status: str
    from_th: str
    to_th: str
    steps: tuple[int, ...] = ()
    basis_th: str
    signed_by_th: str
    secrecy: str
    fields_th: tuple[str, ...] = ()
    confidence: Confidence
    reviewed_on: date


def load_documents(data_dir: Path) -> dict[str, Document]:
    """The documents of ``documents.yaml`` by id (``doc:1`` … ``doc:19``)."""
    rows = unmarked(read_marked(data_dir / "documents.yaml"))["documents"]
    return {row["id"]: Document.model_validate(row) for row in rows}


def document_entry(document: Document) -> Entry:
    """What search reads and a draft cites of a document."""
    parts = (document.from_th, document.to_th, document.basis_th, document.signed_by_th)
    return Entry(
        id=document.id,
        kind=Kind.DOCUMENT,
        title_th=document.name_th,
        title_en=document.name_en,
        text_th=" · ".join([document.name_th, *parts, *document.fields_th]),
        context_th=document.name_th,
        confidence=document.confidence,
        sources=(Source(ref=document.id),),
        reviewed_on=document.reviewed_on,
        file=f"documents.yaml:{document.number}",
    )
