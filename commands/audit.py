"""``cmis audit``: whether the record is what was written, and a hash over all of it."""

from __future__ import annotations

from typing import Any

import typer

from cases.checkpoints import take
from commands.output import AsJson, emit
from commands.wiring import Wiring
from runtime.messages import sentence

app = typer.Typer(no_args_is_help=True, help="The record's trail: verify, checkpoint.")


@app.command("verify")
def verify(as_json: AsJson = False) -> None:
    """Check every case's chain, rows, plans, approvals and documents; exit 1 naming what broke."""
    report = Wiring.from_environment().proofs.verify()
    emit(report, as_json, verified_text)
    if not report["ok"]:
        raise typer.Exit(1)


@app.command("checkpoint")
def checkpoint(as_json: AsJson = False) -> None:
    """Fix the state of all cases in one hash now; write it down somewhere else."""
    made = take(Wiring.from_environment().database)
    emit({"checkpoint": made}, as_json, _checkpoint_text)


def verified_text(report: dict[str, Any]) -> str:
    """The findings, a line each, or that everything holds."""
    counts = {"cases": report["cases"], "events": report["events"]}
    if report["ok"]:
        lines = [sentence("proof.holds", **counts)]
    else:
        lines = [sentence("proof.broken", count=len(report["damage"]), **counts)]
        lines += [damage_line(d, d["case_number"] or d["case_id"]) for d in report["damage"]]
    last = report["checkpoint"]
    if last:
        lines.append(sentence("proof.checkpoint", number=last["number"], hash=last["hash"]))
    return "\n".join(lines)


def damage_line(damage: dict[str, Any], case: str | None) -> str:
    """One finding in words."""
    what = sentence(f"proof.kind.{damage['kind']}")
    return f"  {case or '-'}  {what}  {damage['subject']}"


def _checkpoint_text(report: dict[str, Any]) -> str:
    made = report["checkpoint"]
    if made is None:
        return sentence("proof.nothing_moved")
    return sentence("proof.checkpoint", number=made["number"], hash=made["hash"])
