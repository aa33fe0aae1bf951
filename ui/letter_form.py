"""A new letter to another agency: to whom and why it may be told, then what is asked.

What was typed stays while the API refuses; a letter that was sent leaves an empty, closed drawer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui import case_consents, consent_fields, kept_words, plan_actions
from ui.desk import Desk, kindly
from ui.fields import choose, day_until
from ui.letter_text import TRANSFER

KINDS = ("referral", TRANSFER)
BEGUN = "letters_begun"
CONSENT = "consent"
CHOICES = ("letter_kind", "letter_to", "letter_purpose", "letter_basis")
WORDS = ("requested", "why", "lines")


@dataclass(frozen=True)
class Draft:
    """One letter being written: the case, what names its fields, and the letter it replaces."""

    case: dict[str, Any]
    forms: dict[str, Any]
    round: int
    replaces: str | None

    def key(self, name: str) -> str:
        """The key of a field of this very letter."""
        return _key(name, self.case["id"], self.round)

    def words(self) -> dict[str, str]:
        """The fields whose words are kept while they are written."""
        return {
            self.key(f"letter_{name}"): kept_words.name_of("letter", self.case["id"], name)
            for name in WORDS
        }

    def choices(self) -> dict[str, str]:
        """The choices kept beside the words."""
        return {self.key(name): name for name in CHOICES}


def show(
    desk: Desk, case: dict[str, Any], letters: list[dict[str, Any]], forms: dict[str, Any]
) -> None:
    """The drawer; closed, but for a letter that shall replace another."""
    begun = _begun(case["id"])
    draft = Draft(case, forms, begun["round"], begun["replaces"])
    key = draft.key("letter")
    if key not in st.session_state and kept_words.begun(desk, "letter", case["id"], ""):
        st.session_state[key] = True
    drawer = st.expander(
        desk.say("letters.new"),
        icon=":material/forward_to_inbox:",
        key=key,
        on_change="rerun",
        expanded=draft.replaces is not None,
    )
    if not drawer.open:
        return
    with drawer:
        earlier = next((x for x in letters if x["id"] == draft.replaces), None)
        if earlier:
            to = desk.agency(earlier["to_agency"])
            st.caption(desk.say("letters.replaces", to=to))
        _head(desk, draft)


def instead_of(case_id: str, letter: dict[str, Any]) -> None:
    """Begin a letter with the words of one that came to nothing; its receiver is chosen anew."""
    begun = _begun(case_id)
    begun |= {"round": begun["round"] + 1, "replaces": letter["id"]}
    wanted = [s["text"] for s in letter["services"] if not s["action_id"]]
    chosen = [s["action_id"] for s in letter["services"] if s["action_id"]]
    said = {
        "letter_kind": letter["kind"],
        "letter_purpose": letter["purpose"],
        "letter_basis": letter["basis"],
        "letter_requested": letter["requested"],
        "letter_why": letter["basis_reason"] or "",
        "letter_lines": "\n".join(wanted),
        "letter_actions": chosen,
    }
    for name, value in said.items():
        st.session_state[_key(name, case_id, begun["round"])] = value


def services(lines: str, chosen: list[str], actions: dict[str, str]) -> list[dict[str, Any]]:
    """The services asked for: actions of the plan by their words, then one a line."""
    asked = [{"text": actions[a][:1000], "action_id": a} for a in chosen if a in actions]
    plain = [line.strip()[:1000] for line in lines.splitlines() if line.strip()]
    return asked + [{"text": line, "action_id": None} for line in plain]


def waits_for(kind: str | None, basis: dict[str, Any]) -> list[str]:
    """Which approvals a letter asks for, as keys of words, those it must wait for first."""
    moved = ["letters.wait.transfer"] if kind == TRANSFER else []
    looked_at = basis.get("looked_at")
    return moved + ([f"letters.wait.disclosure_{looked_at}"] if looked_at else [])


def _head(desk: Desk, draft: Draft) -> None:
    """Which letter to whom, and by what right; the rest is asked once that is known."""
    kept_words.choose_again(desk, draft.choices(), "letter", draft.case["id"])
    st.session_state.setdefault(draft.key("letter_kind"), KINDS[0])
    kind = st.segmented_control(
        desk.say("letter.kind"),
        KINDS,
        required=True,
        key=draft.key("letter_kind"),
        format_func=lambda k: desk.say(f"letter.kind.{k}"),
    )
    st.caption(desk.say(f"letters.means.{kind}"))
    forms = draft.forms
    others = {a: name for a, name in desk.agencies.items() if a != desk.me["agency_id"]}
    to = choose(desk, "letters.to", others, key=draft.key("letter_to"))
    _reached(desk, to)
    purpose = _one_of(desk, "letters.purpose", forms["purposes"], draft.key("letter_purpose"))
    fitting = [b for b in forms["bases"] if b["purposes"] == "all" or purpose in b["purposes"]]
    basis = _one_of(desk, "letters.basis", fitting, draft.key("letter_basis"))
    if to or purpose or basis:
        kept_words.keep_choices(desk, draft.choices(), "letter", draft.case["id"])
    if not (to and purpose and basis):
        st.caption(desk.say("letters.choose_first"))
        return
    for wait in waits_for(kind, next(b for b in fitting if b["id"] == basis)):
        st.info(desk.say(wait), icon=":material/approval:")
    letter = {"kind": kind, "to_agency": to, "purpose": purpose, "basis": basis}
    consent_id = None
    if basis == CONSENT:
        consent_id = case_consents.holding(desk, draft.case["id"], purpose, to)
        if not consent_id:
            _ask_consent(desk, draft, purpose, to)
            return
    _words(desk, draft, letter | {"consent_id": consent_id, "replaces": draft.replaces})


def _ask_consent(desk: Desk, draft: Draft, purpose: str, to: str) -> None:
    """Record the consent this letter rests on."""
    st.warning(desk.say("letters.no_consent"), icon=":material/handshake:")
    rules = draft.forms["consent"]
    at, case_id = draft.key("letter_consent"), draft.case["id"]
    consent = consent_fields.ask(desk, rules, at=at, case_id=case_id)
    pressed = st.button(desk.say("consent.record"), type="primary", key=draft.key("letter_record"))
    if pressed and case_consents.kept(desk, case_id, consent, purpose, [to], rules):
        st.rerun(scope="fragment")


def _words(desk: Desk, draft: Draft, letter: dict[str, Any]) -> None:
    """What is asked and why; the letter is sent from here."""
    actions = plan_actions.of_plan(desk, draft.case, approved=False)
    reasoned = letter["consent_id"] is None
    kept_words.begin(desk, draft.words())
    with st.form(draft.key("letter-words"), border=False):
        key = draft.key("letter_requested")
        requested = st.text_area(desk.say("letters.requested"), key=key, max_chars=5000).strip()
        why = ""
        if reasoned:
            key = draft.key("letter_why")
            why = st.text_input(desk.say("letters.why"), key=key, max_chars=2000).strip()
        with st.expander(desk.say("letters.more"), icon=":material/tune:"):
            more = _more(desk, draft, letter, actions)
        kept_words.watch(desk, draft.words())
        sent = st.form_submit_button(desk.say("letters.send"), type="primary")
    if not sent:
        return
    if not requested or (reasoned and not why):
        st.error(desk.say("letters.words_needed"), icon=":material/edit:")
        return
    body = letter | more | {"requested": requested, "basis_reason": why or None}
    with kindly(desk):
        desk.api.post(f"/cases/{draft.case['id']}/referrals", body)
        begun = _begun(draft.case["id"])
        begun |= {"round": begun["round"] + 1, "replaces": None}
        kept_words.forget(desk, "letter", draft.case["id"], "")
        st.rerun(scope="fragment")


def _more(
    desk: Desk, draft: Draft, letter: dict[str, Any], actions: dict[str, str]
) -> dict[str, Any]:
    """Services asked for, parts of the file that open, and until when to answer."""
    chosen: list[str] = []
    if actions:
        key = draft.key("letter_actions")
        _only(key, actions)
        chosen = st.multiselect(
            desk.say("letters.actions"),
            list(actions),
            format_func=lambda a: actions.get(a, a),
            placeholder=desk.say("choice.none"),
            key=key,
        )
    lines = st.text_area(desk.say("letters.lines"), key=draft.key("letter_lines"))
    found: dict[str, Any] = {"services": services(lines, chosen, actions)}
    if letter["kind"] != TRANSFER:
        purpose = next(p for p in draft.forms["purposes"] if p["id"] == letter["purpose"])
        found["parts"] = st.multiselect(
            desk.say("letters.parts"),
            purpose["parts"],
            default=purpose["parts"],
            format_func=lambda part: desk.say(f"file_part.{part}"),
            placeholder=desk.say("letter.no_parts"),
            key=draft.key(f"letter_parts-{purpose['id']}"),
        )
    found["answer_by"] = day_until(desk, "letters.answer_by_day", key=draft.key("letter_until"))
    return found


def _only(key: str, known: dict[str, str]) -> None:
    """Leave out chosen actions that the newest plan no longer holds."""
    if key in st.session_state:
        st.session_state[key] = [a for a in st.session_state[key] if a in known]


def _reached(desk: Desk, to: str | None) -> None:
    """How the chosen agency is reached, for what is better said by telephone first."""
    contact = next((a["contact"] for a in desk.kept("/agencies") if a["id"] == to), "")
    if contact:
        st.caption(desk.say("agencies.reached", contact=contact))


def _one_of(desk: Desk, label: str, rows: list[dict[str, Any]], key: str) -> str | None:
    return choose(desk, label, {row["id"]: row[desk.lang] for row in rows}, key=key)


def _begun(case_id: str) -> dict[str, Any]:
    shelf: dict[str, dict[str, Any]] = st.session_state.setdefault(BEGUN, {})
    return shelf.setdefault(case_id, {"round": 0, "replaces": None})


def _key(name: str, case_id: str, number: int) -> str:
    return f"{name}-{case_id}-{number}" if number else f"{name}-{case_id}"
