"""The script of the pages: the quick way out, keys of the review, words kept as written, changes
shown as they happen, words of Streamlit's own parts.
"""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from ui import frame_marks, live, widget_words
from ui.desk import Desk

SCRIPT = Path(__file__).with_name("keys.js").read_text(encoding="utf-8")
STATES = ("writing", "kept", "waits", "ended")


def listen(desk: Desk) -> None:
    """Put the script and the way out on the page; in a page it runs once."""
    words = {state: desk.say(f"kept.{state}") for state in STATES}
    script = SCRIPT.replace("__WORDS__", json.dumps(words, ensure_ascii=False))
    script = script.replace("__IDLE__", str(float(desk.me.get("idle_minutes", 0))))
    script = script.replace("__WHO__", json.dumps(desk.me["id"]))
    with st.container(key="frame"):  # takes no room: see style.css
        st.html(frame_marks.leave(desk.say("leave"), desk.say("leave.keys")))
        script += live.SCRIPT + widget_words.script(desk.lang)
        st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
