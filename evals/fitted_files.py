"""Writes fitted weights as the reviewed files the product reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evals.calibrating import Calibration, Points
from evals.fitting import Fit, TwoStages
from intake.flag_weighing import FlagWeights
from intake.weighing import STAGES

WANTED = 0.6  # left-out precision of red flags
CODES = """\
# Weights of the code weighing (intake/weighing.py), written by `cmis eval fit` from {stories}
# development stories and the bank's. `together` knows what `alone` made of the other codes.
# `threshold`: a code counts (best left-out F1); `unsure`: it is offered.
# `calibration`: chances and the scores shown for them ({kind}, fitted on left-out chances).
# Set by hand: `short`, for no story fitted on is short (chosen on single sentences of the bank),
# and `vote`, the log odds that another reader's vote adds.
alone: {alone}
together: {together}
threshold: {threshold}
unsure: {unsure}
calibration: {points}
vote: 1.5
"""
FLAGS = """\
# Weights of the red-flag weighing (intake/flag_weighing.py), written by `cmis eval fit` from
# {stories} development stories and the flags' own sentences. Set by hand, kept by the program:
# `raised`: from this chance on a flag is raised, to be confirmed (in this fit the left-out
# precision is {wanted} from {lowest} on); `sure`: without a doubt; `always`: a rule's score that
# needs nothing beside it.
coefficients: {coefficients}
intercept: {intercept}
raised: {raised}
sure: {sure}
always: {always}
"""
UNSURE_SHARE = 0.6
BY_HAND = {"short": -1.0}


def write_codes(fit: TwoStages, calibration: Calibration, stories: int, folder: Path) -> Path:
    """``coding-weights.yaml`` in ``folder``."""
    threshold = fit.together.best_threshold()
    text = CODES.format(
        stories=stories,
        alone=_stage(fit.alone, STAGES["alone"]),
        together=_stage(fit.together, STAGES["together"]),
        threshold=threshold,
        unsure=round(threshold * UNSURE_SHARE, 2),
        kind=calibration.kind,
        points=_pairs(calibration.points),
    )
    return _written(folder / "coding-weights.yaml", text)


def write_flags(fit: Fit, stories: int, folder: Path, set_by_hand: FlagWeights) -> Path:
    """``red-flag-weights.yaml`` in ``folder``; the three limits stay as somebody set them."""
    text = FLAGS.format(
        stories=stories,
        coefficients=_inline(fit.coefficients),
        intercept=fit.intercept,
        raised=set_by_hand.raised,
        sure=set_by_hand.sure,
        always=set_by_hand.always,
        lowest=fit.lowest_threshold(WANTED),
        wanted=WANTED,
    )
    return _written(folder / "red-flag-weights.yaml", text)


def _stage(fit: Fit, names: Sequence[str]) -> str:
    """What the product weighs: which kind of story taught it is not among that."""
    own = {name: fit.coefficients[name] for name in names}
    return _inline({**own, **BY_HAND, "intercept": fit.intercept})


def _pairs(points: Points) -> str:
    return "[" + ", ".join(f"[{x}, {y}]" for x, y in points) + "]"


def _inline(numbers: dict[str, float]) -> str:
    return "{" + ", ".join(f"{name}: {number}" for name, number in numbers.items()) + "}"


def _written(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
