"""``cmis schemes``: screen the welfare schemes against household facts."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from commands.output import AsJson, emit
from knowledge_base.eligibility import screen
from knowledge_base.library import load_library
from runtime.errors import BadInput
from runtime.messages import sentence


class FactsUnreadable(BadInput):
    """The facts file is not a JSON object."""

    code = "cli.facts_unreadable"


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("schemes")(schemes)


def schemes(
    file: Path,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Judge as of this day.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Screen every scheme against the household facts in FILE (a JSON object)."""
    day = as_of.date() if as_of else date.today()  # noqa: DTZ011 a calendar day where the user is
    verdicts = screen(load_library(), read_facts(file), day)
    emit([v.to_json() for v in verdicts], as_json, verdicts_text)


def read_facts(file: Path) -> dict[str, Any]:
    """The facts of a JSON file; raises `FactsUnreadable`."""
    try:
        facts = orjson.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise FactsUnreadable(file=file.name) from error
    if not isinstance(facts, dict):
        raise FactsUnreadable(file=file.name)
    return facts


def verdicts_text(rows: list[dict[str, Any]]) -> str:
    """The schemes, likely ones first, each with what to do, ask or appeal under it."""
    order = {"likely": 0, "assess": 1, "ask": 2, "unlikely": 3}
    rows = sorted(rows, key=lambda r: order[r["verdict"]])
    return "\n".join(line for row in rows for line in _lines(row))


def _lines(row: dict[str, Any]) -> list[str]:
    head = f"{sentence('scheme.verdict.' + row['verdict']):<16} {row['name_th']} ({row['id']})"
    told = (
        ("to_do", row["to_do_first"] if row["verdict"] in ("likely", "assess") else ()),
        ("ask", [row["question_th"]]),
        ("proof", [row["document_th"]]),
        ("failed", row["failed"]),
        ("appeal", [row["appeal_th"]]),
    )
    said = [(name, what) for name, many in told for what in many if what]
    return [head, *(f"    {sentence(f'scheme.line.{name}', what=what)}" for name, what in said)]
