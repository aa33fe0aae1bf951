"""One byte form for each content, so that a hash means the same everywhere."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson


def canonical(content: Any) -> bytes:
    """JSON with sorted keys and no spaces."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def content_hash(content: Any) -> str:
    """sha256 of the canonical form."""
    return hashlib.sha256(canonical(content)).hexdigest()
