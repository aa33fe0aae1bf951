"""BM25 with the weights of another index equals that index's own on the same texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.borrowed_bm25 import Postings
from knowledge_base.lexical import Lexical
from knowledge_base.source_repository import tokens

WORDS = st.lists(st.sampled_from("กขคงจฉชซ"), min_size=1, max_size=12).map(" ".join)


def postings(texts: list[str], *, in_order: bool) -> Postings:
    return Postings([tokens(t.split()).tobytes() for t in texts], in_order=in_order)


@pytest.mark.parametrize("in_order", [False, True])
@settings(max_examples=60, deadline=None)
@given(texts=st.lists(WORDS, min_size=2, max_size=8), query=WORDS)
def test_the_same_texts_score_the_same(in_order: bool, texts: list[str], query: str) -> None:
    lexical = Lexical(texts, str.split)
    found = postings(texts, in_order=in_order).scores(query, lexical)
    assert np.allclose(found, lexical.scores(query), atol=1e-5)


@pytest.mark.parametrize("in_order", [False, True])
def test_words_the_library_never_saw_count_most(in_order: bool) -> None:
    lexical = Lexical(["ก ข", "ก ค", "ก ง"], str.split)
    found = postings(["ก", "ช้าง"], in_order=in_order).scores("ก ช้าง", lexical)
    assert found[1] > found[0] > 0


@pytest.mark.parametrize("in_order", [False, True])
def test_nothing_scores_nothing(in_order: bool) -> None:
    lexical = Lexical(["ก"], str.split)
    assert postings([], in_order=in_order).scores("ก", lexical).shape == (0,)
    assert postings(["ข"], in_order=in_order).scores("", lexical).tolist() == [0.0]
