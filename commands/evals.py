"""``cmis eval``: researchers' figures on intake, knowledge and planner, each with its interval."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.output import AsJson, emit, progress
from commands.wiring import Wiring
from evals.coding import evaluate_coding
from evals.retrieval import evaluate_beir
from runtime.messages import sentence

app = typer.Typer(no_args_is_help=True, help="Evaluate intake, retrieval, drafting, privacy.")

Vignettes = Annotated[Path, typer.Option(help="Vignettes with keys, a YAML file.")]


@app.command("retrieval")
def retrieval(
    beir: Annotated[Path, typer.Option(help="A BEIR folder.")], as_json: AsJson = False
) -> None:
    """How well search finds, over the folder's questions."""
    with progress(sentence("cli.eval.working")) as step:
        report = evaluate_beir(beir, Wiring.from_environment().embedder, step)
    emit(report, as_json, figures_text)


@app.command("coding")
def coding(vignettes: Vignettes, as_json: AsJson = False) -> None:
    """How well stories are coded, against expert keys."""
    emit(evaluate_coding(vignettes, Wiring.from_environment().coder), as_json, figures_text)


def figures_text(report: dict[str, Any]) -> str:
    """One line a figure, with its interval where it has one."""
    intervals = report.get("ci", {})
    numbers = {k: v for k, v in report.items() if isinstance(v, (int, float))}
    return "\n".join(f"{k:<20} {v:.3f}{_within(intervals.get(k))}" for k, v in numbers.items())


def _within(interval: Any) -> str:
    return f"  [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
