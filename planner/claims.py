"""What a sentence claims that can be looked up: quotes, numbers, sections, negations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from knowledge_base.words import repaired, words
from planner.wording import pattern, read_words

_QUOTE = re.compile(r"“([^”]*)”")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:/\d+)?")
_FOREIGN = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u0dff\u0f00-\u1fff\u3040-\u9fff\uac00-\ud7af]")
_FRAME_MARK = re.compile(r"[⟦⟧{}<>]|\[\d+\]")
_LATIN = re.compile(r"[a-z]{4,}")
LONG_WORD = 3


def quotes(text: str) -> list[str]:
    """The words between Thai quotation marks."""
    return _QUOTE.findall(text)


def without_quotes(text: str) -> str:
    """The text without what it quotes."""
    return _QUOTE.sub(" ", text)


@lru_cache(maxsize=2048)
def numbers(text: str) -> frozenset[str]:
    """Every number, counted words too, in Arabic digits without thousands separators."""
    counted = read_words("th")["counted"]
    text = pattern("pattern.counted").sub(lambda m: f" {counted[m.group(1)]} ", repaired(text))
    return frozenset(n.replace(",", "").rstrip(".") for n in _NUMBER.findall(text))


def without(text: str, phrases: Iterable[str]) -> str:
    """The text without phrases that are checked elsewhere, such as due dates in full."""
    for phrase in phrases:
        text = text.replace(phrase, " ")
    return text


def sections(text: str) -> set[str]:
    """Numbers of the sections of law a text names."""
    return set(pattern("pattern.section").findall(repaired(text)))


def is_thai(text: str) -> bool:
    """Whether a text is mostly written in Thai letters."""
    return len(_FOREIGN.findall(text)) <= len(pattern("pattern.thai").findall(text))


def has_frame_marks(text: str) -> bool:
    """Whether a text carries marks of the prompt's frame or of the mask."""
    return bool(_FRAME_MARK.search(text))


def content_words(text: str) -> set[str]:
    """The words that carry meaning: those of some length, numbers aside."""
    return {w for w in words(text) if len(w) >= LONG_WORD and not w.isdigit()}


def pairs(text: str) -> list[str]:
    """Neighbouring words of some length, joined as Thai writes them."""
    found = words(text)
    return [
        a + b for a, b in pairwise(found) if len(a + b) >= 2 * LONG_WORD and not (a + b).isdigit()
    ]


def quantities(text: str) -> set[tuple[str, str]]:
    """Numbers with the unit behind them: ``("600", "บาท")``; counted words too."""
    counted = read_words("th")["counted"]
    plain = pattern("pattern.counted").sub(lambda m: counted[m.group(1)], repaired(text))
    found = pattern("pattern.quantity").findall(plain)
    return {(number.replace(",", ""), unit) for number, unit in found}


def strangers(text: str, held: str) -> list[str]:
    """Words in Latin letters that the grounds do not have."""
    return [w for w in _LATIN.findall(repaired(text)) if w not in held]


def is_instruction(text: str) -> bool:
    """Whether a text speaks to the machine instead of telling something."""
    return bool(pattern("pattern.instruction").search(text))


def without_instructions(text: str) -> str:
    """The lines of a text that tell something."""
    return "\n".join(line for line in text.split("\n") if not is_instruction(line))


def denied(text: str) -> set[str]:
    """The words a text denies: each word that follows a negation."""
    found: set[str] = set()
    for match in pattern("pattern.negated").finditer(repaired(text)):
        following = words(repaired(text)[match.end() : match.end() + 24])
        found.update(w for w in following[:1] if len(w) >= LONG_WORD)
    return found
