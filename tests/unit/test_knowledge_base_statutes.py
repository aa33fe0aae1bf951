"""Acts cut into sections; passages by meaning; documents that are nearly the same."""

from __future__ import annotations

import json
from collections import defaultdict

import numpy as np
import pytest

from knowledge_base.chunking import LONGEST
from knowledge_base.near_duplicates import NEAR, signature, similarity
from knowledge_base.passages import cut
from knowledge_base.reading import Block, Reading, Row, read
from knowledge_base.statutes import law_key, section_key, statute
from tests import office_files
from tests.shared_data import shared


def blocks(*lines: str) -> tuple[Block, ...]:
    return tuple(Block(text=line) for line in lines)


def no_vectors(texts: object) -> np.ndarray:
    raise AssertionError("nothing here needs vectors")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("พระราชบัญญัติคุ้มครองเด็ก พ.ศ. ๒๕๔๖", "พระราชบัญญัติ คุ้มครองเด็ก  พ.ศ 2546"),
        ("พรบ. คุ้มครองเด็ก พุทธศักราช 2546", "พระราชบัญญัติคุ้มครองเด็ก พ.ศ. 2546"),
        ("พระราชบัญญัติก (ฉบับที่ ๒) พ.ศ. ๒๕๖๐", "พระราชบัญญัติก ฉบับที่ 2 พ.ศ. 2560"),
    ],
)
def test_one_act_has_one_key(one: str, other: str) -> None:
    assert law_key(one) == law_key(other)


def test_another_year_is_another_act() -> None:
    assert law_key("พระราชบัญญัติก พ.ศ. 2546") != law_key("พระราชบัญญัติก พ.ศ. 2550")


@pytest.mark.parametrize(
    ("written", "key"),
    [("๔๑", "41"), ("๖/๑", "6/1"), ("๒๗๗ทวิ", "277 ทวิ"), ("277  ทวิ", "277 ทวิ"), ("ก", "ก")],
)
def test_one_section_has_one_key(written: str, key: str) -> None:
    assert section_key(written) == key


def test_an_act_from_a_pdf_is_cut_by_section() -> None:
    pages = [
        [*"\n".join(office_files.ACT_LINES[:4]).split("\n")],
        [*"\n".join(office_files.ACT_LINES[4:]).split("\n")],
    ]
    made = cut(read("act.pdf", office_files.pdf(pages)), "act", no_vectors)
    found = {p.section: p for p in made.passages if p.section}
    assert made.is_statute
    assert law_key(made.title) == law_key(office_files.ACT)
    assert list(found) == ["1", "2", "3", "3/1"]
    assert found["2"].text == office_files.SECTIONS[1]
    assert found["2"].context.split(" › ")[1:] == ["หมวด ๑ บททั่วไป", "มาตรา 2"]
    assert found["3/1"].page == 2


def test_an_amending_act_keeps_what_it_quotes() -> None:
    act = statute(
        blocks(
            "พระราชบัญญัติ",
            "สวนสาธารณะ (ฉบับที่ ๒)",
            "พ.ศ. ๒๖๐๐",
            "มาตรา ๑ ชื่อ",
            "มาตรา ๒ ให้ยกเลิกความในมาตรา ๖ และให้ใช้ความต่อไปนี้แทน\n“มาตรา ๖ ผู้ใด\nมาตรา ๗ ผู้นั้น”",
            "มาตรา ๓ ให้เพิ่มความต่อไปนี้\nมาตรา ๑๒ ถ้า",
            "มาตรา ๔ รักษาการ",
            "ผู้รับสนองพระบรมราชโองการ\nหมายเหตุ :- เหตุผล",
        )
    )
    assert act is not None
    assert [p.section for p in act.parts] == [None, "1", "2", "3", "4", None, None]
    assert "มาตรา ๗ ผู้นั้น" in act.parts[2].text
    assert act.title.endswith("พ.ศ. ๒๖๐๐")


