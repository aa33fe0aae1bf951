"""What offices agreed on for casework, read from reviewed files of ``cases/data``."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def casebook(noun: str) -> dict[str, Any]:
    """The content of ``cases/data/<noun>.yaml``."""
    file = resources.files("cases").joinpath("data", f"{noun}.yaml")
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content


def listed(noun: str, key: str) -> dict[str, dict[str, Any]]:
    """A list of the file by the ids of its rows."""
    return {row["id"]: row for row in casebook(noun)[key]}
