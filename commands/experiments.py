"""``cmis eval run``, ``compare``, ``all``, ``smoke``: experiments, their runs and one report."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.output import AsJson, emit, progress
from commands.wiring import Wiring
from evals.experiments import Experiment, ExperimentBroken, read_experiment, suite
from evals.floors import FLOORS, check, read_floors
from evals.parts import Step
from evals.report import write_report
from evals.runs import Run, compare_runs, read_run, run_all
from evals.sensitivity import moved, sensitivity_table, write_table
from evals.state import state
from evals.synthetic import vignettes
from evals.written import write_between
from runtime.messages import sentence
from runtime.settings import load_settings

Into = Annotated[
    Path | None, typer.Option(help="Where runs and the report go; the data folder without it.")
]
CORES = os.cpu_count() or 1
Processes = Annotated[int, typer.Option(min=1, help="Processes that share the cases.")]
Anew = Annotated[bool, typer.Option("--anew", help="Measure again what is stored already.")]
Write = Annotated[Path | None, typer.Option(help="A document with a place for the figures.")]
Lang = Annotated[str, typer.Option(help="Language of the report: en or th.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to ``cmis eval``."""
    app.command("run")(one)
    app.command("all")(every)
    app.command("smoke")(smoke)
    app.command("compare")(compare)
    app.command("sensitivity")(sensitivity)
    app.command("synthetic")(synthetic)


def one(
    experiment: Annotated[Path, typer.Argument(help="An experiment, a YAML file.")],
    into: Into = None,
    processes: Processes = CORES,
    anew: Anew = False,
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """Run one experiment, or take up a stopped one, and report it."""
    _reported([read_experiment(experiment)], into, processes, anew, lang, as_json)


def every(
    into: Into = None,
    processes: Processes = CORES,
    anew: Anew = False,
    lang: Lang = "en",
    write: Write = None,
    as_json: AsJson = False,
) -> None:
    """Run every family on the embedded defaults and write one report."""
    runs = _reported(suite("all"), into, processes, anew, lang, as_json)
    if write:
        write_between(write, "state", state([r.document for r in runs]))


def smoke(
    into: Into = None,
    processes: Processes = 1,
    floors: Annotated[Path, typer.Option(help="Stored floors, a YAML file.")] = FLOORS,
    only: Annotated[str, typer.Option(help="One experiment of the suite, by its id.")] = "",
    as_json: AsJson = False,
) -> None:
    """Run small samples and check the stored floors; ends with 1 when one is not held."""
    asked = [e for e in suite("smoke") if only in ("", e.id)]
    if not asked:
        raise ExperimentBroken(file=only, reason="no such experiment in the suite")
    runs = _measured(asked, _folder(into), min(processes, len(asked)), True)
    held = check(runs, read_floors(floors))
    emit({"floors": held, "holds": all(r["holds"] for r in held)}, as_json, _floors_text)
    if not all(row["holds"] for row in held):
        raise typer.Exit(1)


def compare(
    ours: Annotated[Path, typer.Argument(help="The folder of a run.")],
    theirs: Annotated[Path, typer.Argument(help="The folder of another run.")],
    engine: Annotated[
        str | None, typer.Option(help="Of both runs; their first without it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Paired differences of two runs over the same cases."""
    emit(compare_runs(read_run(ours), read_run(theirs), engine), as_json, _differences_text)


def sensitivity(
    into: Into = None,
    processes: Processes = CORES,
    write: Write = None,
    as_json: AsJson = False,
) -> None:
    """Break one part at a time and see the right figure fall; ends with 1 when one does not."""
    runs = _measured(suite("sensitivity"), _folder(into), processes, False)
    rows = moved(runs)
    if write:
        write_table(write, runs, rows)
    report = [{**asdict(r), "visible": r.visible, "certain": r.certain} for r in rows]
    emit({"breaks": report}, as_json, lambda _: sensitivity_table(rows))
    if not all(row.visible for row in rows):
        raise typer.Exit(1)


def synthetic(
    into: Annotated[Path, typer.Argument(help="The YAML file to write.")],
    count: Annotated[int, typer.Option(min=1, help="How many stories.")] = 100,
    seed: Annotated[int, typer.Option(help="The same seed gives the same stories.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Write synthetic stories with keys for load and property tests, never for quality."""
    into.write_text(vignettes(count, seed), encoding="utf-8")
    emit({"file": str(into), "count": count, "seed": seed}, as_json, lambda done: done["file"])


def _reported(
    experiments: list[Experiment],
    into: Path | None,
    processes: int,
    anew: bool,
    lang: str,
    as_json: bool,
) -> list[Run]:
    folder = _folder(into)
    runs = _measured(experiments, folder, processes, anew)
    page = write_report(runs, folder / "report", lang)
    emit({"report": str(page), "runs": [_brief(r) for r in runs]}, as_json, _runs_text)
    return runs


def _measured(experiments: list[Experiment], folder: Path, processes: int, anew: bool) -> list[Run]:
    wiring = Wiring.from_environment()
    opened = Wiring.from_environment if processes > 1 else lambda: wiring
    with progress(sentence("cli.eval.working")) as step:
        return run_all(
            experiments, opened, folder, processes=processes, anew=anew, step=_named(step)
        )


def _named(step: Step) -> Step:
    """Steps with the sentence that says what is measured."""
    return lambda share, note: step(share, sentence("cli.eval.run", name=note))


def _folder(into: Path | None) -> Path:
    return into or load_settings().data_dir / "evaluations"


def _brief(done: Run) -> dict[str, Any]:
    document = done.document
    return {
        "experiment": document["experiment"]["id"],
        "folder": str(done.folder),
        "cases": document["cases"],
        "seconds": document["times"]["seconds"],
        "engines": {
            name: {"figures": found["figures"], "ci": found["ci"]}
            for name, found in document["engines"].items()
        },
        "against_first": document["against_first"],
    }


def _runs_text(report: dict[str, Any]) -> str:
    lines = [
        f"{done['experiment']:<12} {engine:<18} {name:<22} {_number(value)}"
        for done in report["runs"]
        for engine, found in done["engines"].items()
        for name, value in found["figures"].items()
    ]
    return "\n".join([*lines, sentence("cli.eval.written", folder=report["report"])])


def _floors_text(report: dict[str, Any]) -> str:
    below = [
        sentence(
            "cli.eval.below",
            metric=row["metric"],
            family=row["experiment"],
            value=_number(row["value"]),
            floor=row["floor"],
        )
        for row in report["floors"]
        if not row["holds"]
    ]
    return "\n".join(below) or sentence("cli.eval.floors_hold", count=len(report["floors"]))


def _differences_text(report: dict[str, Any]) -> str:
    return "\n".join(
        f"{name:<22} {d['value']:+.3f} [{d['low']:+.3f}, {d['high']:+.3f}]  p {d['p_holm']:.3f}"
        for name, d in report["differences"].items()
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
