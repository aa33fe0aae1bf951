"""Parts of a page that show what colleagues change as it happens.

Such a part is a fragment with a hidden button. The pages' script (``live.js``) presses it when the
stream of the API tells of what the part is drawn from, and the part is drawn anew; nothing else of
the page is, so words half typed and the place on the page stay. Without the stream the part's
timer reads anew.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.desk import Desk

SCRIPT = Path(__file__).with_name("live.js").read_text(encoding="utf-8")
REFRESH_S = 60.0


def drawn_from(desk: Desk, *kinds: str) -> None:
    """The part that holds this is drawn anew when one of ``case`` or ``notice`` comes."""
    st.button(desk.say("room.again"), key=f"live_{'_'.join(kinds)}")
