"""A story told aloud, as a worker brings it in: sent, written down, corrected, opened."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from runtime.database import open_database
from runtime.settings import load_settings
from tests.acceptance.conftest import Office
from tests.acceptance.test_browser_main_day import (
    LONG,
    at_home,
    nothing_broke,
    open_case,
    shot,
)
from tests.shared_data import shared
from tests.sounds import silence, tone, write

pytestmark = pytest.mark.browser
CLIP = (shared() or Path("/nowhere")) / "data" / "speech" / "typhoon2_q1.wav"
HEARD = 240_000


def bring(page: Page, office: Office, path: Path) -> None:
    at_home(page, office)
    page.get_by_role("link", name="รับเรื่องใหม่").first.click()
    page.get_by_role("radio", name="เล่าด้วยเสียง").click()
    expect(page.get_by_text("อัดเสียงตอนนี้")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("ไม่เกิน 120 นาที")).to_be_visible()
    page.locator('input[type="file"]').set_input_files(path)


def test_sound_without_speech_is_kept_and_can_be_played(
    page: Page, office: Office, tmp_path: Path
) -> None:
    samples = np.concatenate([silence(1), tone(3)])
    bring(page, office, write(tmp_path / "a.m4a", samples))
    expect(page.get_by_text("ไม่ได้ยินเสียงพูด")).to_be_visible(timeout=HEARD)
    player = page.locator("audio.cmis-player")
    expect(player).to_be_attached()
    page.wait_for_function("() => document.querySelector('audio.cmis-player').duration > 3")
    shot(page, "recording-no-speech")
    page.get_by_role("button", name="เลือกเสียงอื่น").click()
    expect(page.get_by_role("button", name="a.m4a")).to_be_visible(timeout=LONG)


def test_what_cannot_be_heard_is_refused_kindly(page: Page, office: Office, tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.m4a", tone(3)).read_bytes()
    cut, empty = tmp_path / "cut.m4a", tmp_path / "empty.wav"
    cut.write_bytes(whole[: len(whole) // 2])
    empty.touch()
    film = write(tmp_path / "film.wav", tone(1), kind="mp4", video=True)
    letter = tmp_path / "letter.wav"
    letter.write_text("ไม่ใช่เสียง")
    bring(page, office, empty)
    for path, code in (
        (empty, "sound.empty"),
        (cut, "sound.truncated"),
        (film, "sound.video"),
        (letter, "sound.unknown"),
    ):
        page.locator('input[type="file"]').set_input_files(path)
        expect(page.get_by_text(code)).to_be_visible(timeout=LONG)
    shot(page, "recording-refused")
    nothing_broke(page)


def rest_on_unsure_words(office: Office) -> None:
    """Make every flag raised so far one that waits for a person to listen."""
    database = open_database(load_settings(data_dir=office.data_dir))
    with database.owner_engine.begin() as owner:
        owner.execute(
            text(
                "UPDATE codings SET content = jsonb_set(content, '{red_flags}', (SELECT"
                " jsonb_agg(f || '{\"to_confirm\": true}') FROM"
                " jsonb_array_elements(content->'red_flags') f))"
                " WHERE jsonb_array_length(content->'red_flags') > 0"
            )
        )
    database.close()


def test_a_flag_on_unsure_words_asks_a_person(page: Page, office: Office) -> None:
    open_case(page, office, "เสียงไม่ชัด")
    rest_on_unsure_words(office)
    page.reload()
    asked = page.get_by_role("button", name="ตรวจซ้ำแล้ว เป็นเช่นนั้นจริง")
    expect(asked.first).to_be_visible(timeout=LONG)
    waiting, alerts = asked.count(), page.locator(".cmis-alert").count()
    shot(page, "flag-to-confirm")
    asked.first.click()
    expect(page.get_by_text("สมหญิง สาธิตดี ตรวจแล้วยืนยัน")).to_be_visible(timeout=LONG)
    expect(asked).to_have_count(waiting - 1)
    assert page.locator(".cmis-alert").count() == alerts
    shot(page, "flag-confirmed")


@pytest.mark.shared
@pytest.mark.skipif(not CLIP.is_file(), reason="needs ../shared")
def test_from_a_voice_to_a_case(page: Page, office: Office) -> None:
    bring(page, office, CLIP)
    expect(page.locator(".cmis-story mark.doubt").first).to_be_visible(timeout=HEARD)
    corrected = page.get_by_label("แก้ข้อความที่ถอดได้")
    expect(page.get_by_role("button", name="ใส่ในคำบอกเล่า")).to_be_visible(timeout=LONG)
    shot(page, "recording-heard")
    corrected.fill("แฟนเอามือบีบคอหนูจนหน้ามืด")
    corrected.blur()
    page.get_by_role("button", name="ใส่ในคำบอกเล่า").click()
    story = page.get_by_label("คำบอกเล่า", exact=True)
    expect(story).to_have_value("แฟนเอามือบีบคอหนูจนหน้ามืด", timeout=LONG)
    page.get_by_role("button", name="เปิดรายกรณี").click()
    expect(page.locator(".cmis-alert").first).to_be_visible(timeout=LONG)
    expect(page.locator("audio.cmis-player")).to_be_attached()
    shot(page, "recording-case")
