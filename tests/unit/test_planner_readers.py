"""What the plan's papers say to their reader, in whose words, and what stays out of print."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from intake.schemas import Role
from planner.readers import helper, is_spoken, may_stand, safety_lines, told
from planner.schemas import Action, Ink, Sentence
from planner.sheets import client_sheet, plain, safety_sheet
from planner.wording import fill, read_words
from tests.drafts import LIBRARY, coded, draft, problem

FIRST_DAY = ("1h", "4h", "24h")
UNWORDED = 0.0  # share of the first day's actions that concern the reader and say nothing to them
STAFF_ALONE = 0.15  # share of the first day's actions that are the staff's alone
PLACES = {"client": "ผู้ถูกกระทำ", "child": "เด็ก", "place": "ที่พัก"}
WIFE = "สามีตีภรรยาจนช้ำ เธออยากย้ายไปอยู่กับพี่สาว อยากเรียนต่อ ลูกอายุ 7 ขวบเห็นเหตุการณ์"


def action(text: str) -> Action:
    sentence = Sentence(id="s1", text=text, ink=Ink.FRAME)
    return Action(id="x.a1", codes=(), sentence=sentence, responsible=(), within="24h", due=None)


def texts(*when: str) -> Iterator[str]:
    """The actions of the library and of the shared steps, as a plan writes them."""
    library = (a for code in LIBRARY.interventions.values() for a in code.actions)
    yield from (fill(a.text_th, PLACES) for a in library if not when or a.when in when)
    rows = read_words("steps")["steps"] + read_words("particulars")["particulars"]
    yield from (fill(r["text_th"], PLACES) for r in rows if not when or r["when"] in when)


def tells() -> list[str]:
    says = [row["tell"] for row in read_words("for-client")["says"]]
    return says + [row["tell"] for row in read_words("safety-page")["safety"] if "tell" in row]


def test_the_first_day_leaves_nobody_without_a_word() -> None:
    only = re.compile(read_words("for-client")["only"])
    day = list(texts(*FIRST_DAY))
    silent = [t for t in day if told(action(t)) is None]
    unworded = [t for t in silent if not only.search(t)]
    facing = len(day) - (len(silent) - len(unworded))
    assert len(unworded) / facing <= UNWORDED, unworded
    assert (len(silent) - len(unworded)) / len(day) <= STAFF_ALONE


def test_what_is_told_uses_no_word_of_the_offices() -> None:
    rows = read_words("for-client")
    for tell in tells():
        assert not re.search(rows["jargon"], tell), tell
        assert not re.search(rows["paper"], tell), tell


def test_every_row_of_the_wording_serves_an_action() -> None:
    used = {line.text for t in texts() if (line := told(action(t)))}
    assert {row["tell"] for row in read_words("for-client")["says"]} <= used


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ปลดโซ่หรือเปิดห้องขังโดยทีมแพทย์ แล้วตกลงวิธีดูแลที่ไม่ล่าม", "ขยับตัว"),
        ("ส่งฉุกเฉินทันทีโดยไม่รอตรวจสิทธิเมื่อมีสัญญาณวิกฤต", "1669"),
        ("ถ้าคิดทำร้ายลูกหรือคู่แล้วตายตาม โทร 191 กันเด็กไว้", "1323"),
        ("โทรธนาคารเพื่ออายัด แล้วไปแจ้งความ", "รีบโทรธนาคาร"),
        ("ให้ตำรวจเก็บโทรศัพท์ สมุดหนี้ โดยผู้เสียหายไม่ต้องไปเอาเอง", "ไม่ต้องกลับไปเอา"),
    ],
)
def test_the_words_around_decide_what_is_told(text: str, wanted: str) -> None:
    line = told(action(text))
    assert line
    assert wanted in line.text


def test_the_paper_names_no_helper_that_tells_what_was_asked_for() -> None:
    assert helper(("police", "social_worker_province")) == "social_worker_province"
    assert helper(("client", "social_worker_shelter")) is None


def test_what_endangers_the_reader_is_not_printed() -> None:
    coding = coded([problem("VIO-01", "ตีภรรยาจนช้ำ", Role.PRIMARY, WIFE)], story=WIFE)
    made = draft(WIFE, coding)
    text = client_sheet(made, LIBRARY).text + safety_sheet(made).text
    assert "อยากเรียน" in text
    assert "จำแล้วทิ้ง" in text
    for word in ("ย้าย", "ตำรวจ", "อัยการ", "ศูนย์พึ่งได้", "บ้านพัก", "นอกบ้าน", "บีบคอ", "ขู่", "ผู้กระทำ"):
        assert word not in text, word


def test_a_question_tells_nobody_what_the_reader_told() -> None:
    assert may_stand("เงินพอใช้ถึงสิ้นเดือนไหม", "asked")
    assert not may_stand("โทรศัพท์เครื่องนี้เขาเปิดดูได้ไหม", "asked")


def test_the_safety_page_of_every_code_speaks_to_its_reader() -> None:
    others = re.compile("เด็ก|ผู้กระทำ|ผู้เสียหาย|ผู้ถูก|ผู้สูงอายุ|นายหน้า|คดี|หลักฐาน|นอกบ้าน|คำรหัส")
    for code, library in LIBRARY.interventions.items():
        lines = [plain(fill(line, PLACES)) for line in library.safety_th]
        for line in safety_lines([x for x in lines if not is_spoken(x)]):
            assert not others.search(line), (code, line)
