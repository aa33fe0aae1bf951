"""Generated doubles: the same for the same seed, and figures worked out by hand."""

from __future__ import annotations

import random

from evals.doubles import again, evaluate_doubles, figures
from intake.name_matching import Described


def test_figures_count_pairs() -> None:
    rows = [
        {"id": 0, "same": 0.95, "others": [0.5]},
        {"id": 1, "same": 0.5, "others": []},
        {"id": 2, "same": 0.0, "others": [0.1]},
    ]
    found = figures(rows)
    assert found["almost_certain.recall"] == 1 / 3
    assert found["almost_certain.precision"] == 1.0
    assert found["possible.recall"] == 2 / 3
    assert found["possible.precision"] == 2 / 3
    assert found["recall_at_precision_95"] == 1 / 3


def test_the_same_seed_gives_the_same_figures_and_finds_most() -> None:
    once = evaluate_doubles(count=60, seed=1)
    assert once == evaluate_doubles(count=60, seed=1)
    assert once["possible.recall"] > 0.7
    assert once["persons"] == 60


def test_a_person_written_again_keeps_what_is_sure() -> None:
    person = Described(given_name="ณัฐพล", family_name="ศรีสุข", citizen_id="1", sex="M")
    written = [again(random.Random(seed), person) for seed in range(20)]
    assert {w.sex for w in written} == {"M"}
    assert {w.citizen_id for w in written} == {"", "1"}
    assert len({w.given_name for w in written}) > 3
