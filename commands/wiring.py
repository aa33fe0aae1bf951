"""The one composition root: opens each part once, on first use, and hands it to those who need it.

The command line, the worker and the server are wired here and nowhere else.
"""

from __future__ import annotations

from functools import cached_property

from intake.coding import Coder
from knowledge_base.embedder import Embedder, open_embedder
from knowledge_base.library import Library, load_library
from knowledge_base.loading import LoadReport, Progress, is_loaded, load
from knowledge_base.search import Search
from planner.graph import Planner
from runtime.database import Database, migrate
from runtime.embedded import addresses
from runtime.logs import configure

from runtime.settings import Settings, load_settings


class Wiring:
    """Parts of one process, opened lazily: a verb that needs no database starts none."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @classmethod
    def from_environment(cls) -> Wiring:
        """Parts as the environment's settings say."""
        settings = load_settings()
        configure(settings)
        return cls(settings)

    @cached_property
    def database(self) -> Database:
        """The database, started where it is ours, and migrated."""
        database = Database(addresses(self.settings))
        migrate(database)
        return database

    @cached_property
    def library(self) -> Library:
        """The reviewed knowledge, from its files."""
        return load_library()

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model."""
        return open_embedder(self.settings)

    @cached_property
    def coder(self) -> Coder:
        """Codes narratives."""
        return Coder(self.library, self.embedder)

    @cached_property
    def search(self) -> Search:
        """Searches the loaded knowledge."""
        return Search(self.database, self.library, self.embedder)

    @cached_property
    def planner(self) -> Planner:
        """Drafts assessments and plans."""
        return Planner(self.library, self.search)

    def load_knowledge(self, progress: Progress | None = None) -> LoadReport:
        """Bring the database to the state of the files."""
        return load(self.database, self.library, self.embedder, progress)

    def ensure_knowledge(self, progress: Progress | None = None) -> None:
        """Load the knowledge unless this very version is loaded already."""
        if not is_loaded(self.database, self.library, self.embedder):
            self.load_knowledge(progress)
