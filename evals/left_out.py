"""Figures of stories that are each coded with weights and calibration fitted on the others.

Rules and sentences stay as they are: this shows what the fit owes to a story, not the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from evals.calibrating import calibrate
from evals.calibration import Scored, calibration_error
from evals.fitting import Examples, Fit, fit
from evals.intervals import clustered

Row = dict[str, Any]


def left_out_figures(
    by_code: Fit, flags: Examples, code_from: float, unsure_from: float, flag_from: float
) -> dict[str, Any]:
    """Figures with 95 % intervals (``ci``) from so high a chance on; intervals resample stories."""
    by_flag = fit(flags)
    scored = calibrate(by_code).left_out
    rows = [
        {
            "codes": _counts(by_code, story, code_from),
            "flags": _counts(by_flag, story, flag_from),
            "scored": _scored(by_code, scored, story, unsure_from),
        }
        for story in np.unique(by_code.story)
    ]
    return {**_figures(rows), "ci": clustered(rows, _figures)}


def _counts(fitted: Fit, story: int, chance: float) -> tuple[int, int, int]:
    """Hits, what was said, what is so."""
    own = fitted.story == story
    said, truth = fitted.left_out[own] >= chance, fitted.truth[own]
    return int((said & truth).sum()), int(said.sum()), int(truth.sum())


def _scored(fitted: Fit, scores: Any, story: int, chance: float) -> list[Scored]:
    shown = (fitted.story == story) & (fitted.left_out >= chance)
    return list(zip(scores[shown].tolist(), fitted.truth[shown].tolist(), strict=True))


def _figures(rows: Sequence[Row]) -> dict[str, float]:
    hit, said, so = (sum(r["codes"][i] for r in rows) for i in range(3))
    flag_hit, flag_said, flag_so = (sum(r["flags"][i] for r in rows) for i in range(3))
    scored = [s for r in rows for s in r["scored"]]
    return {
        "micro_f1": round(2 * hit / max(1, said + so), 4),
        "red_flag_recall": round(flag_hit / max(1, flag_so), 4),
        "red_flag_precision": round(flag_hit / max(1, flag_said), 4),
        "calibration_error": round(calibration_error(scored), 4) if scored else 0.0,
    }