def test_a_document_about_an_act_is_no_act() -> None:
    assert statute(blocks("คู่มือตามพระราชบัญญัติสวน พ.ศ. 2599", "มาตรา 5 กล่าวไว้")) is None
    assert statute(blocks("พระราชบัญญัติสวน พ.ศ. 2599", "มาตรา 5 กล่าวไว้", "จบ")) is None
    assert statute(()) is None


@pytest.mark.shared
def test_real_acts_come_apart_as_they_were_put_together() -> None:
    folder = shared()
    if folder is None:
        pytest.skip("needs ../shared/data/statutes")
    file = folder / "data" / "statutes" / "corpus.jsonl"
    acts: dict[str, list[dict[str, object]]] = defaultdict(list)
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["metadata"]["role"] != "code":
            acts[row["metadata"]["law"]].append(row)
    right = wanted = 0
    for title, rows in acts.items():
        act = statute(blocks(title, *(str(row["text"]) for row in rows)))
        found = {p.section for p in act.parts} if act else set()
        wanted += len(rows)
        right += sum(section_key(str(r["metadata"]["section"])) in found for r in rows)  # type: ignore[index]
    assert right / wanted >= 0.99


def test_rows_keep_their_law_and_section() -> None:
    rows = (
        Row(title="ก", text="x", law="พ.ร.บ. ก พ.ศ. 2546", section="๔๑", chapter="หมวด ๑"),
        Row(title="ข", text="y"),
    )
    made = cut(Reading(media_type="application/jsonl", rows=rows), "c", no_vectors)
    assert [p.law_key for p in made.passages] == [law_key("พระราชบัญญัติก พ.ศ. 2546"), None]
    assert made.passages[0].context == "พ.ร.บ. ก พ.ศ. 2546 › หมวด ๑ › มาตรา 41"


def test_a_short_document_stays_whole_under_its_headings() -> None:
    reading = Reading(
        media_type="text/plain",
        blocks=(
            Block(text="หนึ่ง", level=1),
            *blocks("ก", "ข"),
            Block(text="สอง", level=2),
            *blocks("ค"),
        ),
    )
    made = cut(reading, "คู่มือ", no_vectors)
    assert [(p.context, p.text) for p in made.passages] == [
        ("คู่มือ › หนึ่ง", "ก\nข"),
        ("คู่มือ › หนึ่ง › สอง", "ค"),
    ]


def test_a_long_text_is_cut_where_its_meaning_turns() -> None:
    topics = ["ดอกไม้" * 25] * 4 + ["รถยนต์" * 25] * 3
    vectors = {"ดอกไม้" * 25: [1.0, 0.0], "รถยนต์" * 25: [0.0, 1.0]}
    reading = Reading(media_type="text/plain", blocks=blocks(*topics))
    made = cut(reading, "x", lambda texts: np.array([vectors[t] for t in texts], np.float32))
    assert [set(p.text.split("\n")) for p in made.passages] == [{"ดอกไม้" * 25}, {"รถยนต์" * 25}]
    assert all(len(p.text) <= LONGEST for p in made.passages)


def test_a_paragraph_longer_than_a_passage_is_cut_too() -> None:
    reading = Reading(media_type="text/plain", blocks=blocks("คำ " * 900))
    made = cut(reading, "x", lambda texts: np.eye(len(texts), dtype=np.float32))
    assert len(made.passages) > 2
    assert all(len(p.text) <= LONGEST for p in made.passages)


def test_near_duplicates_are_told_from_others() -> None:
    text = " ".join(f"ข้อ {n} ให้เจ้าหน้าที่ดำเนินการเรื่องที่ {n * 7}" for n in range(120))
    changed = text.replace("ข้อ 50 ", "ข้อห้าสิบ ").replace(" ", "  ")
    other = " ".join(f"หมวด {n} ว่าด้วยการเงินและพัสดุลำดับ {n * 3}" for n in range(120))
    assert similarity(signature(text), signature(text)) == 1.0
    assert similarity(signature(text), signature(changed)) >= NEAR
    assert similarity(signature(text), signature(other)) < 0.4
    assert similarity(signature("ก"), signature("ข")) < NEAR
