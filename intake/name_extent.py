"""How far a name reaches from where it begins, and how sure its words are a name.

Every place at which the name could end is weighed: by how much the words look like a name, and by
what follows, for people are named and then said to be, to have or to do something.
"""

from __future__ import annotations

from dataclasses import dataclass

from pythainlp.corpus import thai_family_names

from intake.name_likeness import family_likeness, given_likeness, given_names, nicknames
from intake.reading import ABOVE_OR_BELOW, Reading, is_word

LONGEST_GIVEN, LONGEST_FAMILY, SHORTEST_FAMILY = 14, 20, 4
ENDS_RUN, BEFORE_FOLLOWER, BEFORE_WORD = 2.5, 1.5, 0.0
BROKEN = -4.0
INTRODUCED, BEFORE_AGE = 4.0, 8.0
FAMILY_SURE, KNOWN_GIVEN = 0.5, 2.0
SHORT_RUN, MAY_REACH = 8, 8.0
INSIDE, LIKE_A_PREDICATE = 2.0, 3.0
SHORT = 2  # letters
TITLED = -3.0  # asked of a family name only behind a formal title, or "called" and a known name


@dataclass(frozen=True)
class Extent:
    """A name from ``start`` to ``end``, its log odds, and those of its family name."""

    start: int
    end: int
    odds: float
    family: float | None = None


def name_from(reading: Reading, start: int, sure: float = FAMILY_SURE) -> Extent | None:
    """The likeliest name that begins at ``start``; None where no Thai letter stands.

    ``sure``: the least log odds of a family name behind it.
    """
    stop = reading.run(start)
    if stop == start:
        return None
    givens = _givens(reading, start, stop)
    if not givens:
        return None
    likeliest = max(givens, key=lambda e: (e.odds, e.end))
    given = _reaching(reading, likeliest, givens[-1], stop, sure)
    known = reading.text[start : given.end] in given_names()
    family = family_from(reading, given.end, sure - KNOWN_GIVEN * known)
    if family is None:
        return given
    return Extent(start, family.end, given.odds + INTRODUCED, family.odds)


def _reaching(
    reading: Reading, likeliest: Extent, longest: Extent, stop: int, sure: float
) -> Extent:
    """A name that would leave a crumb of its run takes the whole run.

    Of a short run, or of one that a family name follows.
    """
    if likeliest.end == stop or longest.end != stop or longest.odds <= likeliest.odds - MAY_REACH:
        return likeliest
    short = stop - longest.start <= SHORT_RUN
    if not short and family_from(reading, stop, sure) is None:
        return likeliest
    if reading.rules.breaks & set(reading.between(likeliest.start, stop)):
        return likeliest
    return Extent(longest.start, longest.end, likeliest.odds)


def family_from(reading: Reading, end: int, sure: float = FAMILY_SURE) -> Extent | None:
    """The family name after a given name ending at ``end``; None without one."""
    begin = end
    while reading.text[begin : begin + 1] == " " and begin - end < 2:
        begin += 1
    stop = reading.run(begin) if begin > end else begin
    if stop - begin < SHORTEST_FAMILY:
        return None
    if sure <= TITLED and _ordinary_family(reading, reading.text[begin:stop]):
        return Extent(begin, stop, INTRODUCED)
    found = max(_families(reading, begin, stop), key=lambda e: (e.odds, e.end), default=None)
    return found if found and found.odds > sure else None


def says(reading: Reading, word: str) -> bool:
    """Whether a word is, or begins with, one that says what somebody is or does."""
    breaks = reading.rules.breaks
    begins = is_word(word) and any(_opens(word, w) for w in breaks if len(w) > SHORT)
    return word in breaks or (begins and word not in thai_family_names())


def _opens(word: str, start: str) -> bool:
    return word.startswith(start) and word[len(start) : len(start) + 1] not in ABOVE_OR_BELOW


def _ordinary_family(reading: Reading, words: str) -> bool:
    """Whether a whole stretch is a family name made of ordinary words of praise."""
    rules = reading.rules
    return bool(rules.family_words.fullmatch(words)) and words not in rules.no_family


def _givens(reading: Reading, start: int, stop: int) -> list[Extent]:
    words = reading.between(start, stop)
    if words[0] in reading.rules.not_names:
        return []
    return [
        Extent(start, end, given_likeness(reading.text[start:end], words[:n]) + closing)
        for n, end, closing in _endings(reading, start, stop, words, LONGEST_GIVEN)
    ]


def _families(reading: Reading, start: int, stop: int) -> list[Extent]:
    words = reading.between(start, stop)
    against = LIKE_A_PREDICATE if says(reading, words[0]) else 0.0
    if against and len(words) == 1:
        return []
    between = 0.0 if against or not _introduces(reading, stop) else BEFORE_AGE
    return [
        Extent(
            start,
            end,
            family_likeness(reading.text[start:end], words[:n])
            + closing
            + (between if end == stop else 0.0)
            - (INSIDE if end < stop else against),
        )
        for n, end, closing in _endings(reading, start, stop, words, LONGEST_FAMILY)
        if end - start >= SHORTEST_FAMILY and not (against and end < stop)
    ]


def _endings(
    reading: Reading, start: int, stop: int, words: list[str], longest: int
) -> list[tuple[int, int, float]]:
    """Number of words, offset, and what the text after it says, for every possible end."""
    found, end = [], start
    for n, word in enumerate(words, 1):
        end += len(word)
        if end - start > longest:
            break
        if end - start > 1 and reading.cut(end):
            found.append((n, end, _closing(reading, end, stop, words, n)))
    return found


def _closing(reading: Reading, end: int, stop: int, words: list[str], n: int) -> float:
    rest, last = words[n:], words[n - 1]
    if n > 1 and len(last) > 2 and last in reading.rules.followers:
        name = "".join(words[:n])
        if name not in given_names() and name not in nicknames():
            return BROKEN
    if end == stop:
        return ENDS_RUN + (INTRODUCED if _introduces(reading, stop) else 0.0)
    if rest[0] in reading.rules.followers:
        return BEFORE_FOLLOWER
    return BEFORE_WORD if is_word(rest[0]) else BROKEN


def _introduces(reading: Reading, stop: int) -> bool:
    """Whether what usually follows a whole name (age, number, nickname, bracket) comes next."""
    return bool(reading.rules.introduces.match(reading.text, stop))
