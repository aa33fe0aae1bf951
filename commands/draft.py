"""``cmis draft``: one narrative to a draft assessment and care plan."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.output import AsJson, emit, progress
from commands.wiring import Wiring
from intake.narrative import Narrative, read_narrative
from planner.rendering import draft_json, draft_text
from planner.schemas import Draft
from runtime.clock import BANGKOK, now
from runtime.messages import sentence


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("draft")(draft)


def draft(
    file: Path,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Law and rates in force on this day."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draft an assessment and a care plan from the narrative in FILE."""
    narrative = read_narrative(file)
    made = draft_narrative(Wiring.from_environment(), narrative, as_of)
    emit(draft_json(made), as_json, lambda _: draft_text(made))


def draft_narrative(wiring: Wiring, narrative: Narrative, as_of: datetime | None = None) -> Draft:
    """Code and draft with a progress bar; the knowledge is loaded first where it is not.

    Without an embedding model a draft is made by rules and without search, and says so.
    """
    received = now()
    day = as_of.date() if as_of else received.astimezone(BANGKOK).date()
    with progress(sentence("cli.draft.working")) as step:
        if wiring.embedder_or_none:
            wiring.ensure_knowledge(step)
        coded = wiring.coder.code(narrative)
        return wiring.planner.draft(
            narrative, coded, as_of=day, received_at=received, progress=step
        )
