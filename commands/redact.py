"""``cmis redact``: one text without the words that identify people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from commands.output import AsJson, emit
from intake.narrative import read_narrative
from intake.privacy import Masker


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("redact")(redact)


def redact(file: Path, as_json: AsJson = False) -> None:
    """Mask FILE: print its text with placeholders, and what was masked with ``--json``."""
    masked = Masker().mask(read_narrative(file).text)
    data: dict[str, Any] = {"text": masked.text, "spans": [s.model_dump() for s in masked.spans]}
    emit(data, as_json, lambda d: str(d["text"]))
