"""``cmis kb add``, ``sources``, ``review`` and ``remove``: an office's own documents."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.output import AsJson, emit, err, progress
from commands.wiring import Wiring
from knowledge_base import sources as shelf
from runtime.messages import sentence

Agency = Annotated[str | None, typer.Option("--agency", help="Only for this agency (its id).")]
By = Annotated[str | None, typer.Option("--by", help="In whose name; else the computer's user.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to ``cmis kb``."""
    app.command("add")(add)
    app.command("sources")(sources)
    app.command("review")(review)
    app.command("remove")(remove)


def add(
    paths: list[Path],
    agency: Agency = None,
    shared: Annotated[bool, typer.Option("--shared", help="For everybody (the default).")] = False,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Add documents or statutes: PDF, DOCX, HTML, TXT, Markdown, JSONL, or folders of them."""
    if shared and agency:
        raise typer.BadParameter(sentence("cli.kb.shared_or_agency"))
    wiring = Wiring.from_environment()
    place = wiring.shelf(agency, by or person())
    with progress(sentence("cli.kb.adding")) as step:
        report = place.add(paths, step)
    emit(report.to_json(), as_json, _added)
    for failure in report.failed:
        err.print(f"{failure.path}: {failure.message_th}\n{failure.message_en}", markup=False)
    if report.failed:
        raise typer.Exit(2)


def sources(agency: Agency = None, as_json: AsJson = False) -> None:
    """List the documents that were added, and whether each has been reviewed."""
    found = shelf.listed(Wiring.from_environment().database, agency)
    emit([s.model_dump(mode="json") for s in found], as_json, _listed)


def review(
    source: str,
    accept: Annotated[bool, typer.Option("--accept/--reject", help="May it be cited?")],
    agency: Agency = None,
    by: By = None,
    reason: Annotated[str, typer.Option("--reason", help="Why, for whoever asks later.")] = "",
    as_json: AsJson = False,
) -> None:
    """Accept or reject SOURCE; only what is accepted may be cited."""
    database, who = Wiring.from_environment().database, by or person()
    done = shelf.review(database, source, accept=accept, by=who, reason=reason, agency=agency)
    emit(done.model_dump(mode="json"), as_json, lambda row: _listed([row]))


def remove(source: str, agency: Agency = None, as_json: AsJson = False) -> None:
    """Take SOURCE out, with its passages and vectors."""
    shelf.remove(Wiring.from_environment().database, source, agency)
    emit({"removed": source}, as_json, lambda row: str(row["removed"]))


def person() -> str:
    """The user of this computer, as provenance names them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _added(report: dict[str, Any]) -> str:
    lines = [
        sentence("cli.kb.added", path=a["path"], source=a["source"], passages=a["passages"])
        + (
            " " + sentence("cli.kb.near", source=a["near_duplicate_of"], share=a["similarity"])
            if a["near_duplicate_of"]
            else ""
        )
        for a in report["added"]
    ]
    lines += [sentence("cli.kb.skipped", path=a["path"]) for a in report["skipped"]]
    batch = sentence(
        "cli.kb.batch",
        added=len(report["added"]),
        skipped=len(report["skipped"]),
        failed=len(report["failed"]),
    )
    return "\n".join([*lines, batch])


def _listed(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return sentence("cli.kb.no_sources")
    return "\n".join(
        f"{row['id']}  {sentence('kb.review.' + row['review'])}  {row['agency_id'] or '*'}  "
        f"{row['passages']}  {row['title']}  ({row['file_name']}, {row['added_by']}, "
        f"{str(row['added_at'])[:10]})"
        for row in rows
    )
