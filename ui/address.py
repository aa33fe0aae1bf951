"""The address of the page a person is at, and of the one they asked for."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlencode, urlsplit

import streamlit as st


def asked() -> str:
    """The name in the address that was asked for; empty at the root, or where nobody knows."""
    path = urlsplit(st.context.url or "").path
    return unquote(path.rstrip("/").rpartition("/")[2]).strip()


def here() -> str:
    """Where the person is, with what the address says of it: ``/case?case=…&part=…``."""
    query = urlencode(st.query_params.to_dict())
    return f"/{quote(asked())}" + (f"?{query}" if query else "")
