"""Documents for the knowledge sent from the page: chosen, sent, watched, each with its result."""

from __future__ import annotations

from math import ceil
from typing import Any

import streamlit as st

from ui import source_marks
from ui.desk import Desk, kindly

DRAWER, GENERATION, SENT = "source_adding", "source_generation", "source_files_sent"
ALIVE = ("queued", "running")
REFRESH_S = 1.5
ENDED_SHOWN = 10
UPLOAD_MB = 500


def show(desk: Desk) -> None:
    """The form in a drawer, and beneath it what became of the files sent last."""
    found = desk.api.get("/knowledge/arrivals")
    drawer = st.expander(
        desk.say("sources.add"), key=DRAWER, icon=":material/upload_file:", on_change="rerun"
    )
    if drawer.open:
        with drawer:
            _form(desk, found)
    alive = any(row["status"] in ALIVE for row in found["items"])
    st.fragment(_watched, run_every=REFRESH_S if alive else None)(desk, found["items"], alive)


def _form(desk: Desk, found: dict[str, Any]) -> None:
    limits = found["limits"]
    generation = st.session_state.get(GENERATION, 0)
    # A form: choosing files draws nothing anew, so a quick press on "send" cannot be lost.
    with st.form(f"source-adding-{generation}", border=False):
        shared = found["may_share"] and _for_all(desk)
        files = st.file_uploader(
            desk.say("sources.files"),
            accept_multiple_files=True,
            key=f"source_files_{generation}",
            max_upload_size=max(UPLOAD_MB, ceil(limits["megabytes"])),
        )
        st.caption(
            desk.say(
                "sources.files_hint",
                kinds=", ".join(limits["kinds"]),
                megabytes=f"{limits['megabytes']:g}",
            )
        )
        send = st.form_submit_button(desk.say("sources.send"), type="primary")
    if not send:
        return
    if not files:
        st.error(desk.say("documents.file_needed"), icon=":material/error:")
        return
    if _sent(desk, files, shared=shared):
        st.session_state[GENERATION] = generation + 1
        st.rerun()


def _for_all(desk: Desk) -> bool:
    choice = st.segmented_control(
        desk.say("sources.for_whom"),
        ("shared", "own"),
        default="shared",
        required=True,
        key="source_for_whom",
        format_func=lambda whom: desk.say(f"sources.for_{whom}"),
    )
    return choice == "shared"


def _sent(desk: Desk, files: list[Any], *, shared: bool) -> bool:
    """Send one after another, each once: a line lost at one costs that one; are all sent?"""
    line, where = st.empty(), f"/knowledge/sources?shared={str(shared).lower()}"
    went: set[str] = st.session_state.setdefault(SENT, set())
    for number, file in enumerate(files, start=1):
        if file.file_id in went:
            continue
        words = desk.say("sources.sending", number=number, count=len(files), file=file.name)
        line.progress((number - 1) / len(files), text=words)
        with kindly(desk):
            desk.api.send(where, file.name, file)
            went.add(file.file_id)
    line.empty()
    return went.issuperset(f.file_id for f in files)


def _watched(desk: Desk, rows: list[dict[str, Any]], alive: bool) -> None:
    """The files by themselves; while one is on its way they are read anew and drawn again."""
    with kindly(desk):
        if alive:
            before = _alive(rows)
            rows = desk.api.get("/knowledge/arrivals")["items"]
            if _alive(rows) != before:
                st.rerun()
        for row in [r for r in rows if r["status"] in ALIVE]:
            _one(desk, row)
            words = desk.say(f"sources.arrival.{row['status']}", percent=f"{row['percent']:.0f}")
            st.progress(min(1.0, row["percent"] / 100), text=words)
        for row in [r for r in rows if r["status"] not in ALIVE][:ENDED_SHOWN]:
            _one(desk, row)


def _one(desk: Desk, row: dict[str, Any]) -> None:
    whose = desk.agency(row["agency_id"]) if row["agency_id"] else desk.say("sources.shared")
    st.html(source_marks.arrival(row, whose, desk.lang))


def _alive(rows: list[dict[str, Any]]) -> set[str]:
    return {row["id"] for row in rows if row["status"] in ALIVE}
