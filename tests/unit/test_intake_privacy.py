"""Masking: nothing identifying stays, the words come back exactly, and failure closes the door."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.entities import Entity, settled
from intake.placeholders import PLACEHOLDER, CaseNames
from intake.privacy import Masker, MaskingFailed
from intake.privacy_rules import load_privacy_rules
from intake.recognisers import score

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
    assert masked.restore() == STORY


def test_spans_are_exact_words_of_the_story(masker: Masker) -> None:
    assert all(STORY[s.start : s.end] == s.text for s in masker.mask(STORY).spans)


def test_the_same_words_get_the_same_placeholder_in_the_next_text(masker: Masker) -> None:
    names = CaseNames()
    first = masker.mask("โทร 081-000-0123", names)
    second = masker.mask("เบอร์ ๐๘๑ ๐๐๐ ๐๑๒๓ อีกครั้ง", names)
    assert PLACEHOLDER.findall(first.text) == PLACEHOLDER.findall(second.text)


def test_a_placeholder_in_the_story_is_never_taken(masker: Masker) -> None:
    story = "ในเรื่องมี ⟦PHONE_1⟧ แล้วโทร 081-000-0123"
    masked = masker.mask(story)
    assert "โทร ⟦PHONE_1⟧" in masked.text
    assert masked.restore("⟦SIGN_1⟧") == "⟦PHONE_1⟧"
    assert masked.restore() == story


@settings(deadline=None, max_examples=150)
@given(ANY_TEXT, st.lists(st.tuples(st.integers(0, 120), st.integers(1, 20)), max_size=6))
def test_any_text_comes_back_whatever_is_found(text: str, cuts: list[tuple[int, int]]) -> None:
    found = [Entity(a, min(a + n, len(text)), "PERSON") for a, n in cuts if a < len(text)]
    masked = Masker(lambda _: found).mask(text)
    assert masked.restore() == text


@settings(deadline=None, max_examples=60)
@given(ANY_TEXT)
def test_the_real_recognisers_never_lose_a_character(text: str) -> None:
    masked = Masker().mask(text)
    assert masked.restore() == text


def test_a_passage_gets_the_very_words_that_stood_there(masker: Masker) -> None:
    masked = masker.mask("นายสมศักดิ์ ใจกล้าหาญ โทรมา สมศักดิ์ร้องไห้")
    assert "⟦PERSON_1⟧ร้องไห้" in masked.text
    assert masked.restore("⟦PERSON_1⟧ร้องไห้") == "สมศักดิ์ร้องไห้"
    assert masked.restore("คุยกับ⟦PERSON_1⟧ก่อน") == "คุยกับนายสมศักดิ์ ใจกล้าหาญก่อน"
    assert masked.restore("⟦PERSON_9⟧ ไม่รู้จัก") == "⟦PERSON_9⟧ ไม่รู้จัก"


def test_children_named_side_by_side_stay_two(masker: Masker) -> None:
    masked = masker.mask("มีลูกสองคน คือ น้องฟ้าใส น้องภูผา อยู่บ้าน")
    assert len(set(PLACEHOLDER.findall(masked.text))) == 2


def test_an_offices_own_recogniser_is_taken_in() -> None:
    found = [Entity(0, 4, "OTHER")]
    assert Masker(lambda _: found).mask("รหัสลับ").text.startswith("⟦OTHER_1⟧")


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


def test_every_type_in_use_maps_to_one_of_ours() -> None:
    rules = load_privacy_rules()
    assert set(rules.type_names.values()) - {None} <= rules.types
    assert {kind for kind, _ in rules.patterns} <= rules.types


THIRTEEN = "1100000000016"
SPELLED = [
    (THIRTEEN, THIRTEEN),
    ("1-1000-00000-01-6", "1-1000-00000-01-6"),
    ("1 1000 00000 01 6", "1 1000 00000 01 6"),
    ("๑-๑๐๐๐-๐๐๐๐๐-๐๑-๖", "๑-๑๐๐๐-๐๐๐๐๐-๐๑-๖"),
    ("๑๑๐๐ ๐๐๐๐๐ ๐๐๑๖", "๑๑๐๐ ๐๐๐๐๐ ๐๐๑๖"),
    ("LINE ID: nok.wan-22", "nok.wan-22"),
    ("ไอดีไลน์ nokwan", "nokwan"),
    ("ทักไลน์มาที่ nokwan22", "nokwan22"),
    ("เฟซบุ๊กชื่อ แม่นกใจดี99", "แม่นกใจดี99"),
    ('ในกลุ่มเฟซบุ๊ก "หาบ้านให้น้อง"', "หาบ้านให้น้อง"),
    ("บ้านเลขที่ 12/3 ม.4 บ้านเขาวง ต.แม่เมย", "เขาวง"),
    ("หมู่ที่ 6 ตำบลจะแหน อำเภอเขาวง จังหวัดแพร่", "จะแหน"),
    ("ซอยวัดใหม่ดอนแก้ว เลขที่ 55/9 อ.บางเล", "ซอยวัดใหม่ดอนแก้ว เลขที่ 55/9"),
    ("ตึก B ชั้น 4 ห้อง 412", "412"),
    ("บ้านเลขที่ สิบสองทับสาม หมู่สี่", "สิบสองทับสาม"),
    ("เรียนที่โรงเรียนแม่เมยพิทยา", "แม่เมย"),
    ("โรงเรียนเทศบาล 3 วังน้ำเย็น", "วังน้ำเย็น"),
    ("เกิดเหตุแถววัดป่าร่วมใจ", "วัดป่าร่วมใจ"),
    ("ขายของที่ตลาดเขาวง", "เขาวง"),
    ("ขายของที่ตลาดนัดสันทราย", "สันทราย"),
    ("หน้าเซเว่นแยกหอนาฬิกา", "แยกหอนาฬิกา"),
    ("น้องไท กับ มด อยู่กับยาย", "มด"),
    ("เรียกผมว่าเจมส์ก็ได้", "เจมส์"),
    ("ผู้แจ้งคือกนิษฐา สำแดงไชย อายุ 44 ปี", "สำแดงไชย"),
    ("ลุงกับป้าแต้ม ขึ้นไปอยู่ข้างบน", "แต้ม"),
]
READABLE = [
    "โรงเรียนเขาโทรมาบอกว่าหยุด",
    "น้องบอกว่าไม่อยากกลับ",
    "พ่อเอาไม้ตีที่ตลาดเมื่อเช้า",
    "ครูนัดแม่มาคุยพรุ่งนี้",
    "ถูกบีบคอสองครั้ง กับลูกด้วย",
]


@pytest.mark.parametrize(("story", "words"), SPELLED)
def test_every_spelling_and_form_is_found(masker: Masker, story: str, words: str) -> None:
    masked = masker.mask(f"แจ้งว่า {story} ครับ")
    covered = [s.text for s in masked.spans]
    assert any(words in span for span in covered), covered


@pytest.mark.parametrize("story", READABLE)
def test_what_identifies_nobody_stays_readable(masker: Masker, story: str) -> None:
    assert masker.mask(story).text == story


def test_a_check_digit_makes_a_number_surer_and_a_wrong_one_is_masked_too() -> None:
    assert score("ID", THIRTEEN) == 1.0
    mistyped = THIRTEEN[:-1] + "7"
    assert score("ID", mistyped) < 1.0
    assert mistyped not in Masker().mask(f"เลขบัตร {mistyped}").text
    assert score("PHONE", "0810000123") == 1.0


@pytest.mark.parametrize(
    ("told", "hidden"),
    [
        ("นางลำดวน มั่นคง อายุ 42 ปี มาขอคำปรึกษา", ["ลำดวน", "มั่นคง"]),
        ("ด.ญ.ปลา รักเรียน ไม่มาโรงเรียนสองวัน", ["รักเรียน"]),
        ("ชื่อผู้ร้อง: ลำดวน ใจเย็น โทร 081-000-0123", ["ลำดวน", "ใจเย็น"]),
        ("บ้านอยู่พิกัด 16.43211, 102.82361 หลังคาสีฟ้า", ["16.43211", "102.82361"]),
        ("ปักหมุดไว้ที่ https://maps.app.goo.gl/Ab3dE9 นะคะ", ["Ab3dE9"]),
        ("ดูรูปที่ facebook.com/lamduan.test", ["lamduan.test"]),
        ("ตำแหน่ง 16°25'55.6\"N 102°49'25.0\"E", ["16°25", "102°49"]),
    ],
)
def test_what_leads_to_somebody_is_hidden(masker: Masker, told: str, hidden: list[str]) -> None:
    masked = masker.mask(told)
    assert [words for words in hidden if words in masked.text] == []
    assert masked.restore() == told


@pytest.mark.parametrize(
    "told",
    [
        "ถ้าตายๆ ไปพร้อมกันก็ดี",
        "หมอเย็บ 3 เข็ม",
        "ปู่เปลี่ยนผ้าอ้อมคนเดียว",
        "สองเดือนเเล้ว เเม่ไม่กลับบ้านอีกเเล้ว",
        "ราคา 12.50 / 15.75 บาท",
        "บิดา: เสียชีวิตแล้ว",
    ],
)
def test_ordinary_words_stay_readable(masker: Masker, told: str) -> None:
    assert masker.mask(told).text == told


@pytest.mark.parametrize("state", ["เมายา", "ท้อง", "ติดยาบ้า", "ตั้งครรภ์"])
def test_what_somebody_is_or_does_is_no_family_name(masker: Masker, state: str) -> None:
    assert state in masker.mask(f"นางสาวปลา {state} มาสามเดือนแล้ว").text
