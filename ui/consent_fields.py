"""What a consent needs told: who gave it, how, before whom. For a letter and for a new intake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import kept_words
from ui.desk import Desk
from ui.fields import choose

SELF, GUARDIAN, SPOKEN = "self", "guardian", "spoken"
# What the API names as lacking and the words of the pages say how to mend.
MENDED = (
    "purpose",
    "recipients",
    "witnesses",
    "subject_age",
    "guardian",
    "guardian_is_alleged",
    "subject_view",
)


def ask(
    desk: Desk, rules: dict[str, Any], *, at: str = "consent", case_id: str = ""
) -> dict[str, Any] | None:
    """The consent as the API takes it, without purpose and recipients; None without a name.

    ``at`` begins the keys of the fields, so that two consents can be asked for on one page; with
    ``case_id`` its words are kept while they are written.
    """
    names = ("subject", "view") if case_id else ()
    fields = {f"{at}_{name}": kept_words.name_of("consent", case_id, name) for name in names}
    kept_words.begin(desk, fields)
    named, aged = st.columns(2)
    subject = named.text_input(desk.say("consent.subject"), key=f"{at}_subject").strip()
    age = aged.number_input(
        desk.say("consent.age"), min_value=0, max_value=130, value=None, key=f"{at}_age"
    )
    child = is_child(age, rules)
    if child:
        st.caption(desk.say("consent.child"))
    who, way = _given(desk, rules, at, child=child)
    alleged = who == GUARDIAN and st.checkbox(
        desk.say("consent.guardian_is_alleged"), key=f"{at}_alleged"
    )
    if alleged:
        st.warning(desk.say("consent.mend.guardian_is_alleged"), icon=":material/warning:")
    seen = _witnesses(desk, rules["spoken_witnesses"], at) if way == SPOKEN else []
    words = desk.say("consent.view_child" if child else "consent.view")
    view = st.text_area(words, key=f"{at}_view").strip()
    if fields:
        kept_words.watch(desk, fields)
    if not subject:
        return None
    return {
        "subject": subject,
        "subject_age": age,
        "given_by": who,
        "guardian_is_alleged": alleged,
        "subject_view": view,
        "method": way,
        "witnesses": seen,
    }


def recipients(desk: Desk, key: str) -> list[str]:
    """The agencies who may be told, one's own left out."""
    others = {a: name for a, name in desk.agencies.items() if a != desk.me["agency_id"]}
    chosen: list[str] = st.multiselect(
        desk.say("intake.consent_to"),
        list(others),
        format_func=lambda agency: others.get(agency, agency),
        placeholder=desk.say("choice.none"),
        key=key,
    )
    return chosen


def is_child(age: int | None, rules: Mapping[str, Any]) -> bool:
    """Whether somebody of this age consents through a guardian or representative."""
    return age is not None and age < rules["adult_from"]


def lacking(
    consent: Mapping[str, Any] | None,
    purpose: str | None,
    recipients: list[str],
    rules: Mapping[str, Any],
) -> str | None:
    """The first thing without which the API takes no consent, by the ending of its words."""
    if not purpose:
        return "purpose"
    if not recipients:
        return "recipients"
    if consent is None:
        return "subject"
    child = is_child(consent["subject_age"], rules)
    faults = {
        "witnesses": consent["method"] == SPOKEN
        and len(consent["witnesses"]) < rules["spoken_witnesses"],
        "guardian": child and consent["given_by"] == SELF,
        "guardian_is_alleged": consent["given_by"] == GUARDIAN and consent["guardian_is_alleged"],
        "subject_view": child and not consent["subject_view"],
    }
    return next((what for what, fault in faults.items() if fault), None)


def _given(
    desk: Desk, rules: dict[str, Any], at: str, *, child: bool
) -> tuple[str | None, str | None]:
    """By whom, and in which way; a child is spoken for."""
    giver, manner = st.columns(2)
    givers = {v: desk.say(f"consent.by.{v}") for v in rules["given_by"] if not child or v != SELF}
    ways = {v: desk.say(f"consent.way.{v}") for v in rules["methods"]}
    key = f"{at}_given_by_child" if child else f"{at}_given_by"
    with giver:
        who = choose(desk, "consent.given_by", givers, key=key, first=True)
    with manner:
        way = choose(desk, "consent.method", ways, key=f"{at}_method", first=True)
    return who, way


def _witnesses(desk: Desk, count: int, at: str) -> list[str]:
    """The names of those who heard a spoken consent."""
    fields = [
        st.text_input(desk.say("consent.witness", number=n), key=f"{at}_witness_{n}")
        for n in range(1, count + 1)
    ]
    return [name.strip() for name in fields if name.strip()]
