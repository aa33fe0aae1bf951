"""The vocabulary of household facts the criteria test, and the care with which values are taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta

from knowledge_base.criteria import known
from knowledge_base.entries import Frozen
from knowledge_base.marked_yaml import read_marked, unmarked
from runtime.errors import BadInput

NOTHING = "none"


class FactUnknown(BadInput):
    """A fact's name is not in the vocabulary. Details: ``field``."""

    code = "facts.unknown_field"


class FactIllTyped(BadInput):
    """A fact's value is not of its type. Details: ``field``, ``expected``."""

    code = "facts.ill_typed"


class Fact(Frozen):
    """One fact: what it is, how to ask for it, what proves it."""

    field: str
    th: str
    en: str
    type: str
    type_th: str = ""
    values: tuple[str, ...] = ()
    derived: bool = False
    assessed: bool = False
    sensitive: bool = False
    ask_th: str
    proof_th: str | None = None


def load_facts(data_dir: Path) -> dict[str, Fact]:
    """The vocabulary of ``facts.yaml`` by field name."""
    rows = unmarked(read_marked(data_dir / "facts.yaml"))["facts"]
    return {row["field"]: Fact.model_validate(row) for row in rows}


def checked(
    vocabulary: Mapping[str, Fact], facts: Mapping[str, Any], as_of: date
) -> dict[str, Any]:
    """Facts ready to be judged: names and types checked, derived values added.

    Raises `FactUnknown` or `FactIllTyped`.
    """
    for field, value in facts.items():
        if field not in vocabulary:
            raise FactUnknown(field=field)
        if known(facts, field) is not None and not _fits(vocabulary[field], value):
            raise FactIllTyped(field=field, expected=vocabulary[field].type)
    stated = {f: _without_none(vocabulary[f], value) for f, value in facts.items()}
    return stated | _derived(stated, as_of) | {"today": as_of}


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
        "date": _day(value) is not None or (number and 1900 <= value <= 2200),
        "enum": isinstance(value, str) and (not fact.values or value in fact.values),
        "multi": isinstance(value, list) and all(isinstance(v, str) for v in value),
        "map": isinstance(value, Mapping),
    }
    return checks.get(fact.type, True)


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
