"""``cmis eval``: researchers' figures on intake, knowledge and planner, each with its interval."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cases.trial_registration import read_registration
from commands.fitting import fit_weights, left_out
from commands.learning_curve import curve
from commands.output import AsJson, emit, progress
from commands.wiring import Wiring
from evals.beir import read_beir
from evals.coding import evaluate_coding
from evals.doubles import COUNT, evaluate_doubles
from evals.drafting import evaluate_drafting
from evals.family_workers import WORKERS, read_extract
from evals.people import evaluate_people
from evals.plan_matching import PlanMatcher
from evals.plots import calibration_plot
from evals.privacy import evaluate_privacy
from evals.privacy_sets import PrivacySetMissing, read_spans, read_vignettes
from evals.questions import read_own
from evals.retrieval import evaluate_set
from evals.speech import evaluate_speech, read_manifest
from evals.statistics import intervals
from evals.stories import stories
from evals.trial_analysis import analyse
from intake.people_reading import find_people
from intake.privacy import Masker
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.library import load_library
from runtime.messages import sentence

app = typer.Typer(no_args_is_help=True, help="Evaluate intake, retrieval, drafting, privacy.")

Vignettes = Annotated[Path, typer.Option(help="Vignettes with keys, a YAML file.")]


@app.command("retrieval")
def retrieval(
    beir: Annotated[
        Path | None, typer.Option(help="A BEIR folder; without it, our own questions.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """How well search finds, over a folder's questions or our own over the knowledge base."""
    judged = read_beir(beir) if beir else read_own(load_library())
    wiring = Wiring.from_environment()
    kept = KeptVectors(wiring.settings.cache_dir)
    with progress(sentence("cli.eval.working")) as step:
        report = evaluate_set(judged, wiring.embedder, step, kept)
    emit(report, as_json, figures_text)


