"""``cmis kb``: load the knowledge base into the database, and check its files."""

from __future__ import annotations

from typing import Any

import typer

from commands import kb_sources
from commands.output import AsJson, emit, progress
from commands.wiring import Wiring
from knowledge_base.checks import check as check_files
from knowledge_base.checks import counts
from knowledge_base.library import DATA
from runtime.messages import sentence

app = typer.Typer(no_args_is_help=True, help="The knowledge base: load, check, add.")
kb_sources.register(app)


@app.command("load")
def load(as_json: AsJson = False) -> None:
    """Load the reviewed files into the database; only what changed is embedded anew."""
    with progress(sentence("cli.kb.loading")) as step:
        report = Wiring.from_environment().load_knowledge(step)
    emit(report.to_json(), as_json, _counts)


@app.command("check")
def check(as_json: AsJson = False) -> None:
    """Validate every knowledge file; exit 1 and name file and line when something is wrong."""
    rows = [f.to_json() for f in check_files(DATA)]
    held = None if rows else counts(DATA).model_dump()
    emit({"ok": not rows, "counts": held, "findings": rows}, as_json, _findings)
    if rows:
        raise typer.Exit(1)


def _counts(report: dict[str, Any]) -> str:
    return "\n".join(f"{key}: {value}" for key, value in report.items())


def _findings(result: dict[str, Any]) -> str:
    if result["ok"]:
        return f"{sentence('cli.kb.clean')}\n{_counts(result['counts'])}"
    return "\n".join(f"{f['file']}:{f['line']}: {f['message_th']}" for f in result["findings"])
