"""``cmis eval fit``: the numbers that join rules and classifiers, fitted anew and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.output import AsJson, emit
from commands.wiring import Wiring
from evals.calibrating import calibrate
from evals.fitted_files import write_codes, write_flags
from evals.fitting import Exam, Examples, Fit, beside, fit, together
from evals.left_out import left_out_figures
from evals.stories import Story, stories
from evals.untaught import untaught
from intake.flag_weighing import load_flag_weights
from intake.learning import FlagReader, SentenceReader
from intake.weighing import load_weights
from knowledge_base.exemplar_stories import load_exemplar_stories
from knowledge_base.exemplars import load_sentences
from knowledge_base.kept_vectors import KeptVectors

LEAST_STORIES = 5


def fit_weights(
    vignettes: Annotated[list[Path], typer.Option(help="Development stories with keys, YAML.")],
    into: Annotated[Path, typer.Option(help="The folder the two files are written to.")],
    as_json: AsJson = False,
) -> None:
    """Fit the weights of codes and red flags on development stories; some minutes."""
    told = [story for file in vignettes for story in stories(file)]
    wiring = Wiring.from_environment()
    exam = _exam(wiring)
    codes = exam.fit_codes(_with_the_banks(wiring, exam.codes(told)))
    codes = replace(codes, together=codes.together.of(len(told)))
    calibrated = calibrate(codes.together)
    files = [write_codes(codes, calibrated, len(told), into)]
    weights = load_weights(into)
    flags = fit(together(exam.flags(told, weights), exam.bank(weights)))
    files.append(write_flags(flags, len(told), into, load_flag_weights()))
    said = {
        "codes_alone": _said(codes.alone),
        "codes": _said(codes.together),
        "calibration": {"kind": calibrated.kind, "brier": calibrated.briers},
        "flags": _said(flags),
        "files": files,
    }
    emit(said, as_json, _text)


def _with_the_banks(wiring: Wiring, examples: Examples) -> Examples:
    """Stories with keys and, behind them, the bank's own, each as if it had not been learned."""
    cache = wiring.settings.cache_dir
    learned, flags = SentenceReader(wiring.embedder, cache).classifier, FlagReader(cache)
    bank, told = load_sentences(), load_exemplar_stories()
    some = untaught(bank, told, learned, wiring.embedder, KeptVectors(cache))
    read = [Exam(wiring.library, reader, flags).codes(stories) for stories, reader in some]
    return beside(examples, *read)


def left_out(wiring: Wiring, told: Sequence[Story]) -> dict[str, Any]:
    """Figures of stories, each coded with weights fitted on the others; nothing for one story."""
    if len(told) < LEAST_STORIES:
        return {}
    exam = _exam(wiring)
    weights, flag_from = load_weights(), load_flag_weights().raised
    codes = exam.fit_codes(exam.codes(told)).together
    flags = together(exam.flags(told, weights), exam.bank(weights))
    return left_out_figures(codes, flags, weights.threshold, weights.unsure, flag_from)


def _exam(wiring: Wiring) -> Exam:
    cache = wiring.settings.cache_dir
    return Exam(wiring.library, SentenceReader(wiring.embedder, cache), FlagReader(cache))


def _said(fitted: Fit) -> dict[str, Any]:
    best = fitted.best_threshold()
    return {
        "coefficients": fitted.coefficients,
        "intercept": fitted.intercept,
        "best_threshold": best,
        "left_out_f1": round(fitted.f1(best), 4),
        "left_out_precision": round(fitted.precision(best), 4),
        "left_out_recall": round(fitted.recall(best), 4),
    }


def _text(data: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {said}" for name, said in data.items())
