"""Whether two descriptions may mean one person, and why: spelling, sound, numbers, birth.

Thai names are written in many ways (ศ/ส, ณ/น, silent letters, doubled ones, Latin letters). The
result names each likeness and difference it rests on, so that a person can judge it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml
from pythainlp.soundex import lk82, metasound, udom83

from intake.schemas import Frozen
from intake.titles import LEAST_LEFT, is_title
from runtime.edit_distance import edit_distance

THAI = re.compile(r"[ก-๛]")
SILENT = re.compile("(?:ทร|ตร|ดร|ธร|ษณ|[ก-ฮ])[ิุ]?\u0e4c")
TONES = re.compile("[\u0e47-\u0e4b\u0e4d\u0e4e]")
DOUBLED = re.compile(r"(.)\1+")
ALIKE, FAR, SHORT = 0.8, 0.5, 3
SOUNDS = {"lk": lk82, "ud": udom83, "me": metasound}


class Described(Frozen):
    """What is known of somebody; ``birth`` is ``YYYY-MM-DD`` or ``YYYY``."""

    given_name: str = ""
    family_name: str = ""
    nicknames: tuple[str, ...] = ()
    citizen_id: str = ""
    phones: tuple[str, ...] = ()
    birth: str = ""
    sex: str = ""


class Reason(Frozen):
    """One likeness or difference: ``code`` of ``duplicate.*``, the two words where names differ."""

    code: str
    one: str = ""
    other: str = ""


class Likeness(Frozen):
    """How likely two are one person (0-1, not calibrated), in words, and why."""

    score: float
    band: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Rules:
    """The reviewed data, ready for use."""

    titles: tuple[str, ...]
    alike: Mapping[int, str]
    thai: Mapping[str, str]
    roman: tuple[tuple[str, str], ...]
    short: Mapping[str, frozenset[str]]
    worth: Mapping[str, float]
    against: Mapping[str, float]
    bands: Mapping[str, float]


@cache
def load_matching() -> Rules:
    """The rules of ``name-matching.yaml``."""
    file = resources.files("intake").joinpath("data", "name-matching.yaml")
    data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Rules(
        titles=tuple(sorted(data["titles"].split(), key=len, reverse=True)),
        alike={ord(c): to for to, letters in data["alike"].items() for c in letters},
        thai={c: to for to, letters in data["latin"]["thai"].items() for c in letters},
        roman=tuple((a, b) for a, b in data["latin"]["roman"]),
        short={name: frozenset(longer) for name, longer in data["short"].items()},
        worth=data["worth"],
        against=data["against"],
        bands=data["bands"],
    )


def untitled(name: str) -> str:
    """A name without titles, brackets and blanks around it."""
    rest = unicodedata.normalize("NFC", name).strip(" ()[]\"'")
    for title in load_matching().titles:
        left = len(rest) - len(title)
        if rest.startswith(title) and left >= LEAST_LEFT and is_title(rest, len(title)):
            return rest[len(title) :].strip()
    return rest


def levelled_name(name: str) -> str:
    """One spelling for all spellings of a name: silent letters, tones and look-alikes gone."""
    text = (
        re.sub(r"[\s.\-]", "", untitled(name))
        .casefold()
        .replace("\u0e4d\u0e32", "ำ")
        .replace("ญญ", "นย")
    )
    text = TONES.sub("", SILENT.sub("", text)).replace("รร", "ั")
    return DOUBLED.sub(r"\1", text.translate(load_matching().alike).replace("ันน", "ัน"))


def skeleton(name: str) -> str:
    """The consonants of a Thai or Latin name as classes of sound."""
    rules = load_matching()
    text = re.sub(r"[\s.\-]", "", untitled(name)).casefold()
    if THAI.search(text):
        text = SILENT.sub("", text).replace("รร", "น")
        kept = "".join(rules.thai.get(c, "") for c in text)
    else:
        for roman, sound in rules.roman:
            text = text.replace(roman, sound.upper())
        kept = re.sub(r"[aeiou]|(?<=.)h", "", text.lower())
    return DOUBLED.sub(r"\1", re.sub(r"(?<=.)[yw]", "", kept))


def sounds(name: str) -> frozenset[str]:
    """Codes by which a name sounds; Thai only."""
    levelled = levelled_name(name)
    if len(levelled) < 2 or not THAI.search(levelled):
        return frozenset()
    return frozenset(f"{kind}:{code(levelled)}" for kind, code in SOUNDS.items())


def closeness(one: str, other: str) -> float:
    """1.0 for the same spelling, 0.0 for nothing in common."""
    longest = max(len(one), len(other))
    return 1 - edit_distance(one, other) / longest if longest else 0.0


def compare(one: Described, other: Described) -> Likeness:
    """How likely two are one person, with every likeness and difference that counted."""
    rules = load_matching()
    likes = [*_numbers(one, other), *_names(one, other), *_births(one, other)]
    differ = list(_differences(one, other))
    missing, keep = 1.0, 1.0
    for reason in likes:
        missing *= 1 - rules.worth[reason.code]
    for reason in differ:
        keep *= rules.against[reason.code]
    score = round((1 - missing) * keep, 3)
    band = next((name for name, least in rules.bands.items() if score >= least), "unlikely")
    return Likeness(score=score, band=band, reasons=(*likes, *differ))


def _numbers(one: Described, other: Described) -> Iterable[Reason]:
    if one.citizen_id and one.citizen_id == other.citizen_id:
        yield Reason(code="same_id")
    if set(one.phones) & set(other.phones):
        yield Reason(code="same_phone")


def _names(one: Described, other: Described) -> Iterable[Reason]:
    given = name_likeness(one.given_name, other.given_name)
    family = name_likeness(one.family_name, other.family_name)
    if given:
        yield Reason(code=given, one=untitled(one.given_name), other=untitled(other.given_name))
    elif shared := _shared_nickname(one, other):
        yield Reason(code="same_nickname", one=shared[0], other=shared[1])
    if family and (given or _shared_nickname(one, other)):
        yield Reason(code="family_alike", one=one.family_name, other=other.family_name)


def name_likeness(one: str, other: str) -> str:
    """The code of the strongest likeness of two names; empty for none."""
    a, b = levelled_name(one), levelled_name(other)
    if not a or not b:
        return ""
    if a == b:
        return "same_name"
    near = closeness(a, b)
    if min(len(a), len(b)) > SHORT and near >= ALIKE:
        return "spelled_alike"
    shared = sounds(one) & sounds(other)
    if shared and near >= FAR:
        return "sounds_alike"
    mixed = bool(THAI.search(one)) != bool(THAI.search(other))
    bones = skeleton(one), skeleton(other)
    if mixed and min(map(len, bones)) > 1 and closeness(*bones) >= ALIKE:
        return "latin_alike"
    return ""


def _shared_nickname(one: Described, other: Described) -> tuple[str, str] | None:
    """A nickname both have, or a short name of the other's given name."""
    for a, b in ((one, other), (other, one)):
        for nickname in a.nicknames:
            bare = levelled_name(nickname)
            same = [n for n in b.nicknames if levelled_name(n) == bare]
            longer = load_matching().short.get(untitled(nickname), frozenset())
            known = {levelled_name(n) for n in longer}
            given = levelled_name(b.given_name)
            if same or given in known or (bare and given == bare):
                return untitled(nickname), untitled(same[0] if same else b.given_name)
    return None


