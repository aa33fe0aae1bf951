"""The documents of a case: what its steps ask for, what is in the file, one more to add."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import (
    approvals,
    case_choice,
    document_adding,
    document_erasing,
    document_file,
    document_marks,
    roles,
)
from ui.desk import Desk, kindly

OPENED = "document_opened"
STEP = "document_step"


def page() -> None:
    """Draw the documents of the chosen case."""
    desk: Desk = st.session_state["desk"]
    st.title(desk.say("documents.title"))
    with kindly(desk):
        if case := case_choice.choose(desk):
            of_case(desk, case)


def of_case(desk: Desk, case: Mapping[str, Any]) -> None:
    """What a case has and what its steps ask for; ``document`` in the address stands open."""
    case_id, writes = case["id"], roles.writes(case["relation"], desk.me["role"])
    if opened := st.query_params.pop("document", None):
        st.session_state[OPENED] = opened
    kinds = {k["type_id"]: k for k in desk.kept("/document-types")["items"]}
    steps = desk.api.get(f"/cases/{case_id}/checklist")["steps"]
    kept = desk.api.get(f"/cases/{case_id}/documents")["items"]
    asked = approvals.of_documents(desk, case_id) if kept else {}
    eyes = document_file.Eyes(writes=writes, own=case["relation"] == "own", asked=asked)
    document_erasing.told(desk, case_id)
    file, wanted = st.columns([3, 2], gap="large")
    with file:
        _file(desk, kept, kinds, eyes)
        if case["relation"] == "own":
            document_erasing.erased(desk, case_id, kinds)
    with wanted:
        _checklist(desk, steps, kinds, writes=writes)
        if writes:
            document_adding.show(desk, case_id, kinds)


def _file(
    desk: Desk,
    kept: list[dict[str, Any]],
    kinds: Mapping[str, Mapping[str, Any]],
    eyes: document_file.Eyes,
) -> None:
    st.subheader(desk.say("documents.kept", count=len(kept)))
    if not kept:
        st.caption(desk.say("documents.none"))
    for document in reversed(kept):
        with st.container(border=True):
            _one(desk, document, kinds.get(document["type_id"], {}), eyes)


def _one(
    desk: Desk, document: dict[str, Any], kind: Mapping[str, Any], eyes: document_file.Eyes
) -> None:
    opened = st.session_state.get(OPENED) == document["id"]
    words, way = st.columns([4, 1], vertical_alignment="center")
    shown = document | {"versions": [desk.named(v) for v in document["versions"]]}
    words.html(document_marks.line(shown, kind, desk.lang, eyes.standing(document, desk.lang)))
    label = desk.say("documents.fold" if opened else "documents.look")
    if way.button(label, key=f"look-{document['id']}", width="stretch"):
        st.session_state[OPENED] = None if opened else document["id"]
        st.session_state.pop(document_erasing.ERASED, None)
        st.rerun()
    if opened:
        document_file.show(desk, document, kind, eyes)


def _checklist(
    desk: Desk,
    steps: list[dict[str, Any]],
    kinds: Mapping[str, Mapping[str, Any]],
    *,
    writes: bool,
) -> None:
    """The kinds a step asks for; which step, is chosen."""
    st.subheader(desk.say("documents.checklist"))
    wanted = {i["type_id"]: i["state"] for step in steps for i in step["items"]}
    there = sum(state in ("open", "signed") for state in wanted.values())
    st.caption(desk.say("documents.progress", there=there, total=len(wanted)))
    by_number = {step["step"]: step for step in steps}
    number = st.selectbox(
        desk.say("documents.step"),
        list(by_number),
        key=STEP,
        index=list(by_number).index(_first_lacking(steps)),
        format_func=lambda n: f"{n}. {by_number[n][f'name_{desk.lang}']}",
    )
    step = by_number[number]
    if not writes:
        st.html(document_marks.checklist(step["items"], kinds, desk.lang))
        return
    with st.container(gap=None, key="checklist"):
        for item in step["items"]:
            _wanted(desk, item, kinds)
    if not step["items"]:
        st.html(document_marks.checklist([], kinds, desk.lang))


def _wanted(desk: Desk, item: dict[str, Any], kinds: Mapping[str, Mapping[str, Any]]) -> None:
    """One kind a step asks for; its button makes the form below ready for it."""
    key = f"wanted-{item['type_id']}"
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=key):
        st.html(document_marks.checklist([item], kinds, desk.lang), width="stretch")
        if item["state"] in ("open", "signed"):
            return
        st.button(
            desk.say("documents.add_this"),
            key=f"add-{item['type_id']}",
            icon=":material/add:",
            type="tertiary",
            on_click=document_adding.prepare,
            args=(kinds[item["type_id"]],),
        )


def _first_lacking(steps: list[dict[str, Any]]) -> int:
    lacking = (s["step"] for s in steps if any(i["state"] == "absent" for i in s["items"]))
    return next(lacking, 1)
