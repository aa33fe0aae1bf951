"""``cmis search``: look something up in the knowledge base."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from commands.output import AsJson, emit
from commands.wiring import Wiring
from knowledge_base.entries import Kind
from runtime.actor import Actor
from runtime.messages import sentence


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("search")(search)


def search(
    query: str,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many to show.")] = 10,
    kind: Annotated[Kind | None, typer.Option(help="Only this kind of entry.")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="In force on this day.")
    ] = None,
    agency: Annotated[
        str | None, typer.Option(help="Also this agency's own documents (its id).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Search law, schemes, practice and added documents for QUERY."""
    hits = Wiring.from_environment().office_search.find(
        query,
        k=k,
        kinds={kind} if kind else None,
        as_of=as_of.date() if as_of else None,
        actor=Actor("", agency, "") if agency else None,
    )
    rows = [
        {
            "id": h.id,
            "title": h.title,
            "kind": h.kind,
            "score": round(h.score, 4),
            "text": h.text,
            "source": h.source,
            "legs": h.legs,
            "review": h.review,
            "official": h.official,
            "page": h.page,
        }
        for h in hits
    ]
    emit(rows, as_json, hits_text)


def hits_text(rows: list[dict[str, Any]]) -> str:
    """One paragraph a hit."""
    return "\n\n".join(
        f"{r['score']:.3f}  {r['id']}  {r['title']}{_reviewed(r)}\n{r['text']}" for r in rows
    )


def _reviewed(row: dict[str, Any]) -> str:
    """How far an added document has been reviewed; nothing for the library's own entries."""
    return f"  ({sentence('kb.review.' + row['review'])})" if row["review"] else ""
