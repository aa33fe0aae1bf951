"""The vocabulary of household facts the criteria test, and the care with which values are taken."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta

from knowledge_base.criteria import UNKNOWN_WORDS, known
from knowledge_base.entries import Frozen
from knowledge_base.marked_yaml import read_marked, unmarked
from runtime.errors import BadInput

NOTHING = "none"
OLDEST, BUDDHIST = (
    1880,
    2400,
)  # years of the common era: nobody alive is older; a later year is B.E.


class FactUnknown(BadInput):
    """A fact's name is not in the vocabulary. Details: ``field``."""

    code = "facts.unknown_field"


class FactIllTyped(BadInput):
    """A fact's value is not of its type. Details: ``field``, ``expected``."""

    code = "facts.ill_typed"


class FactOutOfRange(FactIllTyped):
    """A number or a day that cannot be. Details: ``field``, ``least``, ``most``."""

    code = "facts.out_of_range"


class FactBuddhistYear(FactIllTyped):
    """A day in the Buddhist era where the common era is kept. Details: ``field``, ``year``."""

    code = "facts.buddhist_year"


class Choice(Frozen):
    """A value that may be chosen, in words."""

    value: str
    th: str
    en: str


class Fact(Frozen):
    """One fact: what it is, how to ask for it, what proves it, the words of its values.

    Numbers reach from 0 to ``most``; days lie between 1880 and the day of judging.
    """

    field: str
    th: str
    en: str
    type: str
    type_th: str = ""
    values: tuple[str, ...] = ()
    most: float | None = None
    choices: tuple[Choice, ...] = ()
    derived: bool = False
    assessed: bool = False
    sensitive: bool = False
    ask_th: str
    proof_th: str | None = None
    proof_en: str | None = None

    def told(self, value: object, lang: str) -> str | None:
        """The words of a chosen value, or of several; None for one that is not chosen."""
        words = {c.value: c.th if lang == "th" else c.en for c in self.choices}
        chosen = [str(v) for v in value] if isinstance(value, list) else [str(value)]
        known = [words[v] for v in chosen if v in words]
        return ", ".join(known) if known and len(known) == len(chosen) else None


def load_facts(data_dir: Path) -> dict[str, Fact]:
    """The vocabulary of ``facts.yaml`` with the words of ``fact-values.yaml``."""
    rows = unmarked(read_marked(data_dir / "facts.yaml"))["facts"]
    words = unmarked(read_marked(data_dir / "fact-values.yaml"))["values"]
    chosen = {
        field: [{"value": value, **said} for value, said in choices.items()]
        for field, choices in words.items()
    }
    return {
        row["field"]: Fact.model_validate(row | {"choices": chosen.get(row["field"], ())})
        for row in rows
    }


def checked(
    vocabulary: Mapping[str, Fact], facts: Mapping[str, Any], as_of: date
) -> dict[str, Any]:
    """Facts ready to be judged: names and types checked, derived values added.

    Raises `FactUnknown`, `FactIllTyped`, `FactOutOfRange` or `FactBuddhistYear`.
    """
    stated: dict[str, Any] = {}
    for field, value in facts.items():
        if field not in vocabulary:
            raise FactUnknown(field=field)
        stated[field] = _taken(vocabulary[field], value)
        if known(stated, field) is not None:
            _check(vocabulary[field], stated[field], as_of)
    stated = {f: _without_none(vocabulary[f], value) for f, value in stated.items()}
    return stated | _derived(stated, as_of) | {"today": as_of}


def usable(vocabulary: Mapping[str, Fact], facts: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    """The facts that can be judged; what a story said that cannot be is left out, like a blank."""
    kept: dict[str, Any] = {}
    for field, value in facts.items():
        with suppress(FactUnknown, FactIllTyped):
            checked(vocabulary, {field: value}, as_of)
            kept[field] = value
    return kept


def _taken(fact: Fact, value: Any) -> Any:
    """The value without what says unknown; a list of nothing else is a blank."""
    if fact.type != "multi" or not isinstance(value, list) or not value:
        return value
    told = [item for item in value if item not in UNKNOWN_WORDS]
    return told or None


def _check(fact: Fact, value: Any, as_of: date) -> None:
    if not _fits(fact, value):
        raise FactIllTyped(field=fact.field, expected=" / ".join(fact.values) or fact.type)
    if fact.type == "date":
        _check_day(fact, value, as_of)
    elif fact.type in ("int", "number") and not 0 <= value <= (fact.most or math.inf):
        raise FactOutOfRange(field=fact.field, least=0, most=fact.most or "∞")


def _check_day(fact: Fact, value: Any, as_of: date) -> None:
    day = _day(value)
    year = day.year if day else int(value)
    if year > BUDDHIST:
        raise FactBuddhistYear(field=fact.field, year=year, common=year - 543)
    if year < OLDEST or (day or date(year, 1, 1)) > as_of:
        raise FactOutOfRange(field=fact.field, least=OLDEST, most=as_of.isoformat())


def _without_none(fact: Fact, value: Any) -> Any:
    """ "None of these" is the empty list, so that a test for anything at all stays false."""
    if fact.type == "multi" and isinstance(value, list):
        return [item for item in value if item != NOTHING]
    return value


def _fits(fact: Fact, value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    checks = {
        "bool": isinstance(value, bool),
        "int": number,
        "number": number,
        "date": _day(value) is not None or (isinstance(value, int) and number),
        "enum": isinstance(value, str) and (not fact.values or value in fact.values),
        "multi": isinstance(value, list) and all(_is_value(fact, v) for v in value),
        "map": isinstance(value, Mapping),
    }
    return checks.get(fact.type, True)


def _is_value(fact: Fact, value: Any) -> bool:
    return isinstance(value, str) and (not fact.values or value in {*fact.values, NOTHING})


def _derived(facts: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    _age(found, facts, "birth_date", "age_years", as_of)
    _age(found, facts, "child_birth_date", "child_age_years", as_of)
    born = _day(facts.get("child_birth_date"))
    if born and known(facts, "child_age_months") is None:
        age = relativedelta(as_of, born)
        found["child_age_months"] = age.years * 12 + age.months
    income, size = known(facts, "household_income_month"), known(facts, "household_size")
    if income is not None and size:
        found["household_income_pp_month"] = income / size
        found["household_income_pp_year"] = income / size * 12
    return {k: v for k, v in found.items() if known(facts, k) is None}


def _age(
    found: dict[str, Any], facts: Mapping[str, Any], birth: str, field: str, as_of: date
) -> None:
    value = facts.get(birth)
    born = _day(value)
    if born:
        found[field] = relativedelta(as_of, born).years
    elif isinstance(value, int) and not isinstance(value, bool):
        found[field] = (as_of.year - value - 1, as_of.year - value)


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
