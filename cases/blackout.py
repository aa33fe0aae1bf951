"""Takes somebody's words out of texts: each becomes as many blocks, so that places stay true."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cases.person_identity import Identity
from intake.privacy_rules import load_privacy_rules

BLOCK = "█"
SHORT = 3
SEPARATED = r"[\s\-–.()]{0,3}"
SPACED = r"\s{0,3}"
THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
ABROAD = rf"\(?(?:\+{SPACED})?[6๖][6๖]"


class Blackout:
    """The words of one person, and old hashes with the new ones they become."""

    def __init__(self, identity: Identity, names: Iterable[str] = ()) -> None:
        words = [identity.given_name, identity.family_name, *identity.nicknames, *names]
        told = [identity.address, identity.email, identity.line_id]
        patterns = [_name(w) for w in words if len(w) > 1]
        patterns += [_told(w) for w in told if len(w) > SHORT]
        patterns += [_phone(n) for n in identity.phones if len(n) > SHORT]
        patterns += [_digits(identity.citizen_id)] if identity.citizen_id else []
        longest = sorted(set(patterns), key=len, reverse=True)
        self._pattern = re.compile("|".join(longest) or "(?!)", re.IGNORECASE)
        self.hashes: dict[str, str] = {}

    def holds(self, text: str) -> bool:
        """Whether a text speaks of the person."""
        return bool(self._pattern.search(text))

    def text(self, text: str) -> str:
        """The text without them; an old hash becomes the new one."""
        return self.hashes.get(text) or self._pattern.sub(_blocks, text) if text else text

    def value(self, value: Any) -> Any:
        """The same within JSON."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.value(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return value


def _blocks(match: re.Match[str]) -> str:
    return BLOCK * len(match.group())


def _name(word: str) -> str:
    """A name anywhere; a short one only where it is no part of a longer word."""
    written = SPACED.join(map(re.escape, word.split()))
    if len(word) > SHORT:
        return written
    titles = "|".join(sorted(map(re.escape, load_privacy_rules().cue_words), key=len, reverse=True))
    return rf"(?:(?<![ก-๛])|(?<={BLOCK})){written}|(?:{titles}) ?{written}"


def _told(words: str) -> str:
    """An address of whatever kind, however it is spaced and in either script's digits."""
    return SPACED.join(_either(c) for c in words if not c.isspace())


def _phone(number: str) -> str:
    """A number in every spelling, from here and from abroad."""
    if not number.startswith("0"):
        return _digits(number)
    first = rf"(?:{ABROAD}{SEPARATED}[0๐]?|\(?[0๐])"
    return first + SEPARATED + _digits(number[1:])


def _digits(number: str) -> str:
    """A number in every spelling: Thai digits, blanks, dashes and brackets between."""
    return SEPARATED.join(_either(d) for d in number if d.isdigit())


def _either(character: str) -> str:
    if not character.isdigit():
        return re.escape(character)
    return f"[{int(character)}{THAI_DIGITS[int(character)]}]"
