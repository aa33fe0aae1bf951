"""What a process stands on before there is a record: database, knowledge, models, planner.

Each part is opened once, on first use, so that a verb that needs no database starts none. The
record's parts are `commands.wiring`; only the composition root opens anything.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from functools import cached_property

from intake.coding import CODES, Coder
from intake.learning import FlagReader, SentenceReader
from intake.privacy import Masker
from intake.sound import Limits
from intake.speech import Listener, open_recogniser
from intake.vault import Vault
from knowledge_base.embedder import Embedder, open_embedder
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.library import Library, load_library
from knowledge_base.loading import LoadReport, Progress, chunks_of, is_loaded, load
from knowledge_base.office_search import OfficeSearch
from knowledge_base.official import OfficialTexts
from knowledge_base.reranker import open_reranker
from knowledge_base.search import Search
from planner.chat_model import ChatEngine, open_chat
from planner.code_vote import open_vote
from planner.entailment import open_entailment
from planner.graph import Planner
from runtime.database import Database, open_database
from runtime.errors import PartMissing
from runtime.messages import sentence
from runtime.settings import Settings, SettingsIncomplete

log = logging.getLogger(__name__)
OPENED = ExitStack()
"""What this process opened and must close when its command ends."""


class Engines:
    """Parts of one process that know no case."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        OPENED.callback(self.close)

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
        """Codes narratives. Red flags are found without the embedding model, too."""
        reader = self._reader()
        flags, without = FlagReader(self.settings.cache_dir), () if reader else (CODES,)
        voter = open_vote(self.settings, Masker().mask)
        return Coder(self.library, reader, flags, without, voter)

    def _reader(self) -> SentenceReader | None:
        embedder = self.embedder_or_none
        return SentenceReader(embedder, self.settings.cache_dir) if embedder else None

    @cached_property
    def embedder_or_none(self) -> Embedder | None:
        """The embedding model; without one a story is still coded, searched for by none."""
        try:
            return self.embedder
        except PartMissing as missing:
            log.warning("coding.by_rules_alone", extra={"reason": missing.code})
            return None

    @cached_property
    def listener(self) -> Listener:
        """Transcribes recordings; opens its model when it first hears one."""
        return Listener(open_recogniser(self.settings), Limits.of(self.settings))

    @cached_property
    def secret(self) -> str:
        """The installation's secret."""
        if self.settings.secret_key is None:
            raise SettingsIncomplete
        return self.settings.secret_key.get_secret_value()

    @cached_property
    def vault(self) -> Vault:
        """Seals what placeholders stand for, with the installation's key."""
        return Vault(self.secret.encode())

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
    def planner(self) -> Planner:
        """Drafts assessments and plans."""
        search = self.search if self.embedder_or_none else None
        entailment = open_entailment(self.settings)
        return Planner(self.library, search, self.chat, self.official.of, entailment)

    @cached_property
    def official(self) -> OfficialTexts:
        """The law's own texts an office has added."""
        return OfficialTexts(self.database, self.library)

    def close(self) -> None:
        """End the database's connections, if any were opened."""
        if "database" in self.__dict__:
            self.database.close()

    def load_knowledge(self, progress: Progress | None = None) -> LoadReport:
        """Bring the database to the state of the files."""
        kept = KeptVectors(self.settings.cache_dir)
        return load(self.database, self.library, self.embedder, progress, kept)

    def ensure_knowledge(self, progress: Progress | None = None) -> None:
        """Load the knowledge unless this very version is loaded; have the coder learned.

        Raises what `open_embedder` raises.
        """
        if not is_loaded(self.database, self.library, self.embedder):
            self.load_knowledge(progress)
        self.prepare_coder(progress)

    def prepare_coder(self, progress: Progress | None = None) -> None:
        """Have the coder learned, the bar saying so."""

        def learning(share: float, _: str) -> None:
            if progress:
                progress(share, sentence("coding.learning"))

        self.coder.prepare(learning)

    def prepare(self, progress: Progress | None = None) -> None:
        """Unpack the models and keep all vectors in the cache folder; no database is needed."""
        kept = KeptVectors(self.settings.cache_dir)
        kept.of(chunks_of(self.library), self.embedder, progress)
        self.prepare_coder(progress)
