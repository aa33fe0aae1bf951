"""Consent already given while the story was told: kept with the case as it is opened."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import consent_fields, kept_words
from ui.client import Refused
from ui.desk import Desk
from ui.fields import choose

DRAWER, MISSED = "intake_consent", "intake_consent_missed"
VIEW = "consent_view"
PLACE = ("intake", "consent")
FILLED = ("consent_subject", VIEW, "intake_consent_purpose", "intake_consent_to")
CHOICES = {"intake_consent_purpose": "purpose", "intake_consent_to": "to"} | {
    f"consent_{name}": name
    for name in ("age", "given_by", "given_by_child", "alleged", "method", "witness_1", "witness_2")
}


def ask(desk: Desk) -> dict[str, Any] | None:
    """The consent to record with the new case, if there is one and it says who may know what."""
    _bring_back(desk)
    drawer = st.expander(
        desk.say("intake.consent"), key=DRAWER, on_change="rerun", icon=":material/handshake:"
    )
    if not drawer.open:
        return None
    with drawer:
        st.caption(desk.say("intake.consent_hint"))
        forms = desk.kept("/referral-forms")
        purposes = {row["id"]: row[desk.lang] for row in forms["purposes"]}
        purpose = choose(desk, "letters.purpose", purposes, key="intake_consent_purpose")
        recipients = consent_fields.recipients(desk, "intake_consent_to")
        told = consent_fields.ask(desk, forms["consent"])
    if told or purpose or recipients:
        kept_words.keep_choices(desk, CHOICES, *PLACE)
    if not (told and purpose and recipients):
        st.caption(desk.say("intake.consent_open"))
        return None
    return told | {"purpose": purpose, "recipients": recipients}


def _bring_back(desk: Desk) -> None:
    """What was filled in before a refresh, in a drawer that stands open."""
    kept_words.choose_again(desk, CHOICES, *PLACE)
    if DRAWER not in st.session_state and any(st.session_state.get(k) for k in FILLED):
        st.session_state[DRAWER] = True


def keep(desk: Desk, case_id: str, consent: dict[str, Any] | None) -> None:
    """Record it with the case, which is open by now; a refusal is told in the case."""
    if consent is None:
        return
    try:
        desk.api.post(f"/cases/{case_id}/consents", consent)
    except Refused as refused:
        st.session_state[MISSED] = (case_id, refused)


def told(desk: Desk, case_id: str) -> None:
    """Say once, in the case, why the consent was not kept with it."""
    missed = st.session_state.get(MISSED)
    if missed and missed[0] == case_id:
        del st.session_state[MISSED]
        st.warning(desk.say("intake.consent_missed"), icon=":material/handshake:")
        desk.refuse(missed[1])
