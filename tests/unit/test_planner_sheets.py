"""The reader's own papers: nothing of the staff's work, wishes first, and whole sentences."""

from __future__ import annotations

import re

import pytest

from intake.schemas import Role
from planner.readers import is_for_reader, safety_lines, told, wishes
from planner.schemas import Action, Draft, Ink, Sentence
from planner.sheets import client_sheet, safety_sheet
from planner.wording import read_words
from tests.drafts import LIBRARY, coded, draft, problem

ASKED = "ลุงชาติขาขาดข้างหนึ่ง อยากได้รถเข็นใหม่ไว้ไปขายของ ขอทุนเรียนให้หลานด้วย"
GIRL = "ครูแจ้งว่าเด็กหญิงอายุ 12 ปีถูกลุงข้างบ้านลวนลาม คืนนี้อยู่บ้านกับย่า"


def sheets(story: str, code: str, words: str, level: str = "immediate_1h") -> tuple[Draft, str]:
    coding = coded([problem(code, words, Role.PRIMARY, story)], story=story, level=level)
    made = draft(story, coding)
    return made, client_sheet(made, LIBRARY).text


def action(text: str) -> Action:
    sentence = Sentence(id="s1", text=text, ink=Ink.FRAME)
    return Action(id="x.a1", codes=(), sentence=sentence, responsible=(), within="24h", due=None)


@pytest.mark.parametrize(
    "text",
    [
        "เข้าตรวจค้นและแยกเด็กเพื่อคุ้มครองโดยเร็วที่สุด",
        "พบเบาะแสถูกทำร้าย แจ้งโดยมิชักช้า ไม่เผชิญหน้าผู้ปกครอง",
        "ผู้รับฟังคนแรกจดคำของเด็กตรงตัวอักษร",
        "แจ้งหรือรายงานต่อพนักงานเจ้าหน้าที่โดยไม่ชักช้า",
    ],
)
def test_the_staffs_own_work_is_not_for_the_reader(text: str) -> None:
    assert told(action(text)) is None


def test_what_is_said_to_the_reader_speaks_to_the_reader() -> None:
    rows = read_words("for-client")
    staff = re.compile(rows["staff"])
    for row in rows["says"]:
        re.compile(row["says"])
        assert not staff.search(row["tell"].replace("บัตรคนพิการ", "")), row["tell"]
    line = told(action("พาเด็กกับคนที่เด็กไว้ใจไปศูนย์พึ่งได้โดยเร็ว"))
    assert line
    assert "เด็ก" not in line.text


def test_a_child_reads_nothing_of_searching_and_reporting() -> None:
    made, text = sheets(GIRL, "VIO-06", "ลวนลาม")
    body = text.split("โทรหาใคร")[0]
    assert not re.search("ตรวจค้น|แยกเด็ก|เบาะแส|จดคำ|ผู้ปกครอง|คนช่วยคือ โรงเรียน", body)
    assert "เราเชื่อคุณ" in body
    assert made.plan.problems


def test_what_was_asked_for_comes_first() -> None:
    made, text = sheets(ASKED, "DIS-01", "ขาขาด", level="routine")
    assert any("รถเข็น" in w for w in wishes(made))
    next_part = text.split("สิ่งที่จะเกิดขึ้นต่อไป")[1]
    assert text.index("อยากได้รถเข็น") < text.index("สิ่งที่จะเกิดขึ้นต่อไป")
    assert "รถเข็น" in "".join(next_part.splitlines()[:4])


def test_a_wish_of_somebody_else_is_not_the_readers() -> None:
    made, _ = sheets("สามีอยากให้ยอมความ แม่ถูกตีจนช้ำ", "VIO-01", "ถูกตี")
    assert not wishes(made)


def test_safety_lines_are_sentences_and_never_against_each_other() -> None:
    lines = ["เบอร์ 1387 ในกระเป๋าเล็ก", "ห้องที่ล็อกจากด้านในและทางออกสำรอง", "ทางออกไม่ล็อกและของมีคมไม่ใกล้"]
    assert list(safety_lines(lines)) == [
        "จดเบอร์ 1387 ในกระเป๋าเล็ก",
        "เลือกห้องที่ล็อกจากด้านในและทางออกสำรอง ไว้ล่วงหน้า",
    ]


def test_every_safety_line_of_the_library_begins_with_what_to_do() -> None:
    nouns = re.compile("^(?:เบอร์|รายชื่อ|คน[^ใ]|ที่ไป|ที่พัก|ที่หลบ|แผน|กระเป๋า|คำรหัส|เส้นทาง)")
    for code, library in LIBRARY.interventions.items():
        for line in safety_lines(library.safety_th):
            assert not nouns.match(line), (code, line)


def test_a_question_about_somebody_else_is_not_put_to_the_reader() -> None:
    assert not is_for_reader("ผู้ที่ทำเข้าถึงเด็กได้ไหม")
    assert is_for_reader("คืนนี้นอนที่ไหน ปลอดภัยไหม")
    made, text = sheets(GIRL, "VIO-06", "ลวนลาม")
    assert "เด็ก" not in text.partition("เราจะถามคุณ")[2]
    assert safety_sheet(made).text
