"""Agencies are added and changed: names, kind, place, contact, letters, who approves."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import admin_marks
from ui.desk import SHELF, Desk, kindly

OPENED = "admin_agency"
MADE = "admin_agencies_made"  # a new form after each agency


def show(desk: Desk) -> None:
    """A form for one more, then the list; one at a time is opened and changed."""
    found = desk.api.get("/admin/accounts")
    st.caption(desk.say("agencies.hint"))
    _new(desk, found)
    for agency in found["agencies"]:
        with st.container(border=True):
            _one(desk, agency, found["regions"])


def _one(desk: Desk, agency: dict[str, Any], regions: list[str]) -> None:
    opened = st.session_state.get(OPENED) == agency["id"]
    words, way = st.columns([4, 1], vertical_alignment="center")
    words.html(admin_marks.agency(agency, desk.lang))
    label = desk.say("documents.fold" if opened else "admin.change")
    if way.button(label, key=f"agency-{agency['id']}", width="stretch"):
        st.session_state[OPENED] = None if opened else agency["id"]
        st.rerun()
    if opened:
        _change(desk, agency, regions)


def _new(desk: Desk, found: dict[str, Any]) -> None:
    drawer = st.expander(
        f"**{desk.say('agencies.new')}**",
        key="agency_new",
        on_change="rerun",
        icon=":material/domain_add:",
    )
    if not drawer.open:
        return
    with drawer:
        form = f"new-agency-{st.session_state.get(MADE, 0)}"
        named = {kind["id"]: kind[desk.lang] for kind in found["kinds"]}
        left, right = st.columns(2)
        new_id = left.text_input(
            desk.say("agencies.id"),
            key=f"id-{form}",
            max_chars=40,
            help=desk.say("agencies.id_hint"),
        ).strip()
        kind = right.selectbox(
            desk.say("agencies.kind"),
            list(named),
            index=None,
            placeholder=desk.say("choice.none"),
            format_func=named.__getitem__,
            key=f"kind-{form}",
        )
        st.caption(desk.say("agencies.kind_hint"))
        body = _fields(desk, NOTHING, found["regions"], form)
        ready = bool(new_id and kind and body["contact"] and _ready(body))
        if st.button(
            desk.say("agencies.add"), type="primary", key="agency_add", disabled=not ready
        ):
            _add(desk, body | {"id": new_id, "kind": kind})


def _add(desk: Desk, body: dict[str, Any]) -> None:
    with kindly(desk):
        desk.api.post("/admin/agencies", body)
        st.session_state[MADE] = st.session_state.get(MADE, 0) + 1
        _told(desk, "agencies.added")


def _change(desk: Desk, agency: dict[str, Any], regions: list[str]) -> None:
    """The fields of one agency and the button that keeps them."""
    body = _fields(desk, agency, regions, agency["id"])
    if st.button(desk.say("save"), type="primary", key="agency_save", disabled=not _ready(body)):
        with kindly(desk):
            desk.api.put(f"/admin/agencies/{agency['id']}", body)
            st.session_state[OPENED] = None
            _told(desk, "agencies.kept")


def _fields(desk: Desk, agency: dict[str, Any], regions: list[str], key: str) -> dict[str, Any]:
    """What can be said of an agency at any time."""

    def words(field: str) -> str:
        label, most = desk.say(f"agencies.{field}"), MOST_WORDS[field]
        given = str(agency[field])
        return st.text_input(label, given, key=f"{field}-{key}", max_chars=most).strip()

    body: dict[str, Any] = {field: words(field) for field in MOST_WORDS}
    body["region"] = st.selectbox(
        desk.say("agencies.region"),
        regions,
        index=regions.index(agency["region"]) if agency["region"] in regions else None,
        placeholder=desk.say("choice.none"),
        format_func=lambda place: desk.say(f"region.{place}"),
        key=f"region-{key}",
    )
    two, receives = agency["two_person_approval"], agency["receives"]
    body["two_person_approval"] = st.toggle(
        desk.say("admin.two_people"), two, key=f"two-people-{key}"
    )
    body["receives"] = st.toggle(desk.say("agencies.receives"), receives, key=f"receives-{key}")
    return body


def _ready(body: dict[str, Any]) -> bool:
    return bool(body["name_th"] and body["name_en"] and body["region"])


def _told(desk: Desk, key: str) -> None:
    """The list of agencies is asked for anew by every page."""
    st.session_state.get(SHELF, {}).pop("/agencies", None)
    st.toast(desk.say(key), icon=":material/check:")
    st.rerun()


MOST_WORDS = {"name_th": 200, "name_en": 200, "contact": 300}
NOTHING: dict[str, Any] = dict.fromkeys((*MOST_WORDS, "region"), "") | {
    "two_person_approval": False,
    "receives": True,
}
