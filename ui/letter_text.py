"""A letter between agencies as it is read: in three lines, or whole with what it tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from ui import approval_marks, marks, step_marks
from ui.calendar import moment
from ui.desk import Desk

DANGEROUS = ("rejected", "revoked")
TRANSFER = "transfer"


def named(desk: Desk, rows: list[dict[str, Any]], name: str) -> str:
    """What an entry of ``/referral-forms`` is called."""
    found = (str(row[desk.lang]) for row in rows if row["id"] == name)
    return next(found, desk.say("choice.gone"))


def summary(desk: Desk, letter: dict[str, Any], forms: dict[str, Any]) -> str:
    """A letter in three lines: what is asked, between whom, how it stands."""
    danger = letter["overdue"] or letter["status"] in DANGEROUS
    state = "today.late_answer" if letter["overdue"] else f"letter.{letter['status']}"
    chips = marks.chip(desk.say(state), "danger" if danger else "quiet")
    if letter["kind"] == TRANSFER:
        chips += marks.chip(desk.say("letter.kind.transfer"), "inferred")
    chips += marks.chip(named(desk, forms["purposes"], letter["purpose"]))
    names = [desk.agency(letter[end]) for end in ("from_agency", "to_agency")]
    told = [desk.say("letter.sent", when=moment(letter["sent_at"], desk.lang))]
    if letter["status"] == "pending":
        told.append(desk.say("today.answer_by", when=moment(letter["answer_by"], desk.lang)))
        told.append(desk.say("letter.seen" if letter["received_at"] else "letter.unseen"))
    if letter["reason_code"]:
        told.append(named(desk, forms["reasons"], letter["reason_code"]))
    if letter["comment"]:
        told.append(letter["comment"])
    return marks.headline(letter["requested"], " → ".join(names), chips, " · ".join(told))


def opens(letter: Mapping[str, Any], agency_id: str) -> bool:
    """Whether the letter leaves the case open to an agency.

    A sender keeps it until a transfer is done; a receiver has it from accepting on, and for good
    by a transfer.
    """
    moved = (letter["kind"], letter["status"]) == (TRANSFER, "done")
    if letter["from_agency"] == agency_id:
        return not moved
    return moved or str(letter["status"]) == "accepted"


def whole(desk: Desk, letter: dict[str, Any], forms: dict[str, Any]) -> None:
    """A closed drawer; opened it asks for the letter, which is traced as a reading."""
    drawer = st.expander(
        desk.say("letter.read"),
        icon=":material/description:",
        key=f"whole-{letter['id']}",
        on_change="rerun",
    )
    if drawer.open:
        with drawer:
            read = desk.api.get(f"/referrals/{letter['id']}")
            st.html(step_marks.answers(lines(desk, read, forms)))
            if letter["from_agency"] == desk.me["agency_id"] and opens(
                letter, desk.me["agency_id"]
            ):
                _approvals(desk, read)


def lines(desk: Desk, letter: dict[str, Any], forms: dict[str, Any]) -> list[tuple[str, str]]:
    """Everything the letter says, as names and values; what it does not say is left out."""
    said = [
        ("letter.kind", desk.say(f"letter.kind.{letter['kind']}")),
        ("letter.requested", letter["requested"]),
        ("letter.services", " · ".join(s["text"] for s in letter["services"])),
        ("letters.purpose", named(desk, forms["purposes"], letter["purpose"])),
        ("letters.basis", named(desk, forms["bases"], letter["basis"])),
        ("letters.why", letter["basis_reason"] or ""),
        ("letters.answer_by", moment(letter["answer_by"], desk.lang)),
        ("letter.received", letter["received_at"] and moment(letter["received_at"], desk.lang)),
    ]
    if letter["kind"] != TRANSFER:
        parts = [desk.say(f"file_part.{part}") for part in letter["parts"]]
        said.append(("letters.parts", ", ".join(parts) or desk.say("letter.no_parts")))
    said += told(desk, letter["shared"])
    if letter["replaces"]:
        said.append(("letter.earlier", desk.say("letter.replaces")))
    return [(desk.say(name), value) for name, value in said if value]


def told(desk: Desk, shared: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a letter tells of the case before it is accepted, as keys of words and values."""
    flags = {f["id"]: f for f in desk.kept("/codebook")["red_flags"]}
    values: dict[str, Callable[[Any], str]] = {
        "number": str,
        "urgency": lambda v: desk.say(f"urgency.{v}"),
        "received_at": lambda v: moment(v, desk.lang),
        "codes": lambda v: " · ".join(f"{c['code']} {desk.code_name(c)}" for c in v),
        "red_flags": lambda v: " · ".join(_sign(desk, flag, flags) for flag in v),
    }
    return [(f"told.{name}", values[name](shared[name])) for name in values if shared.get(name)]


def _sign(desk: Desk, flag: dict[str, Any], known: Mapping[str, Any]) -> str:
    english = known.get(flag["id"], {}).get("sign_en")
    return str(english if desk.lang == "en" and english else flag["sign_th"])


def _approvals(desk: Desk, letter: dict[str, Any]) -> None:
    """The approvals that were asked for the letter, and what was said to them."""
    for one in desk.api.get(f"/cases/{letter['case_id']}/sign-offs"):
        if one["subject_id"] == letter["id"]:
            named = approval_marks.named(desk, one)
            st.html(approval_marks.line(named, desk.lang, desk.say(f"sign.{one['kind']}")))
