"""``cmis eval``: researchers' figures on intake, knowledge and planner, each with its interval."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.output import AsJson, emit, progress
from commands.wiring import Wiring
from evals.beir import read_beir
from evals.coding import evaluate_coding
from evals.drafting import evaluate_drafting
from evals.plan_matching import PlanMatcher
from evals.privacy import evaluate_privacy
from evals.privacy_sets import PrivacySetMissing, read_spans, read_vignettes
from evals.questions import read_own
from evals.retrieval import evaluate_set
from evals.speech import evaluate_speech, read_manifest
from intake.privacy import Masker
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
    with progress(sentence("cli.eval.working")) as step:
        report = evaluate_set(judged, Wiring.from_environment().embedder, step)
    emit(report, as_json, figures_text)


@app.command("coding")
def coding(vignettes: Vignettes, as_json: AsJson = False) -> None:
    """How well stories are coded, against expert keys."""
    emit(evaluate_coding(vignettes, Wiring.from_environment().coder), as_json, figures_text)


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


def figures_text(report: dict[str, Any]) -> str:
    """One line a figure, with its interval where it has one."""
    intervals = report.get("ci", {})
    numbers = {k: v for k, v in report.items() if isinstance(v, (int, float))}
    return "\n".join(f"{k:<20} {v:.3f}{_within(intervals.get(k))}" for k, v in numbers.items())


def _within(interval: Any) -> str:
    return f"  [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
