"""Whom a story speaks of, as far as they can be found again: by whole names, ids and phones.

A given name alone finds half an office, so somebody a story names in part is not looked for; who
is typed by a worker is. Which phone is whose the words seldom say: each goes with every name.
"""

from __future__ import annotations

from collections.abc import Iterator

from cases.person_identity import Identity, phone_number, proposed_identity
from intake.citizen_id import DIGITS, checks
from intake.name_matching import Described
from intake.people_reading import find_people
from intake.privacy_rules import identifying

READ = 8_000  # letters whose people are read; numbers are read in the whole story
MOST = 12
PHONES = range(9, 11)


def described(story: str, typed: Identity | None = None) -> list[Described]:
    """Everybody worth looking for, who was typed first."""
    ids, phones = citizen_numbers(story), _phones(story)
    found = [typed.described()] if typed else []
    for person in find_people(story[:READ]).persons:
        named = proposed_identity(person).described()
        if named.given_name and named.family_name:
            found.append(named.model_copy(update={"phones": phones}))
    found += [Described(citizen_id=number) for number in ids]
    found += [Described(phones=phones)] if phones else []
    return [one for one in dict.fromkeys(found) if _says_something(one)][:MOST]


def _says_something(one: Described) -> bool:
    names = (one.given_name, one.family_name, *one.nicknames)
    return any(names) or bool(one.citizen_id or one.phones)


def citizen_numbers(story: str) -> tuple[str, ...]:
    """The numbers of citizens in a text whose check digit is right, each once."""
    found = (n for n in _digits(story, "ID") if len(n) == DIGITS and checks(n))
    return tuple(dict.fromkeys(found))


def _phones(story: str) -> tuple[str, ...]:
    found = (phone_number(n) for n in _digits(story, "PHONE"))
    return tuple(dict.fromkeys(n for n in found if len(n) in PHONES and n.startswith("0")))


def _digits(story: str, kind: str) -> Iterator[str]:
    for _, words, _, _ in identifying(story, [kind]):
        yield "".join(c for c in words if c.isdigit())
