"""Masking: nothing identifying stays, the words come back exactly, and failure closes the door."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.entities import Entity, settled
from intake.privacy import PLACEHOLDER, Masker, MaskingFailed, Vault, VaultSealed, restore
from intake.privacy_rules import load_privacy_rules

STORY = (
    "ผู้แจ้งคือนางสาวบุษบา ดอกไม้ทอง โทร ๐๘๑-๐๐๐-๐๑๒๓ เลขบัตร 1-0000-00001-11-1 "
    "อยู่บ้านเลขที่ 12/3 หมู่ 4 ต.สมมุติ อ.ตัวอย่าง จ.ขอนแก่น ลูกชื่อน้องมะลิ "
    "รถทะเบียน กข 1234 ขอนแก่น อีเมล a.b@example.org ไลน์ budsaba_test น้องมะลิร้องไห้"
)
HIDDEN = [
    "บุษบา",
    "ดอกไม้ทอง",
    "๐๘๑-๐๐๐-๐๑๒๓",
    "1-0000-00001-11-1",
    "12/3",
    "กข 1234",
    "a.b@example.org",
    "budsaba_test",
    "มะลิ",
]
ANY_TEXT = st.text(st.sampled_from("กขคน้องชื่อายุ 081⟦PERSON_1⟧\n-่้ำ"), max_size=120)


@pytest.fixture(scope="module")
def masker() -> Masker:
    return Masker()


@pytest.mark.parametrize("words", HIDDEN)
def test_identifying_words_are_hidden(masker: Masker, words: str) -> None:
    assert words not in masker.mask(STORY).text


def test_the_words_come_back_exactly(masker: Masker) -> None:
    masked = masker.mask(STORY)
    assert restore(masked.text, masked.placeholders) == STORY


def test_spans_are_exact_words_of_the_story(masker: Masker) -> None:
    assert all(STORY[s.start : s.end] == s.text for s in masker.mask(STORY).spans)


def test_the_same_words_get_the_same_placeholder_in_the_next_text(masker: Masker) -> None:
    first = masker.mask("โทร 081-000-0123")
    second = masker.mask("เบอร์ 081-000-0123 อีกครั้ง", first.placeholders)
    assert PLACEHOLDER.findall(first.text) == PLACEHOLDER.findall(second.text)


def test_a_placeholder_in_the_story_is_never_taken(masker: Masker) -> None:
    story = "ในเรื่องมี ⟦PHONE_1⟧ แล้วโทร 081-000-0123"
    masked = masker.mask(story)
    assert "⟦PHONE_2⟧" in masked.text
    assert restore(masked.text, masked.placeholders) == story


@settings(deadline=None, max_examples=150)
@given(ANY_TEXT, st.lists(st.tuples(st.integers(0, 120), st.integers(1, 20)), max_size=6))
def test_any_text_comes_back_whatever_is_found(text: str, cuts: list[tuple[int, int]]) -> None:
    found = [Entity(a, min(a + n, len(text)), "PERSON") for a, n in cuts if a < len(text)]
    masked = Masker(lambda _: found).mask(text)
    assert restore(masked.text, masked.placeholders) == text


@settings(deadline=None, max_examples=60)
@given(ANY_TEXT)
def test_the_real_recognisers_never_lose_a_character(text: str) -> None:
    masked = Masker().mask(text)
    assert restore(masked.text, masked.placeholders) == text


def test_failure_closes_the_door() -> None:
    def broken(_: str) -> list[Entity]:
        raise RuntimeError

    with pytest.raises(MaskingFailed):
        Masker(broken).mask("อะไรก็ได้")


def test_a_thai_cluster_is_never_split() -> None:
    masked = Masker(lambda _: [Entity(0, 1, "PERSON")]).mask("น้ำตก")
    assert masked.text == "⟦PERSON_1⟧ตก"


def test_settling_never_uncovers_a_character() -> None:
    found = [Entity(0, 10, "ADDRESS", 0.5), Entity(3, 6, "PERSON", 0.9)]
    covered = {i for e in settled(found) for i in range(e.start, e.end)}
    assert covered == set(range(10))


def test_the_vault_opens_only_with_its_key() -> None:
    sealed = Vault(b"secret").seal({"⟦PERSON_1⟧": "บุษบา"})
    assert "บุษบา".encode() not in sealed
    assert Vault(b"secret").open(sealed) == {"⟦PERSON_1⟧": "บุษบา"}
    with pytest.raises(VaultSealed):
        Vault(b"other").open(sealed)


def test_every_type_in_use_maps_to_one_of_ours() -> None:
    ours = {kind for kind, _ in load_privacy_rules().patterns} | {"PERSON"}
    assert set(load_privacy_rules().type_names.values()) - {None} <= ours
