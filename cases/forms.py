"""Forms of entries: which fields a kind of entry has, and whether given ones fit.

The forms are data (``data/entries.yaml``); a new kind of entry or case type needs no code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cases.casebook import casebook, listed
from cases.casework_errors import EntryUnfit

LONGEST = 5000


def form(kind: str) -> dict[str, Any]:
    """The form of a kind of entry; raises `EntryUnfit`."""
    found: dict[str, Any] | None = casebook("entries")["forms"].get(kind)
    if found is None:
        raise EntryUnfit(fields="kind")
    return found


def checked(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content, its fields in the form's order; raises `EntryUnfit` naming what does not fit."""
    rules = form(kind)
    fields: dict[str, dict[str, Any]] = rules["fields"]
    spared = chosen(rules.get("spared", {}), content) or ()
    given = {name: content[name] for name in fields if content.get(name) is not None}
    unfit = sorted(set(content) - set(fields))
    for name, rule in fields.items():
        if name not in given and (rule.get("optional") or name in spared):
            continue
        if name not in given or not FITS[rule["type"]](given[name], rule):
            unfit.append(name)
    if unfit:
        raise EntryUnfit(fields=", ".join(unfit))
    return given


def worded() -> dict[str, Any]:
    """All forms, each field and each choice with its words in both languages."""
    book, words = casebook("entries"), casebook("entry-words")
    forms = {
        kind: rules
        | {
            "fields": {
                name: rule
                | {"words": _of(words["fields"], kind, name)}
                | _choices(words, kind, name)
                for name, rule in rules["fields"].items()
            }
        }
        for kind, rules in book["forms"].items()
    }
    return book | {"forms": forms}


def _of(words: Mapping[str, Any], kind: str, name: str) -> Any:
    return words.get(f"{kind}.{name}") or words.get(name)


def _choices(words: Mapping[str, Any], kind: str, name: str) -> dict[str, Any]:
    said = _of(words["values"], kind, name)
    return {"values": said} if said else {}


def needs(kind: str, content: Mapping[str, Any]) -> Sequence[str]:
    """The conditions of ``data/steps.yaml`` that an entry of this content waits for."""
    rules = form(kind)
    by = chosen(rules.get("needs_by", {}), content)
    found: Sequence[str] = rules.get("needs", ()) if by is None else by
    return found


def alternatives(kind: str) -> list[Sequence[str]]:
    """The conditions a kind of entry waits for, first those of most contents, then by content."""
    rules = form(kind)
    by = rules.get("needs_by", {})
    return [rules.get("needs", ()), *(way for ways in by.values() for way in ways.values())]


def chosen(rules: Mapping[str, Any], content: Mapping[str, Any]) -> Sequence[str] | None:
    """What a rule ``field → value → list`` says of the content; None where it says nothing."""
    for field, by_value in rules.items():
        value = content.get(field)
        if isinstance(value, str) and value in by_value:
            found: Sequence[str] = by_value[value]
            return found
    return None


def _words(value: Any, _: Mapping[str, Any]) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST and "\0" not in value


def _choice(value: Any, rule: Mapping[str, Any]) -> bool:
    return value in rule["of"]


def _yes_no(value: Any, rule: Mapping[str, Any]) -> bool:
    return isinstance(value, bool) and (value or not rule.get("must"))


def _number(value: Any, rule: Mapping[str, Any]) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and bool(rule.get("least", 0) <= value < 10**6)


def _list(value: Any, rule: Mapping[str, Any]) -> bool:
    return (
        isinstance(value, list)
        and rule.get("least", 0) <= len(value) <= 50
        and all(_words(item, rule) for item in value)
    )


def _moment(value: Any, _: Mapping[str, Any]) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _case_type(value: Any, _: Mapping[str, Any]) -> bool:
    return isinstance(value, str) and value in listed("entries", "case_types")


FITS: dict[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    "words": _words,
    "choice": _choice,
    "yes_no": _yes_no,
    "number": _number,
    "list": _list,
    "moment": _moment,
    "case_type": _case_type,
}
