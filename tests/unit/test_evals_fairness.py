"""Figures by group: small cells stay silent, gaps come with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from evals.fairness import by_group, groups_of, widest_gap
from evals.statistics import NotMeasurable, Row
from evals.story_groups import CLIENT, about, client, fairness


def errors(found: Sequence[Row]) -> float | None:
    """The share of stories with an error."""
    return sum(r["wrong"] for r in found) / len(found) if found else None


def rows(group: str, *wrong: int) -> list[dict[str, Any]]:
    """A row a story."""
    return [{"id": f"{group}{n}", "group": group, "wrong": w} for n, w in enumerate(wrong)]


def test_by_hand_with_small_cells_silent() -> None:
    all_rows = [*rows("north", 1, 0, 0, 0), *rows("south", 1)]
    found = by_group(all_rows, lambda r: r["group"], errors, least=4)
    assert found["north"]["value"] == 0.25
    assert found["north"]["ci"][0] <= 0.25 <= found["north"]["ci"][1]
    assert found["south"] == {"n": 1, "value": None, "ci": None}


def test_no_error_is_0_and_only_errors_are_1() -> None:
    all_rows = [*rows("a", 0, 0), *rows("b", 1, 1)]
    found = by_group(all_rows, lambda r: r["group"], errors, least=2)
    assert (found["a"]["value"], found["b"]["value"]) == (0, 1)
    gap = widest_gap(all_rows, lambda r: r["group"], errors, least=2)
    assert gap == {"low": "a", "high": "b", "gap": 1, "ci": [1, 1]}


def test_equal_groups_have_no_gap_and_one_group_none_to_give() -> None:
    same = [*rows("a", 0, 0), *rows("b", 0, 0)]
    gap = widest_gap(same, lambda r: r["group"], errors, least=2)
    assert gap is not None
    assert (gap["gap"], gap["ci"]) == (0, [0, 0])
    assert widest_gap(rows("a", 0, 0), lambda r: r["group"], errors, least=2) is None


def test_groups_are_read_from_the_words_of_a_story() -> None:
    signs = {"elderly": ["ยาย", "ตา"], "child": ["เด็ก"]}
    assert groups_of({"narrative": "ยายอยู่คนเดียว"}, signs) == ["elderly"]
    assert groups_of({"narrative": ""}, signs) == []


def test_no_rows_are_refused() -> None:
    with pytest.raises(NotMeasurable):
        by_group([], lambda r: r["group"], errors)


def test_the_client_is_read_from_the_words_or_unknown() -> None:
    known = client("ด.ญ.มะลิ ใจสมมุติ อายุ 9 ปี ถูกพ่อตี ครูจึงแจ้ง")
    assert known == {
        "client_sex": "F",
        "client_age": "child",
        "client_disability": "unknown",
    }
    assert client("สวัสดี") == dict.fromkeys(CLIENT, "unknown")


def test_who_is_unknown_is_a_group_of_its_own() -> None:
    told = [{"id": str(n), "narrative": "สวัสดี", "region": "ภาคใต้"} for n in range(8)]
    found = fairness([{**s, **about(s), "wrong": 1} for s in told], errors)
    assert found["client_sex"]["groups"]["unknown"]["value"] == 1
    assert found["client_sex"]["gap"] is None
