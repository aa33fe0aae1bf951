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
    """One line a scheme, likely ones first."""
    order = {"likely": 0, "assess": 1, "ask": 2, "unlikely": 3}
    rows = sorted(rows, key=lambda r: order[r["verdict"]])
    return "\n".join(
        f"{sentence('scheme.verdict.' + r['verdict']):<16} {r['name_th']} ({r['id']})" for r in rows
    )
