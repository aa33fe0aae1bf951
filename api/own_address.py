"""Where a sign-in leads: back to a page of ours that was asked for, and nowhere else."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

FIRST = "/"
LONGEST = 2000
PAGE = re.compile(r"/[a-z][a-z_]{0,40}")
NO_PAGES = frozenset({"/api", "/app", "/login", "/logout", "/away"})


def own(wanted: str) -> str:
    """``wanted`` where it is the address of a page with its query, else the first page's.

    Another scheme or host, a path of several parts or with signs in it is no page of ours; the
    query is written anew, so that nothing in it ends a header or an attribute.
    """
    try:
        parts = urlsplit(wanted[:LONGEST])
    except ValueError:
        return FIRST
    elsewhere = parts.scheme or parts.netloc or parts.path in NO_PAGES
    if elsewhere or not PAGE.fullmatch(parts.path):
        return FIRST
    query = urlencode(parse_qsl(parts.query, keep_blank_values=True))
    return f"{parts.path}?{query}" if query else parts.path
