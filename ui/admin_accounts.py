"""Accounts: who signs in, in which role for which agency; made, changed, locked, reset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import admin_marks
from ui.client import Refused
from ui.desk import Desk, kindly

OPENED = "admin_account"
ONCE = "admin_password"
MADE = "admin_accounts_made"  # a new form after each account
ROLES = (
    "social_worker_province",
    "social_worker_shelter",
    "prosecutor_youth_family",
    "coordination_centre_subdistrict",
    "supervisor",
    "partner_officer",
    "mdt_member",
    "researcher",
    "auditor",
    "administrator",
)
MOST = 40


def show(desk: Desk) -> None:
    """A password told once, the form for a new account, the list."""
    found = desk.api.get("/admin/accounts")
    agencies = {a["id"]: a[f"name_{desk.lang}"] for a in found["agencies"]}
    _told_once(desk)
    _new(desk, agencies)
    words = st.text_input(desk.say("admin.find"), key="admin_find").strip().lower()
    rows = [a for a in found["accounts"] if words in f"{a['name']} {a['login']}".lower()]
    for account in rows[:MOST]:
        with st.container(border=True):
            _one(desk, account, agencies)
    if len(rows) > MOST:
        st.caption(desk.say("admin.more_accounts", count=len(rows) - MOST))


def _told_once(desk: Desk) -> None:
    once = st.session_state.get(ONCE)
    if not once:
        return
    st.success(desk.say("admin.once", login=once["login"]), icon=":material/key:")
    st.code(once["password"], language=None)
    if st.button(desk.say("admin.once_done"), key="once_done"):
        del st.session_state[ONCE]
        st.rerun()


def _new(desk: Desk, agencies: Mapping[str, str]) -> None:
    drawer = st.expander(
        f"**{desk.say('admin.new')}**",
        key="admin_new",
        on_change="rerun",
        icon=":material/person_add:",
    )
    if not drawer.open:
        return
    with drawer:
        form = f"new-{st.session_state.get(MADE, 0)}"
        login = st.text_input(desk.say("admin.login"), key=f"login-{form}", max_chars=100).strip()
        st.caption(desk.say("admin.login_hint"))
        account = _fields(desk, {}, agencies, form)
        ready = bool(login and account["name"])
        if st.button(desk.say("admin.make"), type="primary", disabled=not ready):
            _once(desk, login, "/admin/accounts", account | {"login": login})


def _one(desk: Desk, account: dict[str, Any], agencies: Mapping[str, str]) -> None:
    opened = st.session_state.get(OPENED) == account["id"]
    words, way = st.columns([4, 1], vertical_alignment="center")
    words.html(admin_marks.account(account, agencies, desk.lang))
    if account["id"] == desk.me["id"]:
        way.caption(desk.say("admin.oneself"))
        return
    label = desk.say("documents.fold" if opened else "admin.change")
    if way.button(label, key=f"account-{account['id']}", width="stretch"):
        st.session_state[OPENED] = None if opened else account["id"]
        st.rerun()
    if opened:
        _change(desk, account, agencies)


def _change(desk: Desk, account: dict[str, Any], agencies: Mapping[str, str]) -> None:
    where = f"/admin/accounts/{account['id']}"
    fields = _fields(desk, account, agencies, account["id"])
    with st.container(horizontal=True, gap="small"):
        if st.button(desk.say("save"), type="primary", key="account_save"):
            _put(desk, where, fields | {"active": account["active"]})
        word, icon = ("lock", "lock") if account["active"] else ("open", "lock_open")
        lock = desk.say(f"admin.{word}")
        if st.button(lock, key="account_lock", icon=f":material/{icon}:"):
            _put(desk, where, fields | {"active": not account["active"]})
        if st.button(desk.say("admin.reset"), key="account_reset", icon=":material/key:"):
            _once(desk, account["login"], f"{where}/password", None)
    st.caption(desk.say("admin.lock_hint"))


def _fields(
    desk: Desk, account: Mapping[str, Any], agencies: Mapping[str, str], key: str
) -> dict[str, Any]:
    name = st.text_input(
        desk.say("admin.name"), account.get("name", ""), key=f"name-{key}", max_chars=200
    )
    left, right = st.columns(2)
    role = left.selectbox(
        desk.say("admin.role"),
        ROLES,
        index=ROLES.index(account.get("role", ROLES[0])),
        format_func=desk.role,
        key=f"role-{key}",
    )
    ids = list(agencies)
    agency = right.selectbox(
        desk.say("admin.agency"),
        ids,
        index=ids.index(account["agency_id"]) if account else 0,
        format_func=lambda a: agencies[a],
        key=f"agency-{key}",
    )
    return {
        "name": name.strip(),
        "role": role,
        "agency_id": agency,
        "profession": account.get("profession"),
    }


def _put(desk: Desk, where: str, body: dict[str, Any]) -> None:
    with kindly(desk):
        desk.api.put(where, body)
        st.session_state[OPENED] = None
        st.toast(desk.say("admin.kept"), icon=":material/check:")
        st.rerun()


def _once(desk: Desk, login: str, where: str, body: Any) -> None:
    try:
        made = desk.api.post(where, body)
    except Refused as refused:
        desk.refuse(refused)
        return
    st.session_state[ONCE] = {"login": login, "password": made["password"]}
    st.session_state[OPENED] = None
    st.session_state[MADE] = st.session_state.get(MADE, 0) + 1
    st.rerun()
