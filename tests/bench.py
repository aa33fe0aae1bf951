"""Parts of the evaluation without a database and without a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from intake.coding import Coder
from knowledge_base.library import Library, load_library
from planner.graph import Planner
from runtime.settings import load_settings


class Bench:
    """The library, a coder by rules and the composer; ``embedder`` is the test's own."""

    def __init__(self, cache: Path | None = None, embedder: Any = None) -> None:
        self.settings: Any = load_settings(cache_dir=cache) if cache else None
        self.embedder = embedder

    @property
    def library(self) -> Library:
        return load_library()

    @property
    def coder(self) -> Coder:
        return Coder(load_library())

    @property
    def planner(self) -> Planner:
        return Planner(load_library())

    def ensure_knowledge(self) -> None:
        """Nothing to load."""