def _births(one: Described, other: Described) -> Iterable[Reason]:
    if not one.birth or not other.birth:
        return
    if len(one.birth) > 4 and one.birth == other.birth:
        yield Reason(code="same_birth")
    elif one.birth[:4] == other.birth[:4]:
        yield Reason(code="same_birth_year")


def _differences(one: Described, other: Described) -> Iterable[Reason]:
    if one.citizen_id and other.citizen_id and one.citizen_id != other.citizen_id:
        yield Reason(code="other_id")
    years = one.birth[:4], other.birth[:4]
    if all(years) and abs(int(years[0]) - int(years[1])) > 1:
        yield Reason(code="other_birth")
    if one.sex and other.sex and one.sex != other.sex:
        yield Reason(code="other_sex")
    families = one.family_name, other.family_name
    if all(families) and not name_likeness(*families):
        yield Reason(code="other_family", one=families[0], other=families[1])


def index_words(person: Described) -> list[tuple[str, str]]:
    """``(kind, words)`` under which a person is found again; each is hashed before it is kept."""
    given, family = levelled_name(person.given_name), levelled_name(person.family_name)
    found = [("phone", p) for p in person.phones]
    found += [("citizen_id", person.citizen_id)] * bool(person.citizen_id)
    found += [("given", given), ("skeleton", skeleton(person.given_name))] if given else []
    found += [("name", f"{given} {family}")] if given and family else []
    found += [("sound", s) for s in sorted(sounds(person.given_name))]
    found += [("family", family)] if family else []
    found += [("given", levelled_name(n)) for n in person.nicknames if levelled_name(n)]
    for nickname in person.nicknames:
        longer = load_matching().short.get(untitled(nickname), frozenset())
        found += [("given", levelled_name(n)) for n in longer]
    found += [("birth_date", person.birth)] if len(person.birth) > 4 else []
    return list(dict.fromkeys(found))
