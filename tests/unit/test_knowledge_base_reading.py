"""Files of offices: what is read of each kind, and what each refusal says."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base import reading_apart
from knowledge_base.reading import Block, Reading, read
from knowledge_base.reading_apart import answer, read_apart
from knowledge_base.reading_errors import (
    FileBomb,
    FileCorrupt,
    FileEmpty,
    FileEncoding,
    FileEncrypted,
    FileKindUnknown,
    FileMislabelled,
    FileUnreadable,
    ReadingStopped,
    RowBroken,
)
from knowledge_base.thai_repair import mended
from tests import office_files
from tests.office_files import INJECTION


def texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("น\u0e4d\u0e32", "นำ"),
        ("น \u0e4d\u0e49 \u0e32", "น้ำ"),
        ("ทำ\u200bงาน\ufeff ๒๔ ชม.\r\nต่อ", "ทำงาน ๒๔ ชม.\nต่อ"),
        ("ท\uf70bอง ส\uf701\uf70aง", "ท้อง สิ่ง"),
        ("ก\u0e48\u0e34ง เเม่", "กิ่ง แม่"),
        ("ก ็ดี", "ก็ดี"),
        ("a\u0000b\u202e c\ud800", "a b c"),
        ("e\u0301", "é"),
        ("ABC ๑๒", "ABC ๑๒"),
    ],
)
def test_thai_is_mended_and_keeps_its_form(written: str, stored: str) -> None:
    assert mended(written) == stored


@given(st.text(max_size=60))
def test_mending_twice_changes_nothing_more(text: str) -> None:
    assert mended(mended(text)) == mended(text)


def test_plain_text_in_the_encodings_of_offices() -> None:
    told = "หัวข้อ\r\n\r\nแจ้งเหตุภายใน ๒๔ ชั่วโมง"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp874"):
        assert texts(read("a.txt", told.encode(encoding))) == ["หัวข้อ", "แจ้งเหตุภายใน ๒๔ ชั่วโมง"]


def test_markdown_as_the_page_it_becomes() -> None:
    source = (
        f"# คู่มือ\n\nข้อ **หนึ่ง** [ที่มา](http://x)\n\n<!-- {INJECTION} -->\n\n## ส่วนสอง\n\n- ก\n- ข\n"
    )
    reading = read("a.md", source.encode())
    assert reading.title == "คู่มือ"
    assert reading.blocks == (
        Block(text="คู่มือ", level=1),
        Block(text="ข้อ หนึ่ง ที่มา"),
        Block(text="ส่วนสอง", level=2),
        Block(text="ก"),
        Block(text="ข"),
    )


def test_a_page_without_what_it_hides() -> None:
    reading = read("a.html", office_files.page())
    assert reading.title == "แนวทาง"
    assert texts(reading) == ["แนวทางการส่งต่อ", "ส่งต่อภายใน ๒๔ ชั่วโมง", "โทร ๑๓๐๐"]
    assert INJECTION not in reading.model_dump_json()


def test_a_page_that_nests_too_deep_for_recursion() -> None:
    reading = read("a.html", b"<div>" * 1500 + "ลึก".encode() + b"</div>" * 1500)
    assert texts(reading) == ["ลึก"]


def test_word_in_headings_paragraphs_and_rows() -> None:
    content = office_files.word(
        [(1, "แนวทาง"), (0, "แจ้งภายใน ๒๔ ชม."), (2, "สอง"), (0, "ต่อ")], INJECTION
    )
    reading = read("a.docx", content)
    assert [(b.level, b.text) for b in reading.blocks] == [
        (1, "แนวทาง"),
        (0, "แจ้งภายใน ๒๔ ชม."),
        (2, "สอง"),
        (0, "ต่อ"),
        (0, "สายด่วน | ๑๓๐๐"),
    ]
    assert reading.title == "แนวทาง"


def test_pdf_pages_without_their_running_heads() -> None:
    pages = [["ราชการส่วนตัว หน้า ๑", f"ข้อความของหน้า {n} อยู่ตรงนี้"] for n in "กขคงจ"]
    reading = read("a.pdf", office_files.pdf(pages))
    assert [(b.page, b.text) for b in reading.blocks] == [
        (i, f"ข้อความของหน้า {n} อยู่ตรงนี้") for i, n in enumerate("กขคงจ", 1)
    ]


def test_pdf_lines_go_on_where_the_page_edge_cut_them() -> None:
    lines = ["เด็กที่ต้องได้รับการคุ้มครองสวัสดิ", "ภาพตามกฎหมายนี้ให้แจ้งเจ้าหน้าที่ทัน", "ที", "มาตรา ๕ ต่อไป"]
    assert read("a.pdf", office_files.pdf([lines])).text.split("\n") == [
        "เด็กที่ต้องได้รับการคุ้มครองสวัสดิภาพตามกฎหมายนี้ให้แจ้งเจ้าหน้าที่ทันที",
        "มาตรา ๕ ต่อไป",
    ]


def test_rows_with_and_without_a_law() -> None:
    rows = (
        '{"_id":"1","title":"ก","text":"ข้อความ","metadata":{"law":"พ.ร.บ. ก","section":"๕"}}\n\n'
        '{"_id":"2","title":"ข","text":"อีกข้อ"}\n{"_id":"3","text":""}'
    )
    reading = read("c.jsonl", rows.encode())
    assert [(r.law, r.section, r.text) for r in reading.rows] == [
        ("พ.ร.บ. ก", "๕", "ข้อความ"),
        (None, None, "อีกข้อ"),
    ]


PDF = office_files.pdf([["ข้อความ"]])
WORD = office_files.word([(0, "ข้อความ")])
REFUSED = {
    "cut.pdf": (PDF[: len(PDF) // 3], FileCorrupt),
    "noise.pdf": (b"%PDF-1.7\n" + bytes(range(256)) * 40, FileCorrupt),
    "locked.pdf": (office_files.encrypted(PDF, "secret"), FileEncrypted),
    "scanned.pdf": (office_files.pdf([[]]), FileEmpty),
    "text.pdf": ("ไม่ใช่พีดีเอฟ".encode(), FileMislabelled),
    "bomb.docx": (office_files.bomb(), FileBomb),
    "cut.docx": (WORD[: len(WORD) // 2], FileCorrupt),
    "noise.docx": (b"PK\x03\x04" + bytes(range(256)) * 40, FileCorrupt),
    "empty.txt": (b" \n\t", FileEmpty),
    "binary.txt": (bytes(range(256)) * 20, FileEncoding),
    "wrong.txt": ("เรื่องเล่า".encode("utf-16-le")[1:], FileEncoding),
    "broken.jsonl": (b'{"text": "a"}\n{"text": ', RowBroken),
    "list.jsonl": (b"[1]", RowBroken),
    "number.jsonl": (b'{"text": 1.5}', RowBroken),
    "hidden.html": (b"<p hidden>a</p>", FileEmpty),
    "table.xlsx": (b"PK", FileKindUnknown),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_say_the_file_and_what_to_do(name: str) -> None:
    content, reason = REFUSED[name]
    with pytest.raises(reason) as refused:
        read(name, content)
    for language in ("th", "en"):
        said = refused.value.say(language)
        assert name in said
        assert said != reason.code
        assert "{" not in said


def test_a_pdf_that_only_forbids_copying_is_read() -> None:
    assert read("a.pdf", office_files.encrypted(PDF, "")).text == "ข้อความ"


def test_a_word_file_with_a_locked_part_is_refused() -> None:
    locked = bytearray(WORD)
    at = locked.find(b"PK\x01\x02")
    locked[at + 8] |= 1
    with pytest.raises(FileEncrypted):
        read("a.docx", bytes(locked))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_damage_of_a_file_is_a_fault_of_ours(data: st.DataObject) -> None:
    name, whole = data.draw(st.sampled_from([("a.pdf", PDF), ("a.docx", WORD)]))
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(8, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(FileUnreadable):
        assert read(name, bytes(damaged)).text


def test_reading_apart_gives_the_same() -> None:
    content = office_files.page()
    assert read_apart("a.html", content) == read("a.html", content)
    with pytest.raises(FileEncrypted, match="locked"):
        read_apart("locked.pdf", REFUSED["locked.pdf"][0])
    with pytest.raises(RowBroken) as broken:
        read_apart("broken.jsonl", REFUSED["broken.jsonl"][0])
    assert broken.value.details["line"] == 2


def test_a_reader_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_apart, "MOST_SECONDS", 0.01)
    with pytest.raises(ReadingStopped):
        read_apart("a.txt", "ข้อความ".encode())


def test_a_reader_that_crashes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_apart, "ROOT", reading_apart.ROOT / "nowhere")
    monkeypatch.chdir("/")
    monkeypatch.setenv("PYTHONPATH", "")
    monkeypatch.setattr(reading_apart.sys, "executable", "/bin/false")
    with pytest.raises(ReadingStopped):
        read_apart("a.txt", "ข้อความ".encode())


def test_a_reader_out_of_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_apart, "read", lambda *_: _swollen())
    assert b"kb.reading_stopped" in answer("a.txt", b"a")


def _swollen() -> None:
    raise MemoryError
