"""Person names: after titles, roles, kinship words and "called", from the tagger, and recurring."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from intake.entities import Entity
from intake.name_extent import Extent, family_from, name_from, says
from intake.name_likeness import (
    family_likeness,
    given_likeness,
    given_names,
    nicknames,
    word_counts,
)
from intake.name_tagger import tagged_names
from intake.privacy_rules import Cue
from intake.reading import RUN, Reading, initials, segmented
from intake.titles import title_length

PERSON = "PERSON"
LATIN_NAME = re.compile(r"\b[A-Z][a-z]+(?:[ -][A-Z][a-z]+){1,3}\b")
COUNT = re.compile(r"(?<!\d)\d{1,3} $")
KNOWN_LATIN = 8
LISTED_ODDS, NICKNAME_ODDS, SHORTEST_LISTED = 8.0, 5.0, 4
AGAIN, PAIRED, LISTED = 0.9, 0.65, 0.6
PAIRED_ODDS, OPENING_ODDS, ENDED = 16.0, 2.5, 1.5
COMMON = 2000
LONGEST_CALLED, BESIDE_ODDS = 8, 2.5
TELLING_TAGS = frozenset({"VERB", "ADV", "ADJ", "PRON", "PART", "AUX", "SCONJ", "ADP"})
TELLING, SURELY_TELLING, TAGGED = -12.0, 5.0, 0.7


def person_names(reading: Reading) -> list[Entity]:
    """Every PERSON of a text; a name found once is found wherever it recurs."""
    told = [
        *(e for cue in reading.rules.cues for e in _after(reading, cue)),
        *_listed(reading),
        *_paired(reading),
        *_kin(reading),
        *_latin(reading),
    ]
    tagged = tagged_names(reading)
    names = _extended(reading, _united(told), tagged)
    names = _united([*names, *_outside(names, _beside(reading, names))])
    return _united([*names, *_outside(names, _recurring(reading, [*told, *tagged]))])


def _united(found: Iterable[Entity]) -> list[Entity]:
    """Overlapping findings as one, with the score of the surest."""
    kept: list[Entity] = []
    for entity in sorted(found):
        if kept and entity.start < kept[-1].end:
            last = kept.pop()
            score = max(last.score, entity.score)
            kept.append(Entity(last.start, max(last.end, entity.end), PERSON, score))
        else:
            kept.append(entity)
    return kept


def _outside(names: Sequence[Entity], found: Iterable[Entity]) -> list[Entity]:
    """Findings that touch no name."""
    return [e for e in found if all(e.end <= n.start or n.end <= e.start for n in names)]


def _extended(reading: Reading, names: list[Entity], tagged: list[Entity]) -> list[Entity]:
    """Names with what the tagger sees of them beyond, and the names only it sees.

    A stretch one blank behind a name is its family name, unless it begins with a title.
    """
    for piece in (p for e in tagged for p in _pieces(reading, e)):
        titled = _past(reading, piece.start) > piece.start
        touched = [n for n in names if n.start < piece.end and piece.start < n.end]
        if not touched and not titled:
            touched = [n for n in names if n.end + 1 == piece.start]
        if touched and _predicate(reading, touched[-1], piece):
            continue
        names = [n for n in names if n not in touched[:1] + touched[-1:]]
        names = sorted([*names, *_grown(touched, piece)])
    return names


def _predicate(reading: Reading, name: Entity, piece: Entity) -> bool:
    """Whether what a tagged stretch adds behind a name is one word that says what they do."""
    rest = reading.text[name.end : piece.end].strip()
    words = segmented(rest) if rest and name.start <= piece.start else []
    return len(words) == 1 and says(reading, words[0]) and rest not in reading.rules.virtues


def _grown(touched: Sequence[Entity], piece: Entity) -> list[Entity]:
    """The first touched name begins, the last ends, where the piece does if that is further."""
    if not touched:
        return [piece]
    first, last = touched[0], touched[-1]
    start, end = min(first.start, piece.start), max(last.end, piece.end)
    if len(touched) == 1:
        return [Entity(start, end, PERSON, first.score)]
    return [
        Entity(start, first.end, PERSON, first.score),
        Entity(last.start, end, PERSON, last.score),
    ]


def _pieces(reading: Reading, entity: Entity) -> list[Entity]:
    """A tagged stretch, cut before every title within it: who has a title is somebody else."""
    cuts = [
        m.start()
        for cue in reading.rules.cues
        for m in cue.pattern.finditer(reading.text, entity.start + 1, entity.end)
        if not cue.outside and reading.text[m.start() - 1].isspace()
    ]
    edges = [entity.start, *sorted(set(cuts)), entity.end]
    cut = [_stripped(reading, a, b, entity) for a, b in pairwise(edges)]
    return [e for e in cut if e.start < e.end]


def _stripped(reading: Reading, start: int, end: int, entity: Entity) -> Entity:
    words = reading.text[start:end]
    start += len(words) - len(words.lstrip())
    return Entity(start, start + len(words.strip()), PERSON, entity.score)


def _after(reading: Reading, cue: Cue) -> Iterator[Entity]:
    for match in cue.pattern.finditer(reading.text):
        if cue.at_word and not reading.begins(match.start()):
            continue
        start = _past(reading, match.end())
        name = name_from(reading, start, cue.family)
        if name is None and start > match.end():
            start, name = match.end(), name_from(reading, match.end(), cue.family)
        if name is None or name.odds < cue.least or reading.text[start : name.end] in cue.but:
            continue
        stop = reading.compound(*match.span())
        if stop == match.end() or (name.end > stop and _is_listed(reading, name)):
            inside = cue.outside or start > match.end()
            yield Entity(match.end() if inside else match.start(), name.end, PERSON, cue.score)


def _is_listed(reading: Reading, name: Extent) -> bool:
    return reading.text[name.start : name.end].split()[0] in given_names()


def _past(reading: Reading, at: int) -> int:
    """Past further titles and kinship words."""
    for cue in reading.rules.cues:
        inner = None if cue.outside else cue.pattern.match(reading.text, at)
        if inner and reading.compound(*inner.span()) == inner.end():
            return _past(reading, inner.end())
    return at


def _kin(reading: Reading) -> Iterator[Entity]:
    """A word alone behind a kinship word: people of the house are called so, whatever it means.

    Behind other roles it must be a listed name.
    """
    for start, at, stop in _alone(reading, reading.rules.kin):
        words = reading.between(at, stop)
        if len(words) == 1 and not _says(reading, at, words[0]):
            yield Entity(start, stop, PERSON, LISTED)
    for start, at, stop in _alone(reading, reading.rules.roles):
        name = reading.text[at:stop]
        listed = name in nicknames() or name in given_names()
        if listed and name not in reading.rules.own and not _says(reading, at, name):
            yield Entity(start, stop, PERSON, LISTED)


def _alone(reading: Reading, cue: re.Pattern[str]) -> Iterator[tuple[int, int, int]]:
    """Where a cue begins and ends that is a word of its own, and where its short run ends."""
    for match in cue.finditer(reading.text):
        start, at = match.span()
        stop = reading.run(at)
        if not (1 < stop - at <= LONGEST_CALLED and reading.begins(start)):
            continue
        if reading.compound(start, at) == at:
            yield start, at, stop


def _says(reading: Reading, start: int, word: str) -> bool:
    """Whether a word says what somebody is or does: listed so, or tagged as a verb."""
    listed = says(reading, word) or word in reading.rules.cue_words
    return listed or reading.tags.get(start) in TELLING_TAGS


def _beside(reading: Reading, names: Iterable[Entity]) -> Iterator[Entity]:
    """Who is named together with somebody: "A and B"."""
    for name in names:
        match = reading.rules.beside.match(reading.text, name.end)
        other = name_from(reading, match.end()) if match and name.score > LISTED else None
        if match and other and (other.odds >= BESIDE_ODDS or _nickname(reading, other)):
            yield Entity(match.end(), other.end, PERSON, PAIRED)


def _nickname(reading: Reading, name: Extent) -> bool:
    words = reading.text[name.start : name.end]
    return words in nicknames() and words not in reading.rules.breaks


def _listed(reading: Reading) -> Iterator[Entity]:
    for start, end in reading.ends.items():
        if end - start < 2 or not reading.begins(start) or not reading.thai(start):
            continue
        name = _listed_from(reading, start)
        if name:
            family = family_from(reading, name.end)
            yield Entity(start, (family or name).end, PERSON, LISTED)


def _paired(reading: Reading) -> Iterator[Entity]:
    """A given name and a family name together, or a listed name that opens a stretch of text."""
    for run in RUN.finditer(reading.text):
        name = name_from(reading, run.start())
        if name and (_both(name) or (_opening(reading, name) and not _counted(reading, run))):
            yield Entity(name.start, name.end, PERSON, PAIRED)


def _counted(reading: Reading, run: re.Match[str]) -> bool:
    """Whether a small number stands right before: things are counted so, never people."""
    return bool(COUNT.search(reading.text, max(0, run.start() - 5), run.start()))


def _both(name: Extent) -> bool:
    return name.family is not None and name.odds + name.family >= PAIRED_ODDS


def _opening(reading: Reading, name: Extent) -> bool:
    """A listed name that opens a stretch of text, as of somebody spoken of before."""
    words = reading.text[name.start : name.end].split()
    listed = words[0] in given_names() or words[0] in nicknames()
    likely = listed and given_likeness(words[0], segmented(words[0])) >= OPENING_ODDS
    return likely and len(words[0]) > 2 and name.odds >= OPENING_ODDS + ENDED


def _latin(reading: Reading) -> Iterator[Entity]:
    """Capitalised words of which one at least is none that Thai texts borrow."""
    for match in LATIN_NAME.finditer(reading.text):
        counts = [_latin_count(w) for w in re.split("[ -]", match.group())]
        if min(counts) <= KNOWN_LATIN:
            yield Entity(*match.span(), PERSON, LISTED)


def _latin_count(word: str) -> int:
    return word_counts().get(word, 0) + word_counts().get(word.lower(), 0)


def _listed_from(reading: Reading, start: int) -> Extent | None:
    at, words = start, 0
    while at in reading.ends and words < 3 and reading.thai(at):
        at, words = reading.ends[at], words + 1
        name = reading.text[start:at]
        if len(name) < SHORTEST_LISTED or name in reading.rules.not_names or not reading.cut(at):
            continue
        if name in given_names() or name in nicknames():
            odds = given_likeness(name, reading.between(start, at))
            if odds >= (LISTED_ODDS if name in given_names() else NICKNAME_ODDS):
                return Extent(start, at, odds)
    return None


def _recurring(reading: Reading, found: list[Entity]) -> Iterator[Entity]:
    parts = {
        part
        for e in found
        if e.score > LISTED
        for part in RUN.findall(_bare(reading, e))
        if _telling(reading, part, sure=e.score > TAGGED)
    }
    for part in sorted(parts, key=len, reverse=True):
        common = word_counts().get(part, 0) > COMMON
        for match in re.finditer(re.escape(part), reading.text):
            if reading.cut(match.end()) and _stands_alone(reading, match, common):
                yield Entity(*match.span(), PERSON, AGAIN)


def _telling(reading: Reading, part: str, *, sure: bool) -> bool:
    """Whether a part of a name is itself a name, wherever it stands."""
    if len(part) < 2 or part in reading.rules.not_names or initials(part):
        return False
    words = segmented(part)
    odds = max(given_likeness(part, words), family_likeness(part, words))
    return odds >= (TELLING if sure else SURELY_TELLING)


def _bare(reading: Reading, entity: Entity) -> str:
    """A name without the titles and kinship words in front of it."""
    words = reading.text[entity.start : entity.end]
    return words[title_length(words) :]


def _stands_alone(reading: Reading, match: re.Match[str], common: bool) -> bool:
    start, end = match.span()
    if end - start > SHORTEST_LISTED and not common:
        return True
    aligned = end in reading.stops or not reading.thai(end)
    if common:
        return aligned and (start == 0 or not reading.thai(start - 1))
    return aligned and reading.begins(start)
