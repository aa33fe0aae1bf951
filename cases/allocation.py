"""Which arm comes next: permuted blocks within each agency, in an order nobody can foresee.

Every block holds every arm equally often. The order comes from a keyed hash of the installation's
secret, so a worker who counts cases and a researcher who knows the seed learn nothing from it.
"""

from __future__ import annotations

import hmac

from cases.trial_registration import Arm, Registration

LETTERS = "ABC"


def arm_at(trial: Registration, secret: bytes, agency_id: str, place: int) -> Arm:
    """The arm of an agency's case number ``place`` (from 0)."""
    block, within = divmod(place, trial.block_size)
    arms = trial.arms * (trial.block_size // len(trial.arms))
    order = sorted(
        range(trial.block_size),
        key=lambda n: _keyed(secret, trial, f"{agency_id}/{block}/{n}"),
    )
    return arms[order[within]]


def letters(trial: Registration, secret: bytes) -> dict[Arm, str]:
    """The letter that stands for each arm until the trial is unblinded."""
    order = sorted(trial.arms, key=lambda arm: _keyed(secret, trial, f"letter/{arm}"))
    return {arm: LETTERS[n] for n, arm in enumerate(order)}


def _keyed(secret: bytes, trial: Registration, place: str) -> bytes:
    return hmac.digest(secret, f"{trial.id}/{trial.seed}/{place}".encode(), "sha256")
