"""``cmis eval curve``: how coding gains from more exemplars a code, measured and drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.output import AsJson, emit, progress
from commands.wiring import Wiring
from evals.learning_curve import Apparatus, learning_curve
from evals.stories import stories
from intake.learning import FlagReader
from knowledge_base.exemplars import load_sentences
from knowledge_base.kept_vectors import KeptVectors
from runtime.messages import sentence

SIZES = [5, 10, 20, 30, 45]


def curve(
    vignettes: Annotated[list[Path], typer.Option(help="Stories with keys, YAML.")],
    size: Annotated[list[int] | None, typer.Option(help="Exemplars a code; several.")] = None,
    draws: Annotated[int, typer.Option(min=1, max=20, help="Draws of each size.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Left-out micro F1 against exemplars a code; about a minute a point."""
    wiring = Wiring.from_environment()
    cache = wiring.settings.cache_dir
    told = [story for file in vignettes for story in stories(file)]
    points = [(n, draw) for n in size or SIZES for draw in range(draws)]
    kept = KeptVectors(cache)
    used = Apparatus(wiring.library, wiring.embedder, kept, FlagReader(cache))
    with progress(sentence("cli.eval.working")) as step:
        rows = learning_curve(load_sentences(), told, points, used, step)
    emit({"points": rows}, as_json, _text)


def _text(data: dict[str, Any]) -> str:
    return "\n".join(
        f"{r['per_code']:>3} a code  {r['sentences']:>5} sentences  micro F1 {r['micro_f1']:.3f}"
        for r in data["points"]
    )
