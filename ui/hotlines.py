"""Telephone lines: whose, when they answer, and whether anybody confirmed them."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from ui.calendar import day
from ui.desk import Desk, kindly
from ui.marks import chip
from ui.scheme_marks import spelt_out


def draw(desk: Desk) -> None:
    """The list, what nobody confirmed marked."""
    st.caption(desk.say("hotline.hint"))
    with kindly(desk):
        rows = "".join(_row(desk, line) for line in desk.api.get("/hotlines"))
        st.html(f'<ul class="cmis-dated">{rows}</ul>')


def _row(desk: Desk, line: dict[str, Any]) -> str:
    about = (line["about_en"] if desk.lang == "en" else None) or line["about_th"]
    when = line["last_confirmed"]
    state = (
        chip(desk.say("hotline.confirmed", when=day(when, desk.lang)), "rule")
        if when
        else chip(f"⚠ {desk.say('hotline.unconfirmed')}", "inferred")
    )
    told = " · ".join(w for w in (line["agency_th"], line["hours_th"]) if w)
    rest = spelt_out(told, desk.lang)
    return (
        f'<li><span class="cmis-day"><b>{escape(line["number"])}</b></span>'
        f'<span>{escape(about)} <span class="cmis-quiet">{escape(rest)}</span> {state}</span></li>'
    )
