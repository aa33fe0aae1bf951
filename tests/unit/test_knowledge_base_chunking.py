"""Items cut into passages."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.chunking import LONGEST, Item, chunks, item_of
from knowledge_base.entries import Confidence, Entry, Kind

THAI = st.text(st.sampled_from("กขคงเแา้ิ ์\n;·()12 "), max_size=3000)


def entry(**fields: object) -> Entry:
    given = {
        "id": "a#1",
        "kind": Kind.LAW,
        "title_th": "หน้าที่แจ้งเหตุ",
        "text_th": "ผู้พบเห็นต้องแจ้ง",
        "confidence": Confidence.STATUTE,
    }
    return Entry.model_validate(given | fields)


def test_the_context_line_is_in_front_of_every_chunk() -> None:
    item = Item("a", "พระราชบัญญัติ › มาตรา 29", "ข้อความหนึ่ง " * 200)

    cut = chunks(item)

    assert len(cut) > 1
    assert all(c.text.startswith("พระราชบัญญัติ › มาตรา 29\n") for c in cut)
    assert [c.ordinal for c in cut] == list(range(len(cut)))


def test_a_short_item_is_one_chunk_and_an_empty_one_is_its_context() -> None:
    assert [c.body for c in chunks(Item("a", "หัวข้อ", "สั้น"))] == ["สั้น"]
    assert [c.text for c in chunks(Item("a", "หัวข้อ", ""))] == ["หัวข้อ"]


def test_cuts_at_numbered_clauses_before_spaces() -> None:
    first, second = "(1) " + "ก" * 400, "(2) " + "ข" * 400

    assert [c.body for c in chunks(Item("a", "", f"{first} {second}"))] == [first, second]


@given(THAI)
def test_nothing_is_lost_and_nothing_too_long(text: str) -> None:
    cut = chunks(Item("a", "หัวข้อ", text))
    bodies = [c.text.removeprefix("หัวข้อ").strip() for c in cut]

    assert "".join("".join(bodies).split()) == "".join(text.split())
    assert all(len(b) <= LONGEST for b in bodies)


def test_the_title_ends_the_context_unless_it_stands_there() -> None:
    assert item_of(entry()).context == "หน้าที่แจ้งเหตุ"
    assert item_of(entry(context_th="พ.ร.บ.")).context == "พ.ร.บ. › หน้าที่แจ้งเหตุ"
    assert item_of(entry(context_th="พ.ร.บ. › หน้าที่แจ้งเหตุ")).context.count("แจ้งเหตุ") == 1


def test_the_hash_follows_text_and_context_not_the_dates_of_the_entry() -> None:
    one, same = entry(), entry(effective_from=date(2004, 3, 30))
    moved = entry(context_th="พ.ร.บ.")

    assert chunks(item_of(one))[0].content_hash == chunks(item_of(same))[0].content_hash
    assert chunks(item_of(one))[0].content_hash != chunks(item_of(moved))[0].content_hash
