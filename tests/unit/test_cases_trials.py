"""Registration and allocation: what is refused, how even the arms are, what nobody can foresee."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from cases.allocation import arm_at, letters
from cases.research_errors import TrialBroken
from cases.trial_registration import Registration, read_registration

SECRET = b"s" * 32
REGISTERED: dict[str, Any] = {
    "id": "view-first-2569",
    "question": "Does seeing the draft first change how long a plan takes?",
    "approval": "EC 12/2569",
    "arms": ["ai_first", "own_view_first", "no_ai"],
    "outcome": "minutes_to_approval",
    "sample_size": 120,
    "seed": 2569,
    "block_size": 6,
    "starts": "2026-11-01",
    "ends": "2027-01-31",
    "stop_rule": "Ends when 120 cases are in or on the last day.",
}
TRIAL = Registration.model_validate(REGISTERED)


def test_every_block_holds_every_arm_equally_often() -> None:
    for start in range(0, 60, 6):
        block = [arm_at(TRIAL, SECRET, "pmj", start + n) for n in range(6)]
        assert set(Counter(block).values()) == {2}


def test_the_order_repeats_and_depends_on_secret_seed_and_agency() -> None:
    def order(
        trial: Registration = TRIAL, secret: bytes = SECRET, agency: str = "pmj"
    ) -> list[str]:
        return [arm_at(trial, secret, agency, n) for n in range(60)]

    assert order() == order()
    assert order() != order(secret=b"t" * 32)
    assert order() != order(agency="bpd")
    assert order() != order(TRIAL.model_copy(update={"seed": 1}))


def test_arms_come_about_equally_often_in_every_place_of_a_block() -> None:
    first = Counter(arm_at(TRIAL, SECRET, f"agency-{n}", 0) for n in range(600))
    assert min(first.values()) > 150


def test_each_arm_has_a_letter_that_depends_on_the_secret() -> None:
    assert sorted(letters(TRIAL, SECRET).values()) == ["A", "B", "C"]
    meant = {str(letters(TRIAL, bytes([n]) * 32)) for n in range(20)}
    assert len(meant) > 1


def test_who_and_when() -> None:
    first, last = date(2026, 11, 1), date(2027, 1, 31)
    day = timedelta(days=1)
    assert TRIAL.takes("pmj", first)
    assert TRIAL.takes("bpd", last)
    assert not TRIAL.takes("pmj", first - day)
    assert not TRIAL.takes("pmj", last + day)
    assert not TRIAL.model_copy(update={"agencies": ("bpd",)}).takes("pmj", first)


def test_any_change_changes_the_hash() -> None:
    for name, other in (("seed", 1), ("sample_size", 121), ("outcome", "edit_share")):
        assert TRIAL.model_copy(update={name: other}).sha256 != TRIAL.sha256


@pytest.mark.parametrize(
    "change",
    [
        {"arms": ["ai_first"]},
        {"arms": ["ai_first", "ai_first"]},
        {"arms": ["ai_first", "magic"]},
        {"block_size": 4},
        {"ends": "2026-10-01"},
        {"outcome": "happiness"},
        {"sample_size": 0},
        {"stop_rule": "later"},
        {"surprise": 1},
    ],
)
def test_a_half_registered_trial_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    file = tmp_path / "trial.yaml"
    file.write_text(yaml.safe_dump(REGISTERED | change), encoding="utf-8")
    with pytest.raises(TrialBroken):
        read_registration(file)


def test_a_registration_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "trial.yaml"
    file.write_text(yaml.safe_dump(REGISTERED), encoding="utf-8")
    assert read_registration(file) == TRIAL
    with pytest.raises(TrialBroken):
        read_registration(tmp_path / "absent.yaml")
