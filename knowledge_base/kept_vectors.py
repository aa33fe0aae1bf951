"""Vectors of the shared knowledge kept beside the model, so a second database loads in seconds.

Only reviewed, public entries pass here; nothing of a case is ever kept. The store may be deleted
at any time: what is absent is embedded anew.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge_base.chunking import Chunk
from knowledge_base.embedder import Embedder, Progress, Vectors
from runtime.kept_folders import alone

FILE = "vectors.sqlite"
PATIENCE_S = 60
AT_ONCE = 256
log = logging.getLogger(__name__)
_TABLE = (
    "CREATE TABLE IF NOT EXISTS vectors "
    "(model TEXT, hash TEXT, vector BLOB NOT NULL, PRIMARY KEY (model, hash)) WITHOUT ROWID"
)


@dataclass(frozen=True)
class _Ask:
    """How vectors are made, and under which name they are kept."""

    name: str
    dimension: int
    embed: Callable[[Sequence[str]], Vectors]


class KeptVectors:
    """Vectors by model and by the hash of the text, in a file of ``cache_dir``."""

    def __init__(self, cache_dir: Path) -> None:
        self._file = cache_dir / FILE

    def of(
        self, chunks: Sequence[Chunk], embedder: Embedder, progress: Progress | None = None
    ) -> Vectors:
        """Vectors ``(len(chunks), dimension)``: the kept ones, the rest embedded and kept."""
        keys = [c.content_hash for c in chunks]
        ask = _Ask(embedder.name, embedder.dimension, embedder.passages)
        return self._vectors(keys, [c.text for c in chunks], ask, progress)

    def of_sentences(
        self, sentences: Sequence[str], embedder: Embedder, progress: Progress | None = None
    ) -> Vectors:
        """Vectors ``(len(sentences), dimension)`` of reviewed sentences, embedded as queries."""
        keys = [hashlib.sha256(s.encode()).hexdigest() for s in sentences]
        ask = _Ask(f"{embedder.name} query", embedder.dimension, embedder.queries)
        return self._vectors(keys, sentences, ask, progress)

    def _vectors(
        self, keys: list[str], texts: Sequence[str], ask: _Ask, progress: Progress | None
    ) -> Vectors:
        """As `_joined`; a damaged store is begun anew. One that is only busy is left alone."""
        try:
            return self._joined(keys, texts, ask, progress)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            log.warning("knowledge.kept_vectors_unreadable", extra={"reason": str(error)})
            self._begin_anew()
            return self._joined(keys, texts, ask, progress)

    def _joined(
        self, keys: list[str], texts: Sequence[str], ask: _Ask, progress: Progress | None
    ) -> Vectors:
        with closing(self._open()) as store:
            kept = self._kept(store, ask)
            if not kept.keys() >= set(keys):
                # What another process is embedding now is waited for, not embedded twice.
                with alone(self._file.with_suffix(".lock")):
                    kept = self._kept(store, ask)
                    wanted = {k: t for k, t in zip(keys, texts, strict=True) if k not in kept}
                    kept |= self._embedded(store, wanted, ask, progress)
        found = [kept[key] for key in keys]
        return np.stack(found) if found else np.zeros((0, ask.dimension), np.float32)

    def _embedded(
        self,
        store: sqlite3.Connection,
        wanted: dict[str, str],
        ask: _Ask,
        progress: Progress | None,
    ) -> dict[str, Vectors]:
        """Vectors of the ``wanted`` texts by key, each batch kept as soon as it is made."""
        fresh = list(wanted.items())
        embedded: dict[str, Vectors] = {}
        for start in range(0, len(fresh), AT_ONCE):
            part = fresh[start : start + AT_ONCE]
            made = ask.embed([text for _, text in part])
            new = {key: row for (key, _), row in zip(part, made, strict=True)}
            self._keep(store, ask.name, new)
            embedded |= new
            if progress:
                progress((start + len(part)) / len(fresh), "")
        return embedded

    def _open(self) -> sqlite3.Connection:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        store = sqlite3.connect(self._file, timeout=PATIENCE_S)
        try:
            store.execute(_TABLE)
        except sqlite3.Error:
            store.close()
            raise
        return store

    def _begin_anew(self) -> None:
        """Drop the store, unless another process has done so in the meantime."""
        with alone(self._file.with_suffix(".lock")):
            if not self._is_sound():
                for file in (self._file, self._file.with_name(f"{FILE}-journal")):
                    file.unlink(missing_ok=True)

    def _is_sound(self) -> bool:
        try:
            with closing(self._open()) as store:
                return bool(store.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            return False

    def _kept(self, store: sqlite3.Connection, ask: _Ask) -> dict[str, Vectors]:
        rows = store.execute("SELECT hash, vector FROM vectors WHERE model = ?", [ask.name])
        read = ((key, np.frombuffer(blob, np.float32)) for key, blob in rows)
        return {key: vector for key, vector in read if len(vector) == ask.dimension}

    def _keep(self, store: sqlite3.Connection, model: str, vectors: dict[str, Vectors]) -> None:
        rows = [
            (model, key, vector.astype(np.float32).tobytes()) for key, vector in vectors.items()
        ]
        with store:
            store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
