"""How names and persons are found alike, with the reasons a person reads."""

from __future__ import annotations

import pytest

from intake.name_matching import (
    Described,
    closeness,
    compare,
    index_words,
    levelled_name,
    name_likeness,
    skeleton,
    untitled,
)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("ศิริพร", "สิริพร", "same_name"),
        ("พรทิพย์", "พรทิพ", "same_name"),
        ("วรรณี", "วันนี", "same_name"),
        ("น.ส.จันทร์", "จัน", "same_name"),
        ("กัญญาพร", "กันยาพร", "same_name"),
        ("สมชาย", "สมชัย", "spelled_alike"),
        ("ณัฐพล", "นัทพล", "same_name"),
        ("สมชาย", "Somchai", "latin_alike"),
        ("ศิริพร", "Siriporn", "latin_alike"),
        ("สมชาย", "สมหญิง", ""),
        ("มานะ", "ปิติ", ""),
        ("", "ปิติ", ""),
    ],
)
def test_spellings_of_a_name(one: str, other: str, why: str) -> None:
    assert name_likeness(one, other) == name_likeness(other, one) == why


def test_titles_and_blanks_are_no_part_of_a_name() -> None:
    assert untitled(" นางสาวมานี ") == "มานี"
    assert levelled_name("ด.ช. มา นะ") == "มานะ"
    assert skeleton("Ph") == skeleton("P") == "p"
    assert closeness("", "") == 0.0


def test_the_same_number_outweighs_the_name() -> None:
    one = Described(given_name="สมชาย", citizen_id="1")
    found = compare(one, Described(given_name="วิชัย", citizen_id="1"))
    assert found.band == "almost_certain"
    assert [r.code for r in found.reasons] == ["same_id"]


def test_differences_take_away_and_are_told() -> None:
    one = Described(given_name="สมชาย", family_name="ใจดี", birth="1990", sex="M", citizen_id="1")
    other = Described(given_name="สมชาย", family_name="แก้ว", birth="1960", sex="F", citizen_id="2")
    found = compare(one, other)
    assert found.band == "unlikely"
    told = {r.code for r in found.reasons}
    assert {"other_id", "other_birth", "other_sex", "other_family", "same_name"} == told


def test_a_nickname_alone_proves_little_and_with_more_says_something() -> None:
    one = Described(given_name="ณัฐพล", nicknames=("บอย",), birth="2001-02-03")
    alone = compare(one, Described(nicknames=("บอย",)))
    more = compare(one, Described(nicknames=("บอย",), birth="2001-02-03"))
    assert alone.band == "unlikely"
    assert more.band in ("likely", "almost_certain")
    short = compare(Described(nicknames=("พร",)), Described(given_name="ศิริพร"))
    assert [r.code for r in short.reasons] == ["same_nickname"]


def test_a_person_is_indexed_once_under_each_word() -> None:
    words = index_words(
        Described(
            given_name="ศิริพร",
            family_name="ใจดี",
            nicknames=("ชาย",),
            citizen_id="1",
            phones=("2",),
            birth="1990-01-01",
        )
    )
    kinds = {kind for kind, _ in words}
    assert {"citizen_id", "phone", "name", "given", "family", "sound", "birth_date"} <= kinds
    assert len(words) == len(set(words))
    assert index_words(Described()) == []
