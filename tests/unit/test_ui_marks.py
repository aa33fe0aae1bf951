"""What the pages show: escaped, marked in the right places, never a broken Thai cluster."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ui import marks, scheme_marks, titles

TEXT = "เขาตบหน้าแล้ว <b>บีบคอ</b> จนหายใจไม่ออก"


def sentence(**over: object) -> dict[str, object]:
    """A said sentence as the API sends it."""
    base: dict[str, object] = {"id": "s1", "text": "คำ", "ink": "said", "flags": (), "badge": None}
    return base | {"citations": (), "spans": ()} | over


def bare(html: str) -> str:
    """The words without tags and labels."""
    return re.sub(r"<[^>]+>", "", re.sub(r"<sup>.*?</sup>", "", html))


def test_the_story_is_escaped_and_marked() -> None:
    start = TEXT.index("บีบคอ")
    html = marks.story(TEXT, [{"start": start, "end": start + 5, "label": "RF02", "flag": True}])
    assert '<mark class="flag">บีบคอ<sup>RF02</sup></mark>' in html
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_overlapping_marks_share_the_words_and_keep_both_labels() -> None:
    html = marks.story(
        "กขคงจ",
        [
            {"start": 0, "end": 3, "label": "VIO-01", "flag": False},
            {"start": 2, "end": 5, "label": "RF01", "flag": True},
        ],
    )
    assert html.count("<mark") == 3
    assert "VIO-01" in html
    assert "RF01" in html


def test_marks_outside_the_story_are_ignored() -> None:
    assert "<mark" not in marks.story("กข", [{"start": 1, "end": 9, "label": "X", "flag": False}])


@given(st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=8))
def test_no_word_of_the_story_is_ever_lost(spans: list[tuple[int, int]]) -> None:
    found = [{"start": a, "end": b, "label": "L", "flag": False} for a, b in spans]
    html = marks.story(TEXT, found)
    assert bare(html).replace("&lt;", "<").replace("&gt;", ">") == TEXT


def test_inks_differ_by_sign_and_word_and_a_frame_has_none() -> None:
    chips = {ink: marks.ink_chip(ink, None, "th") for ink in ("said", "rule", "inferred")}
    assert len(set(chips.values())) == 3
    assert all(marks.INK_SIGNS[ink] in html for ink, html in chips.items())
    assert marks.ink_chip("frame", None, "th") == ""


def test_a_badge_stands_beside_its_ink() -> None:
    assert "proposal" in marks.ink_chip("inferred", "proposal", "en")


def test_a_flagged_sentence_says_why_until_it_is_decided() -> None:
    flagged = sentence(flags=({"code": "grounding.quote", "detail": ""},))
    assert "flagged" in marks.item(flagged, "th", reasons=["เหตุ"])
    assert "เหตุ" in marks.item(flagged, "th", reasons=["เหตุ"])
    struck = marks.item(flagged, "th", decision={"decision": "struck"})
    assert "flagged" not in struck
    assert "struck" in struck


def test_an_edited_sentence_shows_the_new_words() -> None:
    html = marks.item(sentence(), "th", decision={"decision": "edited", "text": "ใหม่<i>"})
    assert "ใหม่&lt;i&gt;" in html


def test_evidence_shows_the_words_told_and_the_passage() -> None:
    citation = {
        "title_th": "ม.41",
        "passage": "ต้องแจ้ง",
        "id": "child-protection-2546#41",
        "official": False,
        "confidence": "statute",
    }
    html = marks.evidence(
        sentence(citations=("c",), spans=({"start": 0, "end": 2, "text": "ตบ"},)),
        {"c": citation},
        "th",
    )
    assert "<q>ตบ</q>" in html
    assert "ต้องแจ้ง" in html
    assert marks.evidence(sentence(), {}, "th") == ""


def test_a_hit_nobody_has_reviewed_says_so() -> None:
    found = {"id": "src-1#0", "title": "<i>", "kind": "document", "text": "คำ", "source": "ไฟล์"}
    assert "Not reviewed" in marks.hit(found | {"review": "waiting"}, "en")
    assert "reviewed" not in marks.hit(found | {"review": None}, "en").lower()
    assert "Statute text" in marks.hit(found | {"review": "accepted", "official": True}, "en")


def test_an_amended_law_shows_its_own_words_and_our_summary() -> None:
    cited = {"id": "c", "title_th": "ก", "passage": "ตัวบทเดิม", "confidence": "verified"}
    more = {"official": True, "as_enacted": True, "summary": "สรุปของเรา"}
    html = marks.evidence(sentence(citations=("c",)), {"c": cited | more}, "en")
    assert "Statute text · as enacted, amended since" in html
    assert "ตัวบทเดิม" in html
    assert "สรุปของเรา" in html
    assert "สรุปของเรา" not in marks.evidence(sentence(citations=("c",)), {"c": cited}, "en")


def test_an_english_reader_sees_the_english_title_and_the_thai_one_to_quote() -> None:
    cited = {"id": "c", "title_th": "ก <ข>", "title_en": "A & B", "passage": "ตัวบท"}
    held = {"c": cited | {"confidence": "verified"}}
    html = marks.evidence(sentence(citations=("c",)), held, "en")
    assert '<b>A &amp; B</b> <small class="cmis-quiet" lang="th">ก &lt;ข&gt;</small>' in html
    assert "<b>ก &lt;ข&gt;</b><br>" in marks.evidence(sentence(citations=("c",)), held, "th")
    assert titles.quotable(cited, "en") == "A & B (ก <ข>)"
    assert titles.quotable(cited | {"title_en": None}, "en") == titles.title(cited, "th")


def test_a_scheme_tells_what_to_do_what_is_missing_and_how_sure_it_is() -> None:
    screened = {
        "name_th": "เงินอุดหนุน",
        "amounts": [],
        "benefit": "600 บาท [V 2564] และค่าเดินทาง [V/G]",
        "to_do_first": ["ลงทะเบียน"],
        "failed": ["รายได้เกิน"],
        "appeal_th": "อุทธรณ์ใน 30 วัน",
        "with_others_th": [],
        "confidence": "verified",
        "source": "S001",
    }
    html = scheme_marks.scheme(screened, {}, ["อายุ <เด็ก>"], "en")

    assert "600 บาท และค่าเดินทาง (general knowledge)" in html
    assert "<b>To do first:</b> ลงทะเบียน" in html
    assert "<b>Another look:</b> อุทธรณ์ใน 30 วัน" in html
    assert "อายุ &lt;เด็ก&gt;" in html
    assert "With others" not in html
    more = {"benefit_en": "600 baht and fares [V/G]", "failed_en": ["Income too high"]}
    told = scheme_marks.scheme(screened | more | {"name_en": "Grant"}, {}, [], "en")
    assert "600 baht and fares (general knowledge)" in told
    assert "Income too high" in told
    assert "<b>Grant</b>" in told
    assert "เงินอุดหนุน" in told


def test_a_danger_still_to_be_confirmed_looks_other_than_one_that_is_sure() -> None:
    sure = marks.alert("บีบคอ", "โทร 1669")
    doubted = marks.alert("บีบคอ", "โทร 1669", doubted=True)
    assert "doubted" in doubted
    assert "doubted" not in sure


def test_dangers_in_lines_are_escaped_and_share_a_box() -> None:
    drawn = marks.alert_lines([marks.alert_line("<b>", "1300"), marks.alert_line("มีด", "191")])
    assert drawn.count("<li>") == 2
    assert "&lt;b&gt;" in drawn
