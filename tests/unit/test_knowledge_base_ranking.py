"""The ranking over any list of items: legs, fusion, order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.chunking import Item
from knowledge_base.fusion import WEIGHTS, anchored, fused, normalised, reciprocal, weighted
from knowledge_base.lexical import Lexical
from knowledge_base.ranking import DEPTH, Ranker, Ranking, nearest_only
from knowledge_base.words import trigrams, words

ITEMS = [
    Item("a", "คุ้มครองเด็ก › มาตรา 29", "ผู้พบเห็นเด็กถูกทารุณกรรมต้องแจ้งพนักงานเจ้าหน้าที่", ("29",)),
    Item("b", "ผู้สูงอายุ › มาตรา 11", "ผู้สูงอายุมีสิทธิได้รับเบี้ยยังชีพรายเดือน", ("11",)),
    Item("c", "คุ้มครองเด็ก › มาตรา 41", "เจ้าหน้าที่มีอำนาจเข้าไปในเคหสถาน", ("41",)),
]


def scores(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def unknown(count: int = 3) -> np.ndarray:
    return np.full(count, np.nan, np.float32)


def test_normalised_spans_zero_to_one() -> None:
    assert normalised(scores(1, 3, 2)).tolist() == [0, 1, 0.5]
    assert normalised(scores(4, 4)).tolist() == [0, 0]
    assert normalised(scores()).tolist() == []


def test_what_is_not_known_gets_the_least() -> None:
    assert anchored(scores(0.8, np.nan, 0.9), 0.8, 0.9) == pytest.approx([0, 0, 1], abs=1e-5)
    assert anchored(scores(0.7, np.nan, 0.9), 0.8, 0.9) == pytest.approx([-1, -1, 1], abs=1e-5)
    assert anchored(scores(0.8, np.nan), 0.8, 0.8).tolist() == [0, 0]


def test_fused_is_the_weighted_mean() -> None:
    legs = {"x": scores(1, 0), "y": scores(0, 1)}

    assert fused(legs, {"x": 3, "y": 1}).tolist() == [0.75, 0.25]


def test_reciprocal_ranks() -> None:
    legs = {"x": scores(9, 5, 1), "y": scores(1, 9, 5)}

    expected = [1 / 61 + 1 / 63, 1 / 62 + 1 / 61, 1 / 63 + 1 / 62]
    assert reciprocal(legs).tolist() == pytest.approx(expected)


def test_bm25_prefers_the_rarer_word() -> None:
    index = Lexical(["ก ข", "ก ค", "ก ง"], str.split)

    found = index.scores("ก ค")

    assert found.argmax() == 1
    assert found[0] == found[2] > 0
    assert index.scores("ฮ").tolist() == [0, 0, 0]
    assert Lexical([], str.split).scores("ก").tolist() == []


def test_bm25_hardly_minds_length() -> None:
    long = "ทารุณกรรม " + "ข้อความอื่น " * 40
    index = Lexical([long, "เรื่องอื่นสั้น", "อีกเรื่อง"], words)

    assert index.scores("ทารุณกรรม").argmax() == 0


def test_each_leg_looks_at_every_item() -> None:
    ranker = Ranker(ITEMS)
    dense = unknown()
    dense[1] = 0.9

    ranking = ranker.rank("เด็กถูกทารุณกรรม", dense)

    assert set(ranking.legs) == {"dense", "words", "trigrams"}
    assert ranking.legs["dense"].argmax() == 1 or not ranking.legs["dense"].any()
    assert ranking.legs["words"].argmax() == ranking.legs["trigrams"].argmax() == 0
    assert ranking.best(1) == [0]


def test_a_named_section_is_a_leg_of_its_own() -> None:
    ranking = Ranker(ITEMS).rank("คุ้มครองเด็ก ม.๔๑", unknown())

    assert ranking.legs["sections"].tolist() == [0, 0, 1]
    assert ranking.best(3)[0] == 2


def test_the_passage_is_the_nearest_chunk_of_its_item() -> None:
    long = Item("d", "ยาว", "\n".join(letter * 500 for letter in "กขค"))
    ranker = Ranker([ITEMS[0], long])
    dense = unknown(4)
    dense[2] = 0.8

    ranking = ranker.rank("ก", dense)

    assert ranker.chunk_of(1, ranking).body == "ข" * 500
    assert ranker.chunk_of(0, ranking).entry_id == "a"


def test_no_items_no_ranking() -> None:
    assert Ranker([]).rank("เด็ก", scores()).best(5) == []


def test_more_known_neighbours_do_not_move_the_scale() -> None:
    """A filter adds exact rows to the nearest; scores of the nearest must stay as they were."""
    items = [Item(str(i), f"หัวข้อ {i}", "เนื้อความ") for i in range(DEPTH + 50)]
    ranker, whole = Ranker(items), np.linspace(0.7, 0.9, DEPTH + 50, dtype=np.float32)
    few = nearest_only(whole)
    assert np.count_nonzero(~np.isnan(few)) == DEPTH

    with_few, with_all = ranker.rank("ใด", few), ranker.rank("ใด", whole)

    assert with_few.scores[50:] == pytest.approx(with_all.scores[50:], abs=1e-6)


@given(st.lists(st.integers(0, 5), max_size=30), st.integers(0, 40))
def test_best_is_the_stable_order(values: list[int], count: int) -> None:
    ranking = Ranking(scores(*values), {}, scores())

    expected = sorted(range(len(values)), key=lambda row: (-values[row], row))[:count]
    assert ranking.best(count) == expected


@given(st.text(max_size=40))
def test_any_query_is_answered(query: str) -> None:
    ranking = Ranker(ITEMS[:1]).rank(query, unknown(1))

    assert np.isfinite(ranking.scores).all()


def test_trigrams_find_what_segmentation_missed() -> None:
    index = Lexical([item.whole for item in ITEMS], trigrams)

    assert index.scores("เบี้ยยังชิพ").argmax() == 1


def test_attainable_is_what_a_text_with_every_token_approaches() -> None:
    index = Lexical(["ก ข", "ก ค", "ก ง"], str.split, b=0)
    full = Lexical(["ก ข " * 200, "ก ค", "ก ง"], str.split, b=0)

    assert full.scores("ก ข").max() == pytest.approx(full.attainable("ก ข"), rel=0.01)
    assert index.scores("ก ข").max() < index.attainable("ก ข")
    assert index.attainable("ก ข ฮ") > index.attainable("ก ข")
    assert index.attainable("") == 0


def test_words_count_by_how_much_of_the_question_they_cover() -> None:
    ranker = Ranker(ITEMS)

    formal = ranker.rank("ผู้สูงอายุมีสิทธิได้รับเบี้ยยังชีพรายเดือน", unknown())
    everyday = ranker.rank("ยายอยู่คนเดียวไม่มีตังค์กินข้าว", unknown())

    for name in ("words", "trigrams"):
        assert 0 <= everyday.coverage[name] < formal.coverage[name] <= 1
    assert weighted(formal.coverage)["words"] > weighted(everyday.coverage)["words"]
    assert weighted({})["dense"] == WEIGHTS["dense"]


def test_meaning_decides_where_words_cover_little() -> None:
    near = scores(0.9, 0.1, 0.1)

    everyday = Ranker(ITEMS).rank("เห็นเพื่อนบ้านตีลูก รายเดือน ไม่รู้จะไปหาใครดี", near)

    assert everyday.best(1) == [0]
