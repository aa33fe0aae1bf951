"""``cmis search``: look something up in the knowledge base, or gather the set a problem needs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer

from commands.output import AsJson, emit
from commands.wiring import Wiring
from knowledge_base.entries import Kind
from knowledge_base.evidence import gather
from knowledge_base.search import QueryEmpty
from runtime.actor import Actor
from runtime.clock import today
from runtime.messages import sentence


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("search")(search)


def search(
    query: Annotated[str, typer.Argument(help="What to look for.")] = "",
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many to show.")] = 10,
    kind: Annotated[list[Kind] | None, typer.Option(help="Only these kinds of entry.")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="In force on this day.")
    ] = None,
    *,
    agency: Annotated[
        str | None, typer.Option(help="Also this agency's own documents (its id).")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(help="Only the library's entries of this act, section or source id."),
    ] = None,
    follow: Annotated[bool, typer.Option(help="Also what the hits refer to.")] = False,
    code: Annotated[
        list[str] | None,
        typer.Option("--set", help="Gather law, schemes and practice of this problem code."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Search law, schemes, practice and documents for QUERY, or gather the set of --set CODE."""
    day = as_of.date() if as_of else None
    if code:
        emit(evidence_json(code, day or today()), as_json, evidence_text)
        return
    if not query.strip():
        raise QueryEmpty
    wiring, actor = Wiring.from_environment(), Actor("", agency, "") if agency else None
    hits = wiring.office_search.find(query, k, kind, day, actor, source)
    if follow:
        hits += wiring.search.following(hits, day)
    emit([hit.model_dump() for hit in hits], as_json, hits_text)


def hits_text(rows: list[dict[str, Any]]) -> str:
    """One paragraph a hit."""
    return "\n\n".join(
        f"{r['score']:.3f}  {r['id']}  {r['title']}{_reviewed(r)}\n{r['text']}" for r in rows
    )


def evidence_json(codes: list[str], day: date) -> dict[str, Any]:
    """Entry ids by code and kind, and the kinds still missing by code."""
    wiring = Wiring.from_environment()
    found = gather(wiring.library, wiring.search, codes, day)
    return {**found.model_dump(mode="json"), "complete": found.is_complete}


def evidence_text(found: dict[str, Any]) -> str:
    """One line a code and kind, then what is missing."""
    lines = [
        f"{code}  {kind}  {', '.join(ids)}"
        for code, kinds in found["by_code"].items()
        for kind, ids in kinds.items()
    ]
    lines += [
        sentence("cli.search.missing", problem=code, kinds=", ".join(kinds))
        for code, kinds in found["missing"].items()
    ]
    return "\n".join(lines)


def _reviewed(row: dict[str, Any]) -> str:
    """How far an added document has been reviewed; nothing for the library's own entries."""
    return f"  ({sentence('kb.review.' + row['review'])})" if row["review"] else ""
