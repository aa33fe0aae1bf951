"""Cases for other systems: the caseload as a table, one case as a file, and rows that come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui import document_marks
from ui.desk import Desk, kindly
from ui.roles import WORKERS

ROWS_SHOWN = 50
REPORT = "exchange_report"
FORMS = ("xlsx", "csv")


Way = Callable[[str], None]


def caseload(desk: Desk, open_case: Way) -> None:
    """Under the caseload: give the table out, take a neighbour's file in."""
    if desk.me["role"] not in WORKERS:
        return
    drawer = st.expander(desk.say("exchange.title"), key="exchange", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        st.caption(desk.say("exchange.audited"))
        ways = {f"/tables/cases?form={f}": desk.say("exchange.table", form=f) for f in FORMS}
        st.html(document_marks.ways(ways))
        _incoming(desk, open_case)


def case(desk: Desk, case: dict[str, Any]) -> None:
    """Where a case came from, and the same case for other systems."""
    if not case["acts"] or desk.me["role"] not in WORKERS:
        return
    drawer = st.expander(
        f"**{desk.say('exchange.case')}**", key=f"exchange-{case['id']}", on_change="rerun"
    )
    if not drawer.open:
        return
    with drawer:
        for source in desk.api.get(f"/cases/{case['id']}/sources")["items"]:
            named = _profiles(desk).get(source["profile"], {}).get(f"name_{desk.lang}", "")
            st.caption(desk.say("exchange.from", name=named, number=source["external_id"]))
        st.caption(desk.say("exchange.audited"))
        path = f"/cases/{case['id']}"
        ways = {f"{path}/fhir": desk.say("exchange.fhir")}
        for name, profile in _profiles(desk).items():
            ways[f"{path}/exchange/{name}?form=csv"] = str(profile[f"name_{desk.lang}"])
        st.html(document_marks.ways(ways))


def _profiles(desk: Desk) -> dict[str, dict[str, Any]]:
    return {p["id"]: p for p in desk.kept("/exchange/profiles")["items"]}


def _incoming(desk: Desk, open_case: Way) -> None:
    known = _profiles(desk)
    profile = st.selectbox(
        desk.say("exchange.profile"),
        list(known),
        index=None,
        format_func=lambda name: str(known[name][f"name_{desk.lang}"]),
        placeholder=desk.say("choice.none"),
        key="exchange_profile",
    )
    if profile:
        st.caption(desk.say("exchange.columns", names=", ".join(known[profile]["required"])))
        file = st.file_uploader(
            desk.say("exchange.file"), type=["csv", "json"], key=f"exchange_file-{profile}"
        )
        if file and st.button(
            desk.say("exchange.take"), type="primary", icon=":material/move_to_inbox:"
        ):
            with kindly(desk), st.spinner(desk.say("exchange.taking")):
                sent = desk.api.send(f"/exchange/{profile}/imports", file.name, file)
                st.session_state[REPORT] = sent
                st.rerun()
    if report := st.session_state.get(REPORT):
        _told(desk, report, open_case)


def _told(desk: Desk, report: dict[str, Any], open_case: Way) -> None:
    """What became of each row: a case to open, or a reason."""
    st.success(desk.say("exchange.taken", count=len(report["imported"])), icon=":material/check:")
    for row in report["imported"][:ROWS_SHOWN]:
        words = desk.say("exchange.row", row=row["row"], number=row["external_id"])
        if st.button(words, key=f"imported-{row['case_id']}", type="tertiary"):
            open_case(row["case_id"])
    if report["refused"]:
        st.warning(
            desk.say("exchange.refused", count=len(report["refused"])), icon=":material/block:"
        )
    for row in report["refused"][:ROWS_SHOWN]:
        words = desk.say("exchange.row", row=row["row"], number=row["external_id"])
        st.caption(f"{words} · {row[f'message_{desk.lang}']}")
