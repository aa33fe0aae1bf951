"""The fit of weights: the same twice, no story judged by itself, read by the product as written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evals.calibrating import applied, calibrate
from evals.fitted_files import BY_HAND, write_codes, write_flags
from evals.fitting import (
    APART,
    BANK,
    BANK_SHARE,
    Examples,
    Fit,
    TwoStages,
    beside,
    fit,
    fit_codes,
    together,
)
from evals.left_out import left_out_figures
from intake.flag_weighing import FEATURES as FLAG_FEATURES
from intake.flag_weighing import FlagWeights, load_flag_weights
from intake.lifts import Lifts
from intake.weighing import BESIDE, FEATURES, load_weights


def examples(names: tuple[str, ...], stories: int = 12, labels: int = 8, seed: int = 1) -> Examples:
    """Stories in which the first feature tells the truth, with some noise."""
    draw = np.random.default_rng(seed)
    features = draw.normal(size=(stories * labels, len(names)))
    truth = features[:, 0] + 0.5 * draw.normal(size=len(features)) > 0.8
    return Examples(
        names, features, truth, np.repeat(np.arange(stories), labels), np.ones(len(features))
    )


def two_stages() -> TwoStages:
    """Codes fitted alone and beside one another, by a table of sentences."""
    draw, names = np.random.default_rng(3), [f"ZZZ-{n:02}" for n in range(8)]
    lifts = Lifts.learned(names, (draw.random((50, 8)) < 0.3).astype(float))
    return fit_codes(examples(FEATURES), names, lifts)


def test_what_is_told_together_speaks_for_one_another() -> None:
    shown = np.array([[1, 1, 0]] * 10 + [[0, 0, 1]] * 10, float)
    lifts = Lifts.learned(["A", "B", "C"], shown)
    assert lifts.table[0, 1] > 0 > lifts.table[0, 2]
    assert not lifts.table.diagonal().any()
    said = lifts.beside(["C", "A", "B"], np.array([0.0, 0.9, 0.0]))
    assert said[2] > 0 > said[0]
    assert said[1] == 0


def test_the_second_stage_knows_what_the_first_made_of_the_others() -> None:
    found = two_stages()
    assert set(found.together.coefficients) == {*FEATURES, BESIDE}
    assert np.array_equal(found.alone.truth, found.together.truth)
    assert not np.array_equal(found.alone.left_out, found.together.left_out)


def test_the_fit_finds_what_tells_and_is_the_same_twice() -> None:
    first, second = fit(examples(FEATURES)), fit(examples(FEATURES))
    assert first.coefficients == second.coefficients
    assert max(first.coefficients, key=lambda n: abs(first.coefficients[n])) == FEATURES[0]
    assert first.f1(first.best_threshold()) > 0.55
    assert np.array_equal(first.left_out, second.left_out)


def test_a_story_is_judged_by_the_others_alone() -> None:
    given = examples(FEATURES)
    own = given.story == 3
    turned = replace(given, truth=np.where(own, ~given.truth, given.truth))
    assert np.allclose(fit(given).left_out[own], fit(turned).left_out[own])


def test_thresholds_and_figures_at_values_by_hand() -> None:
    said, truth = np.array([0.05, 0.21, 0.33, 0.41, 0.55]), np.array([0, 1, 0, 1, 1], bool)
    found = Fit({}, 0.0, said, truth, np.zeros(5, int))
    assert (found.precision(0.3), found.recall(0.3), found.f1(0.3)) == (2 / 3, 2 / 3, 2 / 3)
    assert found.best_threshold() == 0.12  # every true one and one false from .06 to .20: F1 6/7
    assert found.f1(0.06) == pytest.approx(6 / 7)
    assert found.lowest_threshold(0.7) == 0.06
    assert found.lowest_threshold(0.9) == 0.34
    assert (found.precision(0.9), found.recall(0.9)) == (0.0, 0.0)


def test_the_bank_weighs_as_told_and_is_no_story() -> None:
    stories = examples(FLAG_FEATURES)
    bank = examples(FLAG_FEATURES, stories=30, seed=2)
    bank = replace(bank, story=np.full(len(bank.truth), BANK))
    both = together(stories, bank)
    assert both.weights[both.story == BANK].sum() == pytest.approx(BANK_SHARE * len(stories.truth))
    assert len(fit(both).left_out) == len(stories.truth)


def test_stories_beside_others_are_stories_of_their_own_and_can_be_judged_apart() -> None:
    told, more = examples(FEATURES), examples(FEATURES, stories=5, seed=2)
    both = beside(told, more, more)
    assert len(np.unique(both.story)) == 22
    assert both.names == (*FEATURES, APART)
    assert both.features[:, -1].tolist() == [0.0] * len(told.truth) + [1.0] * 2 * len(more.truth)
    found = fit(both)
    judged = found.of(12)
    assert np.array_equal(judged.truth, told.truth)
    assert np.array_equal(judged.left_out, found.left_out[: len(told.truth)])


def test_a_kind_of_story_that_tells_more_does_not_make_every_story_tell_more() -> None:
    told, more = examples(FEATURES), examples(FEATURES, stories=40, seed=2)
    dense = replace(more, truth=more.features[:, 0] > -0.5)
    both = fit(beside(told, dense))
    assert both.coefficients[APART] > 1
    assert both.coefficients[FEATURES[0]] > 1
    assert abs(both.of(12).left_out.mean() - told.truth.mean()) < 0.06
    assert dense.truth.mean() > told.truth.mean() + 0.3


def test_what_is_written_is_what_the_product_reads(tmp_path: Path) -> None:
    codes, flags = two_stages(), fit(examples(FLAG_FEATURES))
    calibrated = calibrate(codes.together)
    write_codes(codes, calibrated, 12, tmp_path)
    by_hand = FlagWeights({}, 0.0, raised=0.11, sure=0.53, always=0.77)
    write_flags(flags, 12, tmp_path, by_hand)
    read = load_weights(tmp_path)
    assert dict(read.alone.coefficients) == {**codes.alone.coefficients, **BY_HAND}
    assert dict(read.together.coefficients) == {**codes.together.coefficients, **BY_HAND}
    assert load_weights(tmp_path).points == calibrated.points
    assert load_weights(tmp_path).vote > 0
    assert load_weights(tmp_path).unsure < load_weights(tmp_path).threshold
    assert dict(load_flag_weights(tmp_path).coefficients) == flags.coefficients
    kept = load_flag_weights(tmp_path)
    assert (kept.raised, kept.sure, kept.always) == (0.11, 0.53, 0.77)


def test_left_out_figures_are_shares_with_intervals() -> None:
    found = left_out_figures(fit(examples(FEATURES)), examples(FLAG_FEATURES), 0.3, 0.1, 0.2)
    within = found.pop("ci")
    names = {"micro_f1", "red_flag_recall", "red_flag_precision", "calibration_error"}
    assert set(found) == set(within) == names
    assert all(0.0 <= v <= 1.0 for v in found.values())
    assert found["red_flag_recall"] == round(fit(examples(FLAG_FEATURES)).recall(0.2), 4)
    low, high = within["micro_f1"]
    assert low <= found["micro_f1"] <= high


@pytest.mark.parametrize("bent", [0.5, 1.0, 2.0])
def test_scores_of_stories_not_seen_come_nearer_to_the_truth(bent: float) -> None:
    fitted = fit(examples(FEATURES, stories=40))
    told = replace(fitted, left_out=fitted.left_out**bent)
    found = calibrate(told)
    assert found.briers[found.kind] <= found.briers["none"]
    assert [y for _, y in found.points] == sorted(y for _, y in found.points)
    assert abs(applied(found.points, told.left_out).mean() - told.truth.mean()) < 0.02
    assert len(found.left_out) == len(told.truth)


def test_a_story_is_calibrated_by_the_others_alone() -> None:
    fitted = fit(examples(FEATURES))
    own = fitted.story == 3
    turned = replace(fitted, truth=np.where(own, ~fitted.truth, fitted.truth))
    first, second = calibrate(fitted), calibrate(turned)
    if first.kind == second.kind:
        assert np.allclose(first.left_out[own], second.left_out[own])
