"""The one composition root: opens each part once, on first use, and hands it to those who need it.

The command line, the worker and the server are wired here and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from api.routes import install
from api.services import Services
from cases.accounts import Accounts
from cases.approval import Approval
from cases.drafting import TASK, Drafting, DraftTask
from cases.intake import CaseFiles
from cases.integrity import Integrity
from cases.recordings import Recordings, SoundArchive
from cases.review import Review
from cases.transcribing import TASK as TRANSCRIBE
from cases.transcribing import TranscribeTask
from cases.transcripts import Transcripts
from intake.coding import Coder
from intake.learning import SentenceReader
from intake.privacy import Masker
from intake.sound import Limits
from intake.speech import Listener, open_recogniser
from intake.vault import Vault
from knowledge_base.embedder import Embedder, open_embedder
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.library import Library, load_library
from knowledge_base.loading import LoadReport, Progress, is_loaded, load
from knowledge_base.office_search import OfficeSearch
from knowledge_base.official import OfficialTexts
from knowledge_base.reranker import open_reranker
from knowledge_base.search import Search
from planner.chat_model import ChatEngine, open_chat
from planner.graph import Planner
from runtime.database import Database, open_database
from runtime.jobs import JobQueue, Task, Worker
from runtime.logs import configure
from runtime.settings import Settings, SettingsIncomplete, load_settings

OPENED = ExitStack()
"""What this process opened and must close when its command ends."""
HANDS = 3  # jobs at once in one worker: an hour's recording must not keep drafts waiting
PAGES = Path(__file__).parents[1] / "ui" / "app.py"


class Wiring:
    """Parts of one process, opened lazily: a verb that needs no database starts none."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        OPENED.callback(self.close)

    @classmethod
    def from_environment(cls, *, server: bool = False) -> Wiring:
        """Parts as the environment's settings say."""
        settings = load_settings()
        configure(settings, server=server)
        return cls(settings)

    @cached_property
    def database(self) -> Database:
        """The database: started where it is ours, migrated, its role verified."""
        return open_database(self.settings)

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
        reader = SentenceReader(self.embedder, self.settings.cache_dir)
        return Coder(self.library, reader)

    @cached_property
    def listener(self) -> Listener:
        """Transcribes recordings; opens its model when it first hears one."""
        return Listener(open_recogniser(self.settings), Limits.of(self.settings))

    @cached_property
    def sounds(self) -> SoundArchive:
        """Keeps recordings, sealed with the installation's key."""
        if self.settings.secret_key is None:
            raise SettingsIncomplete
        secret = self.settings.secret_key.get_secret_value()
        return SoundArchive(self.settings.data_dir / "audio", secret)

    @cached_property
    def search(self) -> Search:
        """Searches the loaded knowledge."""
        return Search(self.database, self.library, self.embedder, open_reranker(self.settings))

    @cached_property
    def office_search(self) -> OfficeSearch:
        """Searches the loaded knowledge and what offices added."""
        return OfficeSearch(self.database, self.library, self.search, self.embedder.name)

    @cached_property
    def chat(self) -> ChatEngine | None:
        """The configured chat model, behind masking; None when none is set."""
        return open_chat(self.settings, Masker().mask)

    @cached_property
    def vault(self) -> Vault:
        """Seals what placeholders stand for, with the installation's key."""
        if self.settings.secret_key is None:
            raise SettingsIncomplete
        return Vault(self.settings.secret_key.get_secret_value().encode())

    @cached_property
    def planner(self) -> Planner:
        """Drafts assessments and plans."""
        return Planner(self.library, self.search, self.chat, self.official.of)

    @cached_property
    def official(self) -> OfficialTexts:
        """The law's own texts an office has added."""
        return OfficialTexts(self.database, self.library)

    @cached_property
    def services(self) -> Services:
        """What the routers call."""
        return Services(
            settings=self.settings,
            library=self.library,
            search=self.office_search,
            accounts=Accounts(self.database, self.settings.session_hours),
            files=CaseFiles(self.database, self.library, self.coder, self.embedder),
            drafting=Drafting(self.database),
            review=Review(self.database, self.library),
            approval=Approval(self.database),
            integrity=Integrity(self.database),
            recordings=Recordings(self.database, self.sounds, self.listener),
            transcripts=Transcripts(self.database),
            pings=self._pings(),
        )

    def _pings(self) -> dict[str, Callable[[], object]]:
        return {
            "database": self.database.ping,
            "embedding": lambda: self.embedder.dimension,
            "knowledge": lambda: self.library.version,
        }

    def close(self) -> None:
        """End the database's connections, if any were opened."""
        if "database" in self.__dict__:
            self.database.close()

    def load_knowledge(self, progress: Progress | None = None) -> LoadReport:
        """Bring the database to the state of the files."""
        kept = KeptVectors(self.settings.cache_dir)
        return load(self.database, self.library, self.embedder, progress, kept)

    def ensure_knowledge(self, progress: Progress | None = None) -> None:
        """Load the knowledge unless this very version is loaded; have the coder learned."""
        if not is_loaded(self.database, self.library, self.embedder):
            self.load_knowledge(progress)
        self.coder.prepare(progress)

    def worker(self) -> Worker:
        """A worker for every task of the product."""
        task = DraftTask(self.database, self.library, self.planner, self.vault)
        hearing = TranscribeTask(self.database, self.sounds, self.listener)
        tasks: dict[str, Task] = {TASK: task, TRANSCRIBE: hearing}
        return JobQueue(self.database).worker(tasks, concurrency=HANDS)

    def application(self) -> FastAPI:
        """The one ASGI application: the API, and the pages mounted at its root."""
        import streamlit

        os.environ["CMIS_API_URL"] = f"http://{self.settings.host}:{self.settings.port}"
        pages: Any = streamlit.App(PAGES)
        app = FastAPI(
            title="CMIS Planner",
            version="1",
            lifespan=pages.lifespan(),
            docs_url="/api/docs",
            redoc_url=None,
            openapi_url="/api/openapi.json",
        )
        install(app, self.services)
        app.mount("/", pages)
        return app
