"""Refusals and their words: both languages, the same places, no code said twice."""

from __future__ import annotations

import string
from collections import Counter
from pathlib import Path

import pytest
import yaml

from runtime import messages
from runtime.errors import (
    BadInput,
    CmisError,
    Conflict,
    Forbidden,
    NotFound,
    PartMissing,
    Unauthenticated,
)
from runtime.messages import catalogue, sentence

FOLDER = Path(messages.__file__).parent
ROOMS = sorted({file.name.split(".")[0] for file in FOLDER.glob("*.yaml")})


def words(room: str, lang: str) -> dict[str, str]:
    file = FOLDER / f"{room}.{lang}.yaml"
    read: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return read


def places(template: str, lang: str) -> set[str]:
    """The places to fill; one that holds words of its language is named alike without it."""
    found = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    return {name.removesuffix(f"_{lang}") for name in found}


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_say_the_same(room: str) -> None:
    thai, english = words(room, "th"), words(room, "en")
    assert set(thai) == set(english)
    for code in thai:
        assert places(thai[code], "th") == places(english[code], "en"), code


def test_no_code_is_said_twice() -> None:
    codes = Counter(code for room in ROOMS for code in words(room, "th"))
    assert [code for code, times in codes.items() if times > 1] == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (CmisError, 500),
        (BadInput, 422),
        (NotFound, 404),
        (Forbidden, 403),
        (Unauthenticated, 401),
        (Conflict, 409),
        (PartMissing, 503),
    ],
)
def test_every_refusal_has_a_status_and_words(error: type[CmisError], status: int) -> None:
    assert error.status == status
    for lang in ("th", "en"):
        assert error().say(lang) == catalogue(lang)[error.code]
    assert str(error()).startswith(error.code)


def test_named_places_are_filled() -> None:
    assert "CMIS_PORT" in sentence("settings.invalid", "en", name="CMIS_PORT")
    assert "{name}" in sentence("settings.invalid", "en")


def test_unwritten_code_and_language() -> None:
    assert sentence("no.such.code", "en") == "no.such.code"
    assert sentence("input.bad", "fr") == sentence("input.bad", "th")
