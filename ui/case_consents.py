"""Consents of a case: who agreed to what towards whom, recording one, and taking one back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from ui import consent_fields, kept_words, letter_text, marks
from ui.calendar import day
from ui.client import Refused
from ui.desk import Desk, kindly
from ui.fields import choose, next_round, round_of
from ui.roles import RECEIVERS

FORM = "consent"
UNFIT = "consent.unfit"


def show(
    desk: Desk, case: dict[str, Any], letters: list[dict[str, Any]], forms: dict[str, Any]
) -> None:
    """Two closed drawers: the consents there are, and for who works on the case a new one."""
    drawer = st.expander(
        desk.say("consents.title"),
        icon=":material/handshake:",
        key=f"consents-{case['id']}",
        on_change="rerun",
    )
    if drawer.open:
        with drawer:
            _listed(desk, case, letters, forms)
    if case["acts"]:
        _record(desk, case, forms)


def holding(desk: Desk, case_id: str, purpose: str, to: str) -> str | None:
    """The newest consent that holds for this purpose and agency."""
    consents = [c for c in desk.api.get(f"/cases/{case_id}/consents") if c["holds"]]
    known = (c["id"] for c in consents if c["purpose"] == purpose and to in c["recipients"])
    return next(known, None)


def kept(
    desk: Desk,
    case_id: str,
    consent: dict[str, Any] | None,
    purpose: str | None,
    recipients: list[str],
    rules: Mapping[str, Any],
) -> bool:
    """Record a consent; what is missing is said in words, by the page or by the API."""
    lacking = consent_fields.lacking(consent, purpose, recipients, rules)
    if lacking or consent is None:
        st.error(desk.say(f"consent.mend.{lacking}"), icon=":material/edit:")
        return False
    try:
        body = consent | {"purpose": purpose, "recipients": recipients}
        desk.api.post(f"/cases/{case_id}/consents", body)
    except Refused as refused:
        what = refused.body.get("details", {}).get("what")
        if refused.code == UNFIT and what in consent_fields.MENDED:
            st.error(desk.say(f"consent.mend.{what}"), icon=":material/edit:")
        else:
            desk.refuse(refused)
        return False
    kept_words.forget(desk, "consent", case_id, "")
    return True


def losing(
    consent_id: str, letters: Iterable[Mapping[str, Any]], holding: Iterable[str]
) -> tuple[list[str], list[str]]:
    """Agencies that lose sight of the case with a consent, and those whose letter then waits in
    vain.

    ``holding`` are the consents that hold; an agency with an accepted letter that rests on another
    of them, or on the law, goes on seeing the case.
    """
    others = {*holding} - {consent_id}
    mine = [x for x in letters if x["consent_id"] == consent_id]
    seeing = {
        x["to_agency"]
        for x in letters
        if x["status"] == "accepted" and (x["consent_id"] is None or x["consent_id"] in others)
    }
    lost = [x["to_agency"] for x in mine if x["status"] == "accepted"]
    waiting = [x["to_agency"] for x in mine if x["status"] == "pending"]
    return [a for a in dict.fromkeys(lost) if a not in seeing], list(dict.fromkeys(waiting))


def _listed(
    desk: Desk, case: dict[str, Any], letters: list[dict[str, Any]], forms: dict[str, Any]
) -> None:
    consents = desk.api.get(f"/cases/{case['id']}/consents")
    if not consents:
        st.caption(desk.say("consents.none"))
    holds = [c["id"] for c in consents if c["holds"]]
    for consent in consents:
        with st.container(border=True):
            st.html(_line(desk, consent, forms))
            may = case["writes"] and desk.me["role"] in RECEIVERS
            if may and consent["may_withdraw"] and consent["withdrawn_at"] is None:
                _withdraw(desk, consent, losing(consent["id"], letters, holds))


def _line(desk: Desk, consent: dict[str, Any], forms: dict[str, Any]) -> str:
    state = "holds" if consent["holds"] else "ended"
    state = "withdrawn" if consent["withdrawn_at"] else state
    chips = marks.chip(desk.say(f"consents.{state}"), "rule" if consent["holds"] else "danger")
    chips += marks.chip(letter_text.named(desk, forms["purposes"], consent["purpose"]))
    details = consent["details"] or {}
    age = details.get("subject_age")
    named = consent["subject"] or desk.say("consents.name_kept_back")
    told = [
        desk.say("consents.given", by=desk.say(f"consent.by.{consent['given_by']}")),
        desk.say(f"consent.way.{consent['method']}"),
        desk.say("consents.witnesses", names=", ".join(consent["witnesses"] or ()))
        if consent["witnesses"]
        else "",
        desk.say("consents.since", when=day(consent["given_at"], desk.lang)),
        desk.say("consents.until", when=day(consent["expires_at"], desk.lang)),
        desk.say("consents.view", words=details["subject_view"])
        if details.get("subject_view")
        else "",
        _withdrawn(desk, consent),
    ]
    to = " → " + ", ".join(desk.agency(a) for a in consent["recipients"])
    years = f" ({desk.say('people.age', years=age)})" if age is not None else ""
    return marks.headline(named + years, to, chips, " · ".join(t for t in told if t))


def _withdrawn(desk: Desk, consent: dict[str, Any]) -> str:
    if not consent["withdrawn_at"]:
        return ""
    when = day(consent["withdrawn_at"], desk.lang)
    return desk.say("consents.taken_back", when=when, why=consent["withdrawn_reason"] or "–")


def _withdraw(desk: Desk, consent: dict[str, Any], loses: tuple[list[str], list[str]]) -> None:
    """The way to end a consent, which says first who will no longer see the case."""
    lost, waiting = (", ".join(desk.agency(a) for a in names) for names in loses)
    with st.popover(desk.say("consents.withdraw"), icon=":material/remove_moderator:"):
        if lost:
            st.warning(desk.say("consents.lose", names=lost), icon=":material/visibility_off:")
        if waiting:
            st.warning(desk.say("consents.wait", names=waiting), icon=":material/mail_off:")
        if not lost and not waiting:
            st.caption(desk.say("consents.lose_nobody"))
        key = f"withdraw-why-{consent['id']}"
        why = st.text_area(desk.say("consents.why"), key=key, max_chars=2000).strip()
        label, key = desk.say("consents.withdraw_this"), f"withdraw-{consent['id']}"
        if st.button(label, type="primary", key=key):
            if not why:
                st.error(desk.say("consents.why_needed"), icon=":material/edit:")
                return
            with kindly(desk):
                desk.api.post(f"/consents/{consent['id']}/withdraw", {"reason": why})
                st.rerun(scope="fragment")


def _record(desk: Desk, case: dict[str, Any], forms: dict[str, Any]) -> None:
    """A consent by itself, for one purpose and any agencies."""
    at = f"consent-new-{case['id']}-{round_of(FORM, case['id'])}"
    label = desk.say("consents.record")
    drawer = st.expander(label, icon=":material/add:", key=at, on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        purposes = {p["id"]: p[desk.lang] for p in forms["purposes"]}
        purpose = choose(desk, "letters.purpose", purposes, key=f"{at}-purpose")
        if purpose:
            days = next(p["consent_days"] for p in forms["purposes"] if p["id"] == purpose)
            st.caption(desk.say("consents.days", days=days))
        recipients = consent_fields.recipients(desk, f"{at}-to")
        rules = forms["consent"]
        consent = consent_fields.ask(desk, rules, at=at, case_id=case["id"])
        pressed = st.button(desk.say("consent.record"), type="primary", key=f"{at}-record")
        if pressed and kept(desk, case["id"], consent, purpose, recipients, rules):
            next_round(FORM, case["id"])
            st.rerun(scope="fragment")
