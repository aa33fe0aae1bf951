"""Marked words stay marked through a person's work, and only they."""

from __future__ import annotations

import random
import time

from intake.doubts import carried

HEARD = "เมื่อคืนพ่อ ตี แม่จนล้ม แล้วหนีไป"


def place(word: str, text: str = HEARD) -> tuple[int, int]:
    at = text.index(word)
    return at, at + len(word)


def words(doubted: list[str], story: str, heard: str = HEARD) -> list[str]:
    found = carried([place(w, heard) for w in doubted], heard, story)
    return [story[a:b] for a, b in found]


def test_an_untouched_text_keeps_every_doubt() -> None:
    assert carried([place("ตี"), place("หนี")], HEARD, HEARD) == (place("ตี"), place("หนี"))


def test_doubts_move_with_their_words() -> None:
    story = f"วันที่ 3 โทรมา\n{HEARD} ผู้แจ้งร้องไห้"
    assert words(["ตี", "หนี"], story) == ["ตี", "หนี"]


def test_a_changed_or_removed_word_is_the_persons_own() -> None:
    assert words(["ตี", "หนี"], HEARD.replace("ตี", "ดี")) == ["หนี"]
    assert words(["ตี", "หนี"], HEARD.replace("ตี ", "")) == ["หนี"]
    assert words(["ตี"], "เขียนใหม่ทั้งหมด") == []
    assert words(["ตี"], "") == []


def test_long_transcripts_with_scattered_changes_are_compared_quickly() -> None:
    source = random.Random(1)
    heard = "".join(source.choices("กขคงจชซดตทนบปผพมยรลวสหอาิีุูเแโใ่้ ", k=60_000))
    doubts = [(at, at + 4) for at in range(100, 59_000, 500)]
    story = list(heard)
    for at in range(0, 60_000, 997):
        story[at] = "ฬ"
    began = time.perf_counter()
    found = carried(doubts, heard, "นำหน้า " + "".join(story))
    assert time.perf_counter() - began < 20
    kept = [d for d in doubts if "ฬ" not in story[d[0] : d[1]]]
    assert found == tuple((a + 7, b + 7) for a, b in kept)


def test_in_a_stretch_too_long_to_compare_a_doubt_is_kept_wherever_its_word_stands() -> None:
    heard = "".join(f"{i:05d} " for i in range(1000)).replace("00500", "ตีตี0")
    spaced = " ".join(heard)
    assert carried([place("ตีตี0", heard)], heard, spaced) == ()
    story = spaced[:9000] + "ตีตี0" + spaced[9000:]
    assert carried([place("ตีตี0", heard)], heard, story) == ((9000, 9005),)
