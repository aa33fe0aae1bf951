"""Who somebody is: the fields that identify, checked, and what a story says of them at first."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from cases.person_errors import BirthWrong, CitizenIdWrong
from intake.citizen_id import checks
from intake.name_matching import Described, levelled_name, untitled
from intake.people import ProposedPerson
from intake.placeholders import bare_name
from intake.privacy_rules import arabic, load_privacy_rules
from runtime.clock import today
from runtime.thai_dates import ERA

EARLIEST_YEAR = 1880
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
CONTACT = ("phones", "address", "email", "line_id")
YEAR = 4


class Identity(BaseModel):
    """The fields kept sealed.

    ``birth``: ``YYYY-MM-DD`` or ``YYYY`` (CE); ``called``: what the story calls somebody unnamed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Line = ""
    given_name: Line = ""
    family_name: Line = ""
    nicknames: tuple[Line, ...] = ()
    called: Line = ""
    citizen_id: Line = ""
    birth: Line = ""
    sex: Literal["", "M", "F", "X"] = ""
    nationality: Line = ""
    phones: tuple[Line, ...] = ()
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    email: Line = ""
    line_id: Line = ""
    age_years: int | None = None
    pregnant: bool | None = None
    disability: Line = ""

    def described(self) -> Described:
        """What duplicates are found by."""
        return Described(
            given_name=self.given_name,
            family_name=self.family_name,
            nicknames=self.nicknames,
            citizen_id=self.citizen_id,
            phones=self.phones,
            birth=self.birth,
            sex=self.sex,
        )

    def contacts(self) -> frozenset[str]:
        """Everything by which somebody can be found, in one spelling."""
        told = [*self.phones, self.address, self.email, self.line_id]
        return frozenset(_bare(t) for t in told if t)

    def without(self, hidden: frozenset[str]) -> Identity:
        """The same without contact data that is among ``hidden``."""
        kept: dict[str, object] = {
            "phones": tuple(p for p in self.phones if _bare(p) not in hidden)
        }
        for field in CONTACT[1:]:
            value = getattr(self, field)
            kept[field] = "" if value and _bare(value) in hidden else value
        return self.model_copy(update=kept)


def checked(identity: Identity) -> Identity:
    """The identity in its kept form; raises `CitizenIdWrong` or `BirthWrong`."""
    digits = re.sub(r"\D", "", arabic(identity.citizen_id))
    if identity.citizen_id and not checks(digits):
        raise CitizenIdWrong(field="citizen_id")
    phones = tuple(dict.fromkeys(p for p in map(phone_number, identity.phones) if p))
    update = {"citizen_id": digits, "phones": phones, "birth": _birth(identity.birth)}
    return identity.model_copy(update=update)


def proposed_identity(person: ProposedPerson) -> Identity:
    """What a story says of who somebody is."""
    full = max((s.text for s in person.names), key=lambda t: (len(t.split()), len(t)), default="")
    parts = bare_name(full)
    given = untitled(parts[0]) if parts else ""
    others = {untitled(" ".join(bare_name(s.text)[:1])) for s in person.names} - {given, ""}
    known = levelled_name(given)
    terms = person.terms or person.spans
    return Identity(
        title=_title(full),
        given_name=given[:200],
        family_name=" ".join(parts[1:])[:200],
        nicknames=tuple(sorted(n[:200] for n in others if levelled_name(n) != known)),
        called="" if full or not terms else terms[0].text[:200],
        sex=_sex(person),
        age_years=_whole(person),
        pregnant=True if person.pregnant else None,
        disability=str(person.disability.value)[:200] if person.disability else "",
    )


def _title(full: str) -> str:
    for cue in load_privacy_rules().cues:
        found = None if cue.outside else cue.pattern.match(full)
        if found and len(full) - found.end() > 1:
            return found.group().strip()
    return ""


def _sex(person: ProposedPerson) -> Literal["", "M", "F"]:
    said = person.sex.value if person.sex else ""
    return "M" if said == "M" else "F" if said == "F" else ""


def _whole(person: ProposedPerson) -> int | None:
    said = person.age_years.value if person.age_years else None
    return said if isinstance(said, int) else None


def phone_number(said: str) -> str:
    """A phone number in its kept form: digits alone, without the code of the country."""
    digits = re.sub(r"\D", "", arabic(said))
    return "0" + digits[2:] if digits.startswith("66") and len(digits) > 10 else digits


def _birth(said: str) -> str:
    """A day or a year in CE; Buddhist years are taken as such."""
    if not said:
        return ""
    day = today()
    try:
        if len(said) == YEAR:
            year = int(said) - (ERA if int(said) > day.year else 0)
            born = date(year, 1, 1)
            kept = f"{year:04d}"
        else:
            year, rest = int(said[:YEAR]), said[YEAR:]
            year -= ERA if year > day.year else 0
            born = date.fromisoformat(f"{year:04d}{rest}")
            kept = born.isoformat()
    except ValueError as error:
        raise BirthWrong from error
    if not born.year >= EARLIEST_YEAR or born > day:
        raise BirthWrong
    return kept


def _bare(contact: str) -> str:
    return re.sub(r"[\s\-.]", "", arabic(contact)).casefold()
