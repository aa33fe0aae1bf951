"""The learning curve: thinned banks are drawn alike and in share, and a point is measured."""

from __future__ import annotations

from pathlib import Path

from evals.learning_curve import SEED, Apparatus, drawn, learning_curve
from evals.stories import stories
from intake.learning import FlagReader
from knowledge_base.embedder import Embedder
from knowledge_base.exemplars import load_exemplars
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.library import load_library
from runtime.settings import load_settings


def test_a_thinned_bank_is_drawn_code_by_code_in_share_and_the_same_twice() -> None:
    bank = load_exemplars()
    places = list(drawn(bank, 5, SEED))
    assert places == list(drawn(bank, 5, SEED))
    assert places != list(drawn(bank, 5, SEED + 1))
    shown = [bank[p].home for p in places if bank[p].home in bank[p].codes]
    assert {shown.count(home) for home in shown} == {5}
    assert len(shown) == 5 * len(load_library().codebook.codes)
    assert 0 < len(places) - len(shown) < len(shown)
    assert len(list(drawn(bank, 1000, SEED))) == len(bank)


def test_a_point_is_measured_with_the_products_own_parts(embedder: Embedder) -> None:
    cache, told = load_settings().cache_dir, stories(Path("evals/data/golden/G01-G10.yaml"))[:6]
    used = Apparatus(load_library(), embedder, KeptVectors(cache), FlagReader(cache))
    steps: list[float] = []
    (row,) = learning_curve(load_exemplars(), told, [(2, 0)], used, lambda s, _: steps.append(s))
    assert row["per_code"] == 2
    assert 0.0 < row["micro_f1"] <= 1.0
    assert steps == [1.0]
