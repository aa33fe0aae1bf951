"""The colour of quiet words for what is drawn, not styled: plots, the graph of a household."""

from __future__ import annotations

import streamlit as st

QUIET = {"light": "#5c6664", "dark": "#a5b0ad"}  # --quiet of style.css


def quiet() -> str:
    """The colour on the paper the person sees now."""
    return QUIET["dark" if st.context.theme.type == "dark" else "light"]
