"""``cmis research``: what a researcher gets of the record, in the name of their own account."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cases.extracts import jsonl, read_study
from cases.operators import operator
from cases.trial_registration import read_registration
from commands.output import AsJson, emit
from commands.wiring import Wiring
from runtime.messages import sentence

app = typer.Typer(no_args_is_help=True, help="Research: de-identified extracts, trials.")

Login = Annotated[str, typer.Option("--login", help="The researcher's account.")]


@app.command("extract")
def extract(
    study: Annotated[Path, typer.Option(help="The study, a YAML file.")],
    login: Login = "researcher",
    into: Annotated[
        Path | None, typer.Option(help="The JSONL file to write; STUDY.jsonl without it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write one de-identified row a case, and say what was made coarser or left out."""
    asked, wiring = read_study(study), Wiring.from_environment()
    research = wiring.services.research
    given = research.extracts.extract(operator(wiring.database, login), asked)
    file = into or Path(f"{asked.id}.jsonl")
    file.write_bytes(jsonl(given["rows"]))
    emit(given["report"] | {"file": str(file)}, as_json, _given)


@app.command("trial-start")
def trial_start(
    registration: Annotated[Path, typer.Argument(help="The registered trial, a YAML file.")],
    login: Login = "researcher",
    as_json: AsJson = False,
) -> None:
    """Freeze a registration and begin the trial."""
    asked, wiring = read_registration(registration), Wiring.from_environment()
    person = operator(wiring.database, login)
    emit(wiring.research.trials.start(person, asked), as_json, _trial)


@app.command("trial-end")
def trial_end(
    trial: Annotated[str, typer.Argument(help="The trial's id.")],
    reason: Annotated[str, typer.Option(help="Which part of the stop rule was met.")],
    login: Login = "researcher",
    as_json: AsJson = False,
) -> None:
    """End a trial: no more cases are taken in."""
    wiring = Wiring.from_environment()
    person = operator(wiring.database, login)
    emit(wiring.research.trials.end(person, trial, reason), as_json, _trial)


@app.command("trial-unblind")
def trial_unblind(
    trial: Annotated[str, typer.Argument(help="The trial's id.")],
    login: Login = "researcher",
    as_json: AsJson = False,
) -> None:
    """Say which arm each letter stands for, once the trial has ended; it is logged."""
    wiring = Wiring.from_environment()
    arms = wiring.research.trials.unblind(operator(wiring.database, login), trial)
    emit(arms, as_json, lambda found: "\n".join(f"{k}  {v}" for k, v in found.items()))


def _trial(found: dict[str, Any]) -> str:
    return f"{found['id']}  {found['taken']}  sha256 {found['sha256']}"


def _given(report: dict[str, Any]) -> str:
    return sentence(
        "cli.research.written",
        cases=report["cases"],
        file=report["file"],
        k=report["k"],
        smallest=report["smallest_class"],
        steps=", ".join(f"{s['column']} → {s['to']}" for s in report["generalised"]) or "–",
        suppressed=report["suppressed"],
    )
