"""Stories are accepted as they are, in the encodings offices use, or refused in one sentence."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.narrative import (
    LIMIT,
    NarrativeEmpty,
    NarrativeFileUnknown,
    NarrativeNotText,
    NarrativeNotThai,
    NarrativeTooLong,
    accept,
    decoded,
    read_narrative,
)

STORY = "ยายอยู่กับหลานสองคน รายได้ไม่พอ\nขอความช่วยเหลือ"


def test_kept_unmodified_with_the_hash_of_its_bytes() -> None:
    story = f"\u200b  {STORY}  \r\n"
    narrative = accept(story, "chat")
    assert narrative.text == story
    assert narrative.source == "chat"
    assert narrative.sha256 == hashlib.sha256(story.encode()).hexdigest()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
def test_encodings_offices_use(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "story.txt"
    file.write_bytes(STORY.encode(encoding))
    assert read_narrative(file).text == STORY


@pytest.mark.parametrize("text", ["", "   \n\t "])
def test_empty(text: str) -> None:
    with pytest.raises(NarrativeEmpty):
        accept(text)


def test_the_limit_counts_code_points() -> None:
    assert len(accept("ก" * LIMIT).text) == LIMIT
    with pytest.raises(NarrativeTooLong) as caught:
        accept("ก" * (LIMIT + 1))
    assert str(LIMIT) in caught.value.say("th")


@pytest.mark.parametrize(
    "text", ["Grandmother needs help", "12345 !!!", "ช่วย please help this family now"]
)
def test_not_thai(text: str) -> None:
    with pytest.raises(NarrativeNotThai):
        accept(text)


@pytest.mark.parametrize("text", ["เด็ก\0หาย", "เด็ก\ud800หาย"])
def test_letters_the_record_cannot_keep(text: str) -> None:
    with pytest.raises(NarrativeNotText):
        accept(text)


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\x00\x00", b"%PDF-1.7\n\xe2\xe3\xcf\xd3", b"\xff\xfe\x00"]
)
def test_binary_files(content: bytes) -> None:
    with pytest.raises(NarrativeNotText):
        decoded(content)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NarrativeFileUnknown) as caught:
        read_narrative(tmp_path / "none.txt")
    assert "none.txt" in caught.value.say("th")


def test_a_folder_is_no_story(tmp_path: Path) -> None:
    with pytest.raises(NarrativeFileUnknown):
        read_narrative(tmp_path)


@given(st.binary(max_size=60))
def test_bytes_are_text_or_refused(content: bytes) -> None:
    with contextlib.suppress(NarrativeNotText):
        assert isinstance(decoded(content), str)