@app.command("coding")
def coding(
    vignettes: Vignettes,
    plot: Annotated[
        Path | None, typer.Option(help="Where the calibration is drawn, an SVG file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """How well stories are coded, against expert keys; with weights fitted without each, too."""
    wiring = Wiring.from_environment()
    report = evaluate_coding(vignettes, wiring.coder)
    report["left_out"] = left_out(wiring, stories(vignettes))
    if plot:
        plot.write_text(calibration_plot(report["calibration"]["table"]), encoding="utf-8")
    emit(report, as_json, coding_text)


@app.command("workers")
def workers(
    extract: Annotated[Path, typer.Option(help="A de-identified extract, a JSONL file.")],
    as_json: AsJson = False,
) -> None:
    """What workers kept of proposals and drafts, and which codes they remove most."""
    rows = read_extract(extract)
    found = WORKERS.figures(rows)
    report = {**found, "ci": intervals(rows, WORKERS.figures), **WORKERS.detail(rows)}
    emit(report, as_json, figures_text)


@app.command("trial")
def trial(
    registration: Annotated[Path, typer.Option(help="The registered trial, a YAML file.")],
    extract: Annotated[Path, typer.Option(help="A de-identified extract, a JSONL file.")],
    as_json: AsJson = False,
) -> None:
    """The registered outcome by arm, and what lies between the arms."""
    asked = read_registration(registration)
    found = analyse(read_extract(extract), asked.id, asked.outcome, seed=asked.seed)
    emit({**found, "registration_sha256": asked.sha256}, as_json, trial_text)


@app.command("people")
def people(
    vignettes: Annotated[list[Path], typer.Option(help="Stories that have keys of people, YAML.")],
    as_json: AsJson = False,
) -> None:
    """How well the client, who is blamed and who reports are found, against keys read by hand."""
    emit(evaluate_people(vignettes, find_people), as_json, figures_text)


@app.command("doubles")
def doubles(
    count: Annotated[int, typer.Option(min=10, max=5000, help="Persons to generate.")] = COUNT,
    as_json: AsJson = False,
) -> None:
    """How well a person spelled another way is found again, on generated persons."""
    emit(evaluate_doubles(count), as_json, figures_text)


app.command("fit")(fit_weights)
app.command("curve")(curve)


@app.command("privacy")
def privacy(
    vignettes: Annotated[
        Path | None, typer.Option(help="Vignettes with keys, a YAML file.")
    ] = None,
    spans: Annotated[Path | None, typer.Option(help="Annotated texts, a JSONL file.")] = None,
    as_json: AsJson = False,
) -> None:
    """How much of what identifies people is masked, and how much else."""
    if (vignettes is None) == (spans is None):
        raise PrivacySetMissing
    texts = read_vignettes(vignettes) if vignettes else read_spans(spans or Path())
    with progress(sentence("cli.eval.working")) as step:
        report = evaluate_privacy(texts, Masker(), step)
    emit(report, as_json, privacy_text)


@app.command("speech")
def speech(
    manifest: Annotated[Path, typer.Option(help="Recordings with their text, a JSONL file.")],
    as_json: AsJson = False,
) -> None:
    """How well recordings are heard, and how fast."""
    clips = read_manifest(manifest)
    with progress(sentence("cli.eval.working")) as step:
        report = evaluate_speech(clips, Wiring.from_environment().listener, step)
    emit(report, as_json, figures_text)


def trial_text(found: dict[str, Any]) -> str:
    """One line an arm, then one a difference."""
    arms = [
        f"{arm:<16} {row['measured']}/{row['assigned']}"
        + ("  –" if row["mean"] is None else f"  {row['mean']:.3f}{_within(row['ci'])}")
        for arm, row in found["arms"].items()
    ]
    between = [
        f"{name:<16} {d['value']:+.3f}{_within((d['low'], d['high']))}  p {d['p_holm']:.3f}"
        for name, d in found["differences"].items()
    ]
    return "\n".join([*arms, *between])


def privacy_text(report: dict[str, Any]) -> str:
    """The figures of all types, then one line a type."""
    lines = [
        f"{kind:<10} recall {row['recall']:.3f}{_within(report['ci'].get(f'{kind}.recall'))}"
        f"  entities {row['entity_recall']:.3f}  precision {row['precision']:.3f}"
        f"  n {row['entities']}"
        for kind, row in report["by_type"].items()
    ]
    return "\n".join([figures_text(report), *lines])


@app.command("drafting")
def drafting(vignettes: Vignettes, as_json: AsJson = False) -> None:
    """How good drafts are, against expert keys; the composer or the configured model writes."""
    wiring = Wiring.from_environment()
    with progress(sentence("cli.eval.working")) as step:
        wiring.ensure_knowledge(step)
        matcher = PlanMatcher(wiring.library, wiring.embedder.passages)
        report = evaluate_drafting(
            vignettes, wiring.coder, wiring.planner, wiring.library, matcher, step
        )
    emit(report, as_json, figures_text)


def coding_text(report: dict[str, Any]) -> str:
    """The plain figures, the left-out ones, and the table of calibration."""
    calibration, left_out = report["calibration"], report["left_out"]
    table = [
        f"  {b['low']:.1f}-{b['high']:.1f}  n {b['count']:<4} score {b['score']:.3f}"
        f"  right {b['right']:.3f}"
        for b in calibration["table"]
    ]
    error = "–" if calibration["error"] is None else f"{calibration['error']:.3f}"
    parts = [
        figures_text(report),
        f"{'calibration_error':<20} {error}{_within(calibration['ci'])}",
        *table,
    ]
    return "\n".join([*parts, *(["left_out", figures_text(left_out)] if left_out else [])])


def figures_text(report: dict[str, Any]) -> str:
    """One line a figure, with its interval where it has one."""
    intervals = report.get("ci", {})
    numbers = {k: v for k, v in report.items() if isinstance(v, (int, float))}
    return "\n".join(f"{k:<20} {v:.3f}{_within(intervals.get(k))}" for k, v in numbers.items())


def _within(interval: Any) -> str:
    return f"  [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
