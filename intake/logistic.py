"""The one weighing of features into a chance; the same where it is fitted and where it is used."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def chances(features: Floats, coefficients: Floats, intercept: float) -> Floats:
    """``(n,)`` chances from ``(n, features)``."""
    made: Floats = 1 / (1 + np.exp(-(features @ coefficients + intercept)))
    return made
