"""Vectors of the shared knowledge kept beside the model, so a second database loads in seconds.

Only reviewed, public entries pass here; nothing of a case is ever kept. The store may be deleted
at any time: what is absent is embedded anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from knowledge_base.chunking import Chunk
from knowledge_base.embedder import Embedder, Progress, Vectors

FILE = "vectors.sqlite"
PATIENCE_S = 60
AT_ONCE = 256
_TABLE = (
    "CREATE TABLE IF NOT EXISTS vectors "
    "(model TEXT, hash TEXT, vector BLOB NOT NULL, PRIMARY KEY (model, hash)) WITHOUT ROWID"
)


class KeptVectors:
    """Vectors by model and by the hash of the text, in a file of ``cache_dir``."""

    def __init__(self, cache_dir: Path) -> None:
        self._file = cache_dir / FILE

    def of(
        self, chunks: Sequence[Chunk], embedder: Embedder, progress: Progress | None = None
    ) -> Vectors:
        """Vectors ``(len(chunks), dimension)``: the kept ones, the rest embedded and kept."""
        with closing(self._open()) as store:
            kept = self._kept(store, embedder)
            fresh = [c for c in chunks if c.content_hash not in kept]
            for start in range(0, len(fresh), AT_ONCE):
                part = fresh[start : start + AT_ONCE]
                made = embedder.passages([c.text for c in part])
                new = {c.content_hash: row for c, row in zip(part, made, strict=True)}
                self._keep(store, embedder.name, new)
                kept |= new
                if progress:
                    progress((start + len(part)) / len(fresh), "")
        found = [kept[c.content_hash] for c in chunks]
        return np.stack(found) if found else np.zeros((0, embedder.dimension), np.float32)

    def _open(self) -> sqlite3.Connection:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        store = sqlite3.connect(self._file, timeout=PATIENCE_S)
        try:
            store.execute(_TABLE)
        except sqlite3.DatabaseError:
            store.close()
            self._file.unlink(missing_ok=True)
            store = sqlite3.connect(self._file, timeout=PATIENCE_S)
            store.execute(_TABLE)
        return store

    def _kept(self, store: sqlite3.Connection, embedder: Embedder) -> dict[str, Vectors]:
        rows = store.execute("SELECT hash, vector FROM vectors WHERE model = ?", [embedder.name])
        size = embedder.dimension
        read = ((key, np.frombuffer(blob, np.float32)) for key, blob in rows)
        return {key: vector for key, vector in read if len(vector) == size}

    def _keep(self, store: sqlite3.Connection, model: str, vectors: dict[str, Vectors]) -> None:
        rows = [
            (model, key, vector.astype(np.float32).tobytes()) for key, vector in vectors.items()
        ]
        with store:
            store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
