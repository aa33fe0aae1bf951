"""The coder: exact words, honest standings, no crash on odd text, quick enough."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.coding import Coder
from intake.narrative import NarrativeEmpty, NarrativeNotText, NarrativeNotThai, accept
from intake.rules import load_rules
from intake.schemas import CodedNarrative, Role, Standards
from intake.standards import standards_of
from knowledge_base.codebook import URGENCY_ORDER
from knowledge_base.library import load_library

CODER = Coder(load_library())
PIECES = [
    "สามีตบหน้าภรรยาทุกวัน",
    "ลูกเห็นเหตุการณ์แล้วร้องไห้",
    "๑๒ ขวบ",
    "บ่มีหยังกิน",
    "มากกกก",
    "\u200b",
    "คับ",
    "\n",
    " ",
    "ดอกร้อยละ ๒๐ ต่อเดือน",
    "ไม่เคยตีลูก",
    "😀",
    "A4",
    "ยายอายุ ๘๒ ติดเตียง",
    '"อยากตาย"',
]


def coded(story: str) -> CodedNarrative:
    """The coding of a story."""
    return CODER.code(accept(story))


def test_every_code_has_a_rule_and_no_rule_an_unknown_code() -> None:
    assert {r.target for r in load_rules("cue-rules.yaml")} == set(load_library().codebook.codes)


def test_every_fact_is_in_the_vocabulary() -> None:
    for rule in load_rules("fact-rules.yaml"):
        fact = load_library().facts[rule.target]
        assert rule.value in (True, False, "number") or rule.value in fact.values


@pytest.mark.parametrize(
    ("story", "code"),
    [
        ("สามีเมาแล้วซ้อมดิฉันทุกคืน ตาเขียวหมด", "VIO-01"),
        ("เด็กชายอายุ 7 ปีโดนแม่เลี้ยงตีด้วยสายไฟ", "VIO-04"),
        ("ยายอายุ ๘๐ อยู่คนเดียวไม่มีลูกหลาน", "AGE-02"),
        ("กู้นอกระบบดอกร้อยละ ๒๐ จ่ายไม่ไหว", "ECO-02"),
        ("ค้างค่าเช่าสามเดือนเจ้าของให้ออก", "HOU-02"),
        ("ลูกสาว ม.3 ท้องได้สี่เดือน", "REP-01"),
        ("คุณตาหลงลืม อายุ 79 เดินออกไปกลับบ้านไม่ถูก", "AGE-03"),
        ("หลานหกขวบไม่ได้แจ้งเกิด", "LEG-02"),
        ("บ้านโดนน้ำท่วมมิดหลังคา", "DST-01"),
        ("ลูกสามขวบพูดช้า เรียกชื่อไม่หัน", "DIS-03"),
    ],
)
def test_codes(story: str, code: str) -> None:
    assert code in coded(story).code_ids()


@pytest.mark.parametrize(
    ("story", "code"),
    [
        ("ยืนยันว่าสามีไม่เคยทำร้าย", "VIO-01"),
        ("เด็กอายุ 7 ปี ไม่มีใครตีหรือทำร้าย", "VIO-04"),
        ("ผู้รับบริการปฏิเสธการใช้ยาบ้า", "SUB-01"),
        ("เพื่อนชวนเสพยาแต่ไม่เอา", "SUB-01"),
        ("ไม่ได้คิดอยากตาย", "MEN-01"),
        ("ไม่ได้กลิ่นเหล้า", "SUB-02"),
    ],
)
def test_denied_signs_do_not_code(story: str, code: str) -> None:
    assert code not in coded(story).code_ids()


def test_what_is_over_is_past() -> None:
    found = {c.code: c.role for c in coded("เมื่อก่อนเล่นพนัน ตอนนี้ทำงานปกติ").codes}
    assert found["SUB-04"] is Role.PAST
    assert "SUB-04" not in coded("เมื่อก่อนเล่นพนัน ตอนนี้ทำงานปกติ").code_ids()


def test_safety_comes_first_and_one_code_is_primary() -> None:
    codes = coded("ครอบครัวเป็นหนี้นอกระบบ สามีตบตีภรรยาทุกวัน").codes
    assert codes[0].code == "VIO-01"
    assert [c.role for c in codes].count(Role.PRIMARY) == 1


def test_a_red_flag_means_within_the_hour() -> None:
    found = coded("แฟนบีบคอจนหายใจไม่ออก")
    assert found.urgency.level == "immediate_1h"
    assert "RF02" in found.urgency.because


def test_nothing_found_is_routine() -> None:
    found = coded("วันนี้อากาศดี ไปตลาดซื้อผักมาทำแกง")
    assert (found.codes, found.red_flags, found.urgency.level) == ((), (), "routine")


def test_facts_with_their_words() -> None:
    story = "ผู้รับบริการตั้งครรภ์ GA ๑๑ wk อยู่ห้องเช่า"
    facts = {f.field: f for f in coded(story).facts}
    assert facts["pregnant"].value is True
    assert facts["gestational_weeks"].value == 11
    assert facts["gestational_weeks"].spans[0].text == "GA ๑๑ wk"
    assert not any(f.confirmed for f in facts.values())


def test_a_denied_violence_is_no_fact() -> None:
    story = "คบกับแฟนมาแปดเดือน ไม่ได้ถูกขู่หรือทำร้าย"
    assert "domestic_violence" not in {f.field for f in coded(story).facts}


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), min_size=1, max_size=12))
def test_words_are_exact_whatever_is_mixed_in(pieces: list[str]) -> None:
    try:
        narrative = accept("".join(pieces))
    except (NarrativeEmpty, NarrativeNotThai, NarrativeNotText):
        return
    found = CODER.code(narrative)
    items = [*found.codes, *found.unsure, *found.red_flags, *found.facts]
    for span in (s for item in items for s in item.spans):
        assert span.text
        assert narrative.text[span.start : span.end] == span.text
    assert all(0 <= c.score <= 1 for c in (*found.codes, *found.unsure))
    assert found.urgency.level in URGENCY_ORDER


def test_each_code_says_what_other_systems_call_it() -> None:
    codebook = load_library().codebook
    found = standards_of("VIO-01", codebook)
    assert "T74.1" in {icd.code for icd in found.icd10}
    assert found.gravity_sdoh == "intimate-partner-violence"
    for code in codebook.codes:
        standards = standards_of(code, codebook)
        assert standards.oscc_group is None or standards.oscc_group.title
    assert standards_of("ZZZ-99", codebook) == Standards()
    (problem,) = [c for c in coded("แฟนบีบคอและตบหน้า").codes if c.code == "VIO-01"]
    assert problem.standards == found


def test_the_same_story_gives_the_same_coding() -> None:
    assert coded(" ".join(PIECES)) == coded(" ".join(PIECES))


def test_a_long_story_takes_seconds_not_minutes() -> None:
    begin = time.perf_counter()
    coded("สามีตีภรรยา ลูกเห็น ไม่มีเงิน " * 1500)
    assert time.perf_counter() - begin < 20
