"""``cmis start``: the main job on embedded defaults, from nothing to a draft, then serve."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.draft import draft_narrative
from commands.output import out
from commands.serve import serve_wired
from commands.wiring import Wiring
from intake.narrative import read_narrative
from planner.rendering import draft_text
from runtime.logs import configure
from runtime.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("start")(start)


def start(
    sample: Annotated[Path, typer.Option(help="A narrative to draft first.")],
    serve: Annotated[bool, typer.Option("--serve/--no-serve")] = True,
) -> None:
    """Load the knowledge, draft SAMPLE, then serve with a demo office."""
    narrative = read_narrative(sample)
    settings = load_settings(demo=True)
    configure(settings)
    wiring = Wiring(settings)
    out.print(draft_text(draft_narrative(wiring, narrative)), markup=False)
    if serve:
        serve_wired(wiring)
