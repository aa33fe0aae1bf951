"""The letters of one case with the consents they rest on, and the way to write another."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import case_consents, letter_acts, letter_form, letter_text
from ui.desk import Desk


def show(desk: Desk, case: dict[str, Any]) -> None:
    """The letters, a closed drawer for another, then the consents."""
    forms = desk.kept("/referral-forms")
    letters = desk.api.get(f"/cases/{case['id']}/referrals")
    if not letters:
        st.caption(desk.say("letters.none" if case["acts"] else "letters.none_read"))
    for letter in letters:
        with st.container(border=True):
            _letter(desk, case, letter, forms)
    if case["acts"]:
        letter_form.show(desk, case, letters, forms)
    case_consents.show(desk, case, letters, forms)


def _letter(
    desk: Desk, case: dict[str, Any], letter: dict[str, Any], forms: dict[str, Any]
) -> None:
    st.html(letter_text.summary(desk, letter, forms))
    letter_text.whole(desk, letter, forms)
    if not case["writes"]:
        return
    with st.container(horizontal=True, gap="small"):
        letter_acts.show(desk, letter, forms, "fragment")
        again = case["acts"] and letter["status"] in letter_text.DANGEROUS
        if again and st.button(
            desk.say("letters.again"), key=f"again-{letter['id']}", icon=":material/edit:"
        ):
            letter_form.instead_of(case["id"], letter)
            st.rerun(scope="fragment")
