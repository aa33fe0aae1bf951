"""Fits the few numbers that join rules and classifiers, on stories with keys, left out one by one.

One logistic regression each for problem codes and red flags. Nothing is drawn at random: the same
stories give the same numbers. The red flags' own sentences, each scored without itself, weigh more
than the stories: whoever wrote the rules had read the development stories, and nobody's rules were
written from the sentences, so they keep the rules from being trusted for what they were made from.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from evals.stories import Story
from intake.classifier import Classifier
from intake.cues import find_cues
from intake.flag_weighing import FEATURES as FLAG_FEATURES
from intake.flag_weighing import MOST, flag_features, flag_row
from intake.learning import CodeSigns, FlagReader
from intake.lifts import Lifts
from intake.logistic import Floats, chances
from intake.red_flags import fired_rules, rule_scores
from intake.rules import Reading, load_rules, read
from intake.weighing import BESIDE, FEATURES, Weights, features
from knowledge_base.exemplars import load_flag_exemplars
from knowledge_base.library import Library

APART = "apart"
BANK = -1  # the "story" of a sentence of the bank
BANK_SHARE = 3.0  # the bank's weight against all stories together
EVENED = 3  # steps on either side
STEPS = tuple(step / 100 for step in range(4, 61, 2))


@dataclass(frozen=True)
class Examples:
    """``(n, features)``, ``(n,)`` truth, the number of the story or `BANK`, and weights."""

    names: tuple[str, ...]
    features: Floats
    truth: NDArray[np.bool_]
    story: NDArray[np.int_]
    weights: Floats


def together(stories: Examples, bank: Examples) -> Examples:
    """Stories and sentences, the sentences weighing `BANK_SHARE` times all the stories."""
    share = BANK_SHARE * len(stories.truth) / len(bank.truth)
    return Examples(
        stories.names,
        np.vstack([stories.features, bank.features]),
        np.concatenate([stories.truth, bank.truth]),
        np.concatenate([stories.story, bank.story]),
        np.concatenate([stories.weights, bank.weights * share]),
    )


def beside(stories: Examples, *more: Examples) -> Examples:
    """Stories and, behind them, stories of another kind, each a story of its own.

    The kinds differ in how many problems they tell, and a column `APART` takes that up: features
    are weighed by what they say within a kind, and the intercept is that of the first. The second
    kind weighs as much as the first, however many there are.
    """
    kinds = (stories, *more)
    share = len(stories.truth) / max(1, sum(len(k.truth) for k in more))
    told = np.cumsum([0, *(int(k.story.max(initial=-1)) + 1 for k in kinds)])
    apart = np.repeat([0.0, *(1.0 for _ in more)], [len(k.truth) for k in kinds])
    return Examples(
        (*stories.names, APART),
        np.column_stack([np.vstack([k.features for k in kinds]), apart]),
        np.concatenate([k.truth for k in kinds]),
        np.concatenate([k.story + n for k, n in zip(kinds, told, strict=False)]),
        np.concatenate([stories.weights, *(k.weights * share for k in more)]),
    )


@dataclass(frozen=True)
class Fit:
    """Coefficients, and what is said of each story by those fitted on the others.

    ``left_out``, ``truth``, ``story``: ``(n,)``, the chance, whether it is so, the story's number.
    """

    coefficients: dict[str, float]
    intercept: float
    left_out: Floats
    truth: NDArray[np.bool_]
    story: NDArray[np.int_]

    def of(self, stories: int) -> Fit:
        """The same, judged by the first so many stories alone."""
        own = self.story < stories
        return replace(self, **{n: getattr(self, n)[own] for n in ("left_out", "truth", "story")})

    def best_threshold(self) -> float:
        """The chance from which on the left-out F1, evened out over its neighbours, is best."""
        reached = [self.f1(step) for step in STEPS]
        near = [_mean(reached[max(0, n - EVENED) : n + EVENED + 1]) for n in range(len(STEPS))]
        return STEPS[near.index(max(near))]

    def lowest_threshold(self, precision: float) -> float:
        """The lowest chance from which on the left-out precision is at least so much."""
        return next((s for s in STEPS if self.precision(s) >= precision), STEPS[-1])

    def f1(self, threshold: float) -> float:
        """Left-out F1 over all stories and labels together."""
        said = self.left_out >= threshold
        return 2 * int((said & self.truth).sum()) / max(1, int(said.sum()) + int(self.truth.sum()))

    def precision(self, threshold: float) -> float:
        """Left-out precision; 0 where nothing is said."""
        said = self.left_out >= threshold
        return int((said & self.truth).sum()) / max(1, int(said.sum()))

    def recall(self, threshold: float) -> float:
        """Left-out recall; 0 where there is nothing to find."""
        said = self.left_out >= threshold
        return int((said & self.truth).sum()) / max(1, int(self.truth.sum()))


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def fit(examples: Examples) -> Fit:
    """Fit on everything, and once without each story."""
    told = examples.story != BANK
    left_out = np.zeros(len(examples.truth))
    for story in np.unique(examples.story[told]):
        own = examples.story == story
        left_out[own] = chances(examples.features[own], *_regression(examples, ~own))
    coefficients, intercept = _regression(examples, np.ones(len(told), bool))
    named = dict(zip(examples.names, np.round(coefficients, 2).tolist(), strict=True))
    said = left_out[told], examples.truth[told], examples.story[told]
    return Fit(named, round(intercept, 2), *said)


@dataclass(frozen=True)
class TwoStages:
    """The fit of codes alone, and of codes beside what the first fit says of the others."""

    alone: Fit
    together: Fit


def fit_codes(examples: Examples, codes: Sequence[str], lifts: Lifts) -> TwoStages:
    """Fit both stages. The second learns from chances the first gave to stories it left out."""
    alone = fit(examples)
    beside = lifts.beside(codes, alone.left_out.reshape(-1, len(codes))).reshape(-1, 1)
    features = np.hstack([examples.features, beside])
    return TwoStages(
        alone, fit(replace(examples, names=(*examples.names, BESIDE), features=features))
    )


class ReadsCodes(Protocol):
    """Anything that finds signs of problem codes."""

    @property
    def classifier(self) -> Classifier:
        """The classifier of problem codes."""
        ...

    def signs(self, reading: Reading) -> CodeSigns:
        """Signs of each code in a story."""
        ...


class Exam:
    """Opens stories and sentences with the product's own parts, for fitting."""

    def __init__(self, library: Library, reader: ReadsCodes, flags: FlagReader) -> None:
        self.code_names = tuple(library.codebook.codes)
        self._flags = tuple(library.codebook.red_flags.values())
        self._reader = reader
        self._flag_reader = flags
        self._cues = load_rules("cue-rules.yaml")
        self._rules = load_rules("red-flag-rules.yaml")
        self._readings: dict[str, Reading] = {}
        self._rows: dict[str, Floats] = {}

    def fit_codes(self, examples: Examples) -> TwoStages:
        """The weights of codes."""
        return fit_codes(examples, self.code_names, self._reader.classifier.lifts)

    def codes(self, stories: Sequence[Story]) -> Examples:
        """Every story against every problem code."""
        rows = [self._code_rows(self._opened(s)) for s in stories]
        keys = [{c["code"] for c in s["key"]["problem_codes"]} for s in stories]
        truth = [code in key for key in keys for code in self.code_names]
        story = np.repeat(np.arange(len(stories)), len(self.code_names))
        return Examples(FEATURES, np.vstack(rows), np.array(truth), story, np.ones(len(truth)))

    def flags(self, stories: Sequence[Story], codes: Weights) -> Examples:
        """Every story against every red flag, beside codes as these weights see them."""
        rows = [self._flag_rows(self._opened(s), codes) for s in stories]
        truth = [f.id in s["key"]["red_flags"] for s in stories for f in self._flags]
        story = np.repeat(np.arange(len(stories)), len(self._flags))
        return Examples(FLAG_FEATURES, np.vstack(rows), np.array(truth), story, np.ones(len(truth)))

    def bank(self, codes: Weights) -> Examples:
        """Every sentence of the red flags' bank against every red flag; minutes."""
        bank = load_flag_exemplars()
        scores = np.clip(self._flag_reader.left_out(), 0.0, MOST)
        rows = [self._bank_rows(read(e.text), s, codes) for e, s in zip(bank, scores, strict=True)]
        truth = np.array([f.id in e.codes for e in bank for f in self._flags])
        alike = np.full(len(truth), BANK)
        return Examples(FLAG_FEATURES, np.vstack(rows), truth, alike, np.ones(len(truth)))

    def _opened(self, story: Story) -> Reading:
        """A story, opened and read once for codes and flags."""
        text = story["narrative"]
        if text not in self._readings:
            self._readings[text] = read(text)
        return self._readings[text]

    def _code_rows(self, reading: Reading) -> Floats:
        if reading.story not in self._rows:
            cues = {c.code: c for c in find_cues(reading, self._cues)}
            signs = self._reader.signs(reading)
            self._rows[reading.story] = features(self.code_names, signs, cues)
        return self._rows[reading.story]

    def _chances(self, reading: Reading, weights: Weights) -> dict[str, float]:
        lifts = self._reader.classifier.lifts
        made = weights.probabilities(self.code_names, self._code_rows(reading), lifts)
        return dict(zip(self.code_names, made.tolist(), strict=True))

    def _flag_rows(self, reading: Reading, codes: Weights) -> Floats:
        scores = rule_scores(fired_rules(reading, self._rules))
        signs = self._flag_reader.signs(reading)
        return flag_features(self._flags, signs, scores, self._chances(reading, codes))

    def _bank_rows(self, reading: Reading, left_out: Floats, codes: Weights) -> Floats:
        """One sentence as a story of one window, its scores those it has without itself."""
        rules = rule_scores(fired_rules(reading, self._rules))
        chances = self._chances(reading, codes)
        rows = [
            flag_row(flag, (score, 0.0, score, score), rules, 1, chances)
            for flag, score in zip(self._flags, left_out.tolist(), strict=True)
        ]
        return np.array(rows, np.float64)


def _regression(examples: Examples, rows: NDArray[np.bool_]) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 seconds to import

    model: Any = LogisticRegression(C=1.0, max_iter=1000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(examples.features[rows], examples.truth[rows], examples.weights[rows])
    return np.asarray(model.coef_[0]), float(model.intercept_[0])
