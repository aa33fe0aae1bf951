"""``cmis kb``: load the knowledge base into the database, check its files, say what is stale."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from cases.staleness import stale_plans
from commands import kb_sources
from commands.output import AsJson, emit, progress
from commands.wiring import Wiring
from knowledge_base.checks import check as check_files
from knowledge_base.checks import counts
from knowledge_base.library import DATA
from knowledge_base.review import due_for_review, load_review
from runtime.clock import today
from runtime.messages import sentence

app = typer.Typer(no_args_is_help=True, help="The knowledge base: load, check, add, stale.")
kb_sources.register(app)


@app.command("load")
def load(as_json: AsJson = False) -> None:
    """Load the reviewed files into the database; only what changed is embedded anew."""
    with progress(sentence("cli.kb.loading")) as step:
        report = Wiring.from_environment().load_knowledge(step)
    emit(report.to_json(), as_json, _counts)


@app.command("prepare")
def prepare() -> None:
    """Unpack the models and embed the knowledge into the cache folder, without a database.

    What the first start would do in minutes; for images and for machines that serve at once.
    """
    with progress(sentence("cli.kb.preparing")) as step:
        Wiring.from_environment().prepare(step)


@app.command("stale")
def stale(
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Due by this day.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Entries due for review, and open plans that cite an entry changed since."""
    wiring = Wiring.from_environment()
    day = as_of.date() if as_of else today()
    due = due_for_review(wiring.library, load_review(DATA), day)
    report = {
        "as_of": day.isoformat(),
        "due": [d.model_dump(mode="json") for d in due],
        "plans": [p.model_dump(mode="json") for p in stale_plans(wiring.database, wiring.library)],
    }
    emit(report, as_json, stale_text)


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


def stale_text(report: dict[str, Any]) -> str:
    """What is due, then which plans cite what changed; a line each."""
    lines = [sentence("kb.stale.due", count=len(report["due"]), day=report["as_of"])]
    lines += [f"  {d['due_on'] or '-':<10}  {d['id']}  {d['title_th']}" for d in report["due"]]
    lines.append(sentence("kb.stale.plans", count=len(report["plans"])))
    for plan in report["plans"]:
        cited = ", ".join(c["id"] for c in plan["citations"])
        lines.append(f"  {plan['case_number']}/{plan['version']}  {cited}")
    return "\n".join(lines)
