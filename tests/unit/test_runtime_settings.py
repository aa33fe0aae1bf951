"""Settings: defaults that work, and a clear refusal of half-specified values."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from runtime.messages import LANGUAGES
from runtime.settings import (
    ChatHalfSet,
    DatabaseHalfSet,
    FolderUnusable,
    SettingInvalid,
    Settings,
    SettingsIncomplete,
    SpeechHalfSet,
    SpeechLeavesOffice,
    load_settings,
)


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("CMIS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("CMIS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CMIS_CACHE_DIR", str(tmp_path / "cache"))


def test_defaults_work_offline(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.embedded
    assert (settings.embedding_model, settings.chat_model) == ("embedded", None)
    assert (settings.host, settings.port, settings.language) == ("127.0.0.1", 8501, "th")
    assert settings.data_dir == tmp_path / "data"
    assert settings.data_dir.is_dir()
    assert settings.cache_dir.is_dir()


def test_environment_and_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMIS_PORT", "9000")
    monkeypatch.setenv("CMIS_DEMO", "true")
    monkeypatch.setenv("CMIS_CHAT_MODEL", "")
    assert load_settings().port == 9000
    assert load_settings().demo
    assert load_settings().chat_model is None
    assert load_settings(port=9001).port == 9001


def test_frozen() -> None:
    with pytest.raises(ValidationError):
        load_settings().port = 1  # type: ignore[misc]


def test_folders_are_private(tmp_path: Path) -> None:
    load_settings()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


@pytest.mark.parametrize("half", [{"chat_base_url": "http://x/v1"}, {"chat_api_key": "k"}])
def test_chat_needs_a_model(half: dict[str, str]) -> None:
    with pytest.raises(ChatHalfSet) as refused:
        load_settings(**half)
    assert "CMIS_CHAT_MODEL" in refused.value.say("th")
    assert load_settings(**half, chat_model="openai:any").chat_model


@pytest.mark.parametrize(
    ("given", "absent"),
    [
        ("database_url", "CMIS_DATABASE_OWNER_URL"),
        ("database_owner_url", "CMIS_DATABASE_URL"),
    ],
)
def test_database_needs_both_addresses(given: str, absent: str) -> None:
    with pytest.raises(DatabaseHalfSet) as refused:
        load_settings(**{given: "postgresql://u:hidden@h/d"})
    assert refused.value.details == {"name": absent}
    assert "hidden" not in refused.value.say("en") + refused.value.say("th")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_addresses_take_one_form(scheme: str) -> None:
    settings = load_settings(
        database_url=f"{scheme}://a@h/d", database_owner_url=f"{scheme}://o@h/d"
    )
    assert settings.database_url == "postgresql+psycopg://a@h/d"
    assert not settings.embedded
    assert "a@h" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "0"),
        ("port", "eighty"),
        ("language", "fr"),
        ("database_url", "mysql://h/d"),
        ("chat_base_url", "somewhere"),
        ("chat_timeout_s", "-1"),
        ("secret_key", "short"),
        ("demo_password", "short"),
        ("session_hours", "0"),
        ("no_such_setting", "1"),
    ],
)
def test_unusable_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        load_settings(**{name: value})
    assert refused.value.details == {"name": "CMIS_" + name.upper()}
    assert isinstance(refused.value, SettingsIncomplete)
    assert refused.value.status == 503


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(FolderUnusable) as refused:
        load_settings(data_dir=tmp_path / "file")
    assert "CMIS_DATA_DIR" in refused.value.say("en")


def test_secret_is_made_once_and_private(tmp_path: Path) -> None:
    first, second = load_settings().secret_key, load_settings().secret_key
    assert first is not None
    assert first == second
    kept = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert first.get_secret_value() not in repr(load_settings())


def test_secret_of_many_starters_is_one() -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = {
            s.secret_key.get_secret_value()
            for s in pool.map(lambda _: load_settings(), range(16))
            if s.secret_key
        }
    assert len(keys) == 1


def test_secret_opened_up_is_closed_again(tmp_path: Path) -> None:
    load_settings()
    kept = tmp_path / "data" / "secret.key"
    kept.chmod(0o644)
    load_settings()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_cut_off_secret_is_refused(tmp_path: Path) -> None:
    load_settings()
    (tmp_path / "data" / "secret.key").write_text("abc")
    with pytest.raises(SettingInvalid):
        load_settings()


def test_given_secret_wins() -> None:
    given = "g" * 40
    kept = load_settings(secret_key=given).secret_key
    assert kept is not None
    assert kept.get_secret_value() == given


def test_every_refusal_has_words() -> None:
    for error in (SettingsIncomplete, SettingInvalid, ChatHalfSet, DatabaseHalfSet, FolderUnusable):
        for lang in LANGUAGES:
            assert error.code not in error(name="N", folder="F").say(lang)


def test_whole_returns_itself() -> None:
    settings = Settings()
    assert settings.whole() is settings


@pytest.mark.parametrize(
    "half",
    [
        {"speech_base_url": "http://127.0.0.1:8000/v1"},
        {"speech_api_key": "secret"},
        {"speech_api_key": "secret", "speech_model": "whisper-large"},
    ],
)
def test_half_a_speech_server_is_refused(half: dict[str, str]) -> None:
    with pytest.raises(SpeechHalfSet):
        load_settings(**half)


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("127.0.0.1:8000", True),
        ("10.1.2.3", True),
        ("localhost", True),
        ("speech", True),
        ("speech.office.internal", True),
        ("8.8.8.8", False),
        ("api.example.com", False),
    ],
)
def test_recordings_leave_the_office_only_when_it_says_so(host: str, inside: bool) -> None:
    given = {"speech_base_url": f"https://{host}/v1", "speech_model": "whisper-large"}
    assert load_settings(**given, speech_outside=True).speech_base_url
    if inside:
        assert load_settings(**given).speech_model == "whisper-large"
    else:
        with pytest.raises(SpeechLeavesOffice):
            load_settings(**given)
