"""The services that carry out a case's plan: what was asked of whom, and how far each one is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import marks, plan_actions, service_report
from ui.calendar import day, moment
from ui.desk import Desk, kindly
from ui.fields import choose, day_until, next_round, round_of
from ui.roles import RECEIVERS

ENDED = ("declined", "withdrawn")
MOVING = {"delivered": "rule", "under_way": "said", "accepted": "said"}
LOST = (*ENDED, "not_delivered")
FORM = "service"


def show(desk: Desk, case: dict[str, Any]) -> None:
    """The services of the case with who changed them last; the way to report and to plan one."""
    st.subheader(desk.say("steps.services"))
    found = desk.api.get(f"/cases/{case['id']}/services")
    rows = sorted(found, key=lambda row: row["status"] in ENDED)
    if not rows:
        st.caption(desk.say("steps.no_services"))
    for row in rows:
        with st.container(border=True):
            st.html(_line(desk, row))
            if may_report(row, case, desk.me):
                service_report.show(desk, row)
    if case["acts"]:
        _plan(desk, case)


def may_report(row: Mapping[str, Any], case: Mapping[str, Any], me: Mapping[str, Any]) -> bool:
    """Whether a person writes back on a service: whoever gives it, and the case's own workers.

    What still waits for its answer, or was declined, is nobody's to report.
    """
    if not case["writes"] or me["role"] not in RECEIVERS:
        return False
    if row["status"] in ("offered", *ENDED):
        return False
    return bool(case["acts"] or (row["agency_id"] == me["agency_id"] and row["referral_id"]))


def _line(desk: Desk, row: dict[str, Any]) -> str:
    kind = "danger" if row["status"] in LOST else MOVING.get(row["status"], "quiet")
    chips = marks.chip(desk.say(f"service.{row['status']}"), kind)
    if row["due"]:
        chips += marks.chip(desk.say("item.due", when=day(row["due"], desk.lang)))
    told = [row["result"]] if row["result"] else []
    who = desk.who(row["changed_name"], row["changed_agency"])
    changed = {"name": who, "when": moment(row["changed_at"], desk.lang)}
    told.append(desk.say("services.changed", **changed))
    words = row["text"] or desk.say("services.kept_back")
    return marks.headline(words, desk.agency(row["agency_id"]), chips, " · ".join(told))


def _plan(desk: Desk, case: dict[str, Any]) -> None:
    """The drawer in which a service of one's own agency is planned; kept ones leave it empty."""
    at = f"{case['id']}-{round_of(FORM, case['id'])}"
    drawer = st.expander(
        desk.say("services.plan"),
        icon=":material/add_task:",
        key=f"service-new-{at}",
        on_change="rerun",
    )
    if not drawer.open:
        return
    with drawer:
        actions = plan_actions.of_plan(desk, case, approved=True)
        action = None
        if actions:
            action = choose(desk, "services.action", actions, key=f"service-action-{at}")
        else:
            st.caption(desk.say("services.no_plan"))
        words = _words(desk, actions.get(action or "", ""), f"service-text-{at}-{action or ''}")
        due = day_until(desk, "services.due", key=f"service-due-{at}")
        if st.button(desk.say("services.add"), type="primary", key=f"service-add-{at}"):
            if not words:
                st.error(desk.say("services.words_needed"), icon=":material/edit:")
                return
            with kindly(desk):
                body = {"text": words, "action_id": action, "due": due}
                desk.api.post(f"/cases/{case['id']}/services", body)
                next_round(FORM, case["id"])
                st.rerun(scope="fragment")


def _words(desk: Desk, offered: str, key: str) -> str:
    """What is given, begun with the words of the chosen action."""
    st.session_state.setdefault(key, offered[:1000])
    return st.text_area(desk.say("services.text"), key=key, max_chars=1000).strip()
