"""The placeholders of one case: the same person, number or place always gets the same one.

A person keeps the placeholder under the first name or nickname alone and behind another title; a
number keeps it in every spelling. Two people who share a first name stay apart, and a name that
could be either gets a placeholder of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from intake.privacy_rules import arabic
from intake.titles import title_length

PLACEHOLDER = re.compile(r"⟦[A-Z]+_\d+⟧")
NUMBERS = frozenset({"PHONE", "ID", "ACCOUNT", "PLATE"})
PERSON = "PERSON"

Name = tuple[str, ...]


class CaseNames:
    """Which words each placeholder of a case stands for, the first form first."""

    def __init__(self, forms: Mapping[str, Sequence[str]] | None = None) -> None:
        self.forms: dict[str, list[str]] = {p: list(f) for p, f in (forms or {}).items()}

    def placeholder(self, kind: str, words: str, same_as: str | None = None) -> str:
        """The placeholder of ``words``, made if there is none.

        ``same_as``: the placeholder of whom the text says that these words are another name of.
        """
        made = self._known(kind, words) or same_as or self._next(kind)
        forms = self.forms.setdefault(made, [])
        if words not in forms:
            forms.append(words)
        return made

    def first_form(self, placeholder: str) -> str:
        """The words a placeholder first stood for; itself when it is none of this case."""
        return self.forms.get(placeholder, [placeholder])[0]

    def plain(self) -> dict[str, list[str]]:
        """A copy for sealing."""
        return {p: list(f) for p, f in self.forms.items()}

    def _known(self, kind: str, words: str) -> str | None:
        of_kind = {p: f for p, f in self.forms.items() if p.startswith(f"⟦{kind}_")}
        wanted = _key(kind, words)
        for placeholder, forms in of_kind.items():
            if any(_key(kind, form) == wanted for form in forms):
                return placeholder
        return _same_person(wanted, of_kind) if kind == PERSON else None

    def _next(self, kind: str) -> str:
        number = 1
        while (made := f"⟦{kind}_{number}⟧") in self.forms:
            number += 1
        return made


def bare_name(words: str) -> Name:
    """A name's parts without the titles and kinship words in front of it."""
    rest = words.strip()
    return tuple(rest[title_length(rest) :].split())


def _key(kind: str, words: str) -> Name:
    if kind == PERSON:
        return bare_name(words)
    if kind in NUMBERS:
        return (re.sub(r"[\s\-–./]", "", arabic(words)),)
    return tuple(arabic(words).casefold().split())


def _same_person(name: Name, people: Mapping[str, Sequence[str]]) -> str | None:
    """The one person whose first name, with or without a family name, this is."""
    if not name:
        return None
    found = []
    for placeholder, forms in people.items():
        names = [bare_name(form) for form in forms]
        full = {n for n in names if len(n) > 1}
        if any(n[:1] == name[:1] for n in names) and (len(name) == 1 or not full):
            found.append(placeholder)
    return found[0] if len(found) == 1 else None
