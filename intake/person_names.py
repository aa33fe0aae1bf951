"""Person names: after titles, kinship words and "called", from the tagger, and on recurring."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from pythainlp.corpus import thai_family_names, thai_female_names, thai_male_names, thai_words
from pythainlp.tokenize import word_tokenize

from intake.entities import Entity
from intake.name_tagger import tagged_names
from intake.privacy_rules import PrivacyRules, load_privacy_rules

RUN = re.compile(r"[ก-๙]+")
SURNAME = re.compile(r" {1,2}([ก-๙]{3,20})(?=[\s,()\"”']|$)")
LATIN_NAME = re.compile(r"\b[A-Z][a-z]+(?:[ -][A-Za-z][a-z-]+)+\b")
TITLED, CALLED, KIN, AGAIN, LISTED = 0.95, 0.85, 0.75, 0.9, 0.6
SHORTEST_LISTED = 4
LONGEST_NAME = 12
SHORTEST_RECURRING = 3
ABOVE_OR_BELOW = frozenset("ะัาำิีึืฺุู็่้๊๋์ํ๎ๅ")


@cache
def given_names() -> frozenset[str]:
    """Thai given names of the lists PyThaiNLP ships."""
    return thai_female_names() | thai_male_names()


@dataclass(frozen=True)
class Reading:
    """One text being read for names, segmented once."""

    text: str
    rules: PrivacyRules

    @cached_property
    def ends(self) -> dict[int, int]:
        """Where each word that begins at an offset ends."""
        ends, at = {}, 0
        for word in word_tokenize(self.text, engine="newmm-safe", keep_whitespace=True):
            ends[at] = at + len(word)
            at += len(word)
        return ends

    def begins(self, at: int) -> bool:
        """Whether a word begins at ``at``."""
        return at in self.ends or not ("ก" <= self.text[at - 1] <= "๙")

    def inside_word(self, cue: re.Match[str]) -> bool:
        """Whether the cue is only the beginning of a longer dictionary word."""
        end = self.ends.get(cue.start(), cue.end())
        return end > cue.end() and _is_word(self.text[cue.start() : end])

    def words(self, start: int, stop: int) -> list[str]:
        """The words between two offsets, segmented anew where ``start`` is inside a word."""
        if start not in self.ends:
            return word_tokenize(self.text[start:stop], engine="newmm-safe")
        found = []
        while start < stop:
            end = min(self.ends.get(start, stop), stop)
            found.append(self.text[start:end])
            start = end
        return found


def person_names(text: str) -> list[Entity]:
    """Every PERSON of ``text``; a name found once is found wherever it recurs."""
    reading = Reading(text, load_privacy_rules())
    found = [
        *_after(reading, reading.rules.titled, TITLED),
        *_after(reading, reading.rules.naming, CALLED),
        *_after(reading, reading.rules.kin, KIN, kin=True),
        *(_trimmed(reading, e) for e in tagged_names(text)),
        *_listed(reading),
        *(Entity(*m.span(), "PERSON", LISTED) for m in LATIN_NAME.finditer(text)),
    ]
    found = [e for e in found if e.start < e.end]
    return [*found, *_recurring(reading, found)]


def _after(
    reading: Reading, cue: re.Pattern[str], score: float, *, kin: bool = False
) -> Iterator[Entity]:
    for match in cue.finditer(reading.text):
        if not reading.begins(match.start()) or (kin and reading.inside_word(match)):
            continue
        begin = match.start() if kin else _past(reading, reading.rules.titled, match.end())
        start = _past(reading, reading.rules.kin, match.end() if kin else begin)
        end = _name_end(reading, start, strict=kin)
        if end == start and not kin:
            start, end = begin, _name_end(reading, begin, strict=False)
        if end > start:
            yield Entity(begin, _with_surname(reading, end), "PERSON", score)


def _listed(reading: Reading) -> Iterator[Entity]:
    for start, end in reading.ends.items():
        word = reading.text[start:end]
        if word in given_names() and len(word) >= SHORTEST_LISTED and word not in thai_words():
            yield Entity(start, _with_surname(reading, end), "PERSON", LISTED)


def _past(reading: Reading, cue: re.Pattern[str], at: int) -> int:
    while inner := cue.match(reading.text, at):
        at = inner.end()
    return at


def _name_end(reading: Reading, start: int, *, strict: bool) -> int:
    run = RUN.match(reading.text, start)
    if not run or run.group()[0] in ABOVE_OR_BELOW:
        return start
    known = _known_prefix(run.group())
    if known:
        return start + known
    words = reading.words(start, run.end())
    if words[0] in reading.rules.not_names or (strict and not _name_like(reading, start, words)):
        return start
    if len(run.group()) <= LONGEST_NAME and (
        not strict or _with_surname(reading, run.end()) > run.end()
    ):
        return run.end()
    return start + _unknown_prefix(words, reading.rules)


def _known_prefix(run: str) -> int:
    for length in range(min(len(run), LONGEST_NAME + 4), 2, -1):
        if run[:length] in given_names() and _closes(run, length):
            return length
    return 0


def _closes(run: str, length: int) -> bool:
    rest = run[length:]
    if not rest:
        return True
    return rest[0] not in ABOVE_OR_BELOW and _is_word(word_tokenize(rest, engine="newmm-safe")[0])


def _is_word(word: str) -> bool:
    return len(word) > 1 and word in thai_words()


def _name_like(reading: Reading, start: int, words: list[str]) -> bool:
    """After a kinship word: one short run up to a space, or a word no dictionary knows."""
    whole = "".join(words)
    if len(whole) <= LONGEST_NAME and _with_surname(reading, start + len(whole)) > start + len(
        whole
    ):
        return True
    after = reading.text[start + len(whole) : start + len(whole) + 1]
    if len(words) <= 2 and len(whole) <= LONGEST_NAME and after in (" ", "\n", ""):
        return not all(_is_word(w) for w in words) or len(words) == 1
    return not _is_word(words[0]) and len(words[0]) > 1


def _unknown_prefix(words: list[str], rules: PrivacyRules) -> int:
    length = 0
    for i, word in enumerate(words):
        if i and (word in rules.not_names or _is_word(word) or length + len(word) > LONGEST_NAME):
            break
        length += len(word)
    return length


def _with_surname(reading: Reading, end: int) -> int:
    match = SURNAME.match(reading.text, end)
    if not match:
        return end
    word = match.group(1)
    pieces = word_tokenize(word, engine="newmm-safe")
    if pieces[0] in reading.rules.not_names or word in reading.rules.not_names:
        return end
    if word in thai_family_names() or (not _is_word(word) and len(pieces) <= 3):
        return match.end(1)
    return end


def _trimmed(reading: Reading, entity: Entity) -> Entity:
    words = reading.text[entity.start : entity.end].split()
    if not words or all(w in reading.rules.not_names or len(w) < 3 for w in words):
        return Entity(entity.start, entity.start, entity.type, entity.score)
    return entity


def _recurring(reading: Reading, found: list[Entity]) -> Iterator[Entity]:
    names = {reading.text[e.start : e.end] for e in found if e.score > KIN}
    parts = {p for name in names for p in name.split() if _telling(p, reading.rules)}
    for part in sorted(parts, key=len, reverse=True):
        for match in re.finditer(re.escape(part), reading.text):
            if reading.text[match.end() : match.end() + 1] not in ABOVE_OR_BELOW or (
                match.end() == len(reading.text)
            ):
                yield Entity(match.start(), match.end(), "PERSON", AGAIN)


def _telling(part: str, rules: PrivacyRules) -> bool:
    if len(part) < SHORTEST_RECURRING or part in rules.not_names:
        return False
    return part not in thai_words() or (part in given_names() and len(part) > 4)
