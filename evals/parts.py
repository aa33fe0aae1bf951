"""What an evaluation measures: the parts of the product, opened by whoever wires them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from intake.coding import Coder
from knowledge_base.embedder import Embedder
from knowledge_base.library import Library
from planner.graph import Planner
from runtime.settings import Settings

Step = Callable[[float, str], None]


class Parts(Protocol):
    """The parts an engine is made of; each is opened on first use."""

    @property
    def settings(self) -> Settings:
        """What the office has set."""
        ...

    @property
    def library(self) -> Library:
        """The reviewed knowledge."""
        ...

    @property
    def embedder(self) -> Embedder:
        """The embedding model."""
        ...

    @property
    def coder(self) -> Coder:
        """Codes narratives."""
        ...

    @property
    def planner(self) -> Planner:
        """Drafts assessments and plans."""
        ...

    def ensure_knowledge(self) -> None:
        """Load the knowledge into the database, unless it is loaded."""
        ...


Open = Callable[[], Parts]
