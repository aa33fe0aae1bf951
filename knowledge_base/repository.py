"""The knowledge base's tables: the only place of this room that speaks SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from knowledge_base.chunking import Chunk
from knowledge_base.entries import Entry
from runtime.sql import statements

SQL = statements("knowledge_base")
HNSW_DIMENSION = 384
LEAST_EF, MOST_EF = 100, 1000


@dataclass(frozen=True)
class Near:
    """A chunk and its inner product with the query."""

    entry_id: str
    ordinal: int
    score: float


@dataclass(frozen=True)
class Stored:
    """A chunk's vector and the hash of the text it was made from."""

    entry_id: str
    ordinal: int
    content_hash: str
    vector: NDArray[np.float32]


def last_load(session: Session) -> tuple[str, str] | None:
    """Library version and model of the newest load."""
    row = session.execute(SQL["last_load"]).first()
    return (row[0], row[1]) if row else None


def chunk_hashes(session: Session, model: str) -> dict[tuple[str, int], str]:
    """Content hashes of the stored chunks of a model."""
    rows = session.execute(SQL["chunk_hashes"], {"model": model})
    return {(row[0], row[1]): row[2] for row in rows}


def put_entries(session: Session, entries: Iterable[Entry]) -> None:
    """Insert or renew entries."""
    rows = [
        {
            "id": e.id,
            "kind": e.kind.value,
            "title": e.title_th,
            "context": e.context_th,
            "text": e.text_th,
            "confidence": e.confidence.value,
            "sources": orjson.dumps([s.model_dump() for s in e.sources]).decode(),
            "effective_from": e.effective_from,
            "effective_to": e.effective_to,
            "content_hash": e.content_hash,
        }
        for e in entries
    ]
    session.execute(SQL["put_entry"], rows)


def put_chunks(
    session: Session, model: str, chunks: list[Chunk], vectors: NDArray[np.float32]
) -> None:
    """Insert or renew chunks with their vectors, row for row."""
    rows = [
        {
            "entry_id": c.entry_id,
            "ordinal": c.ordinal,
            "model": model,
            "text": c.text,
            "content_hash": c.content_hash,
            "embedding": literal(v),
        }
        for c, v in zip(chunks, vectors, strict=True)
    ]
    if rows:
        session.execute(SQL["put_chunk"], rows)


def drop_others(session: Session, model: str, ids: list[str], stale: list[tuple[str, int]]) -> None:
    """Remove entries not in ``ids`` and the stale chunks."""
    session.execute(SQL["drop_entries_but"], {"ids": ids})
    for entry_id, ordinal in stale:
        session.execute(
            SQL["drop_chunk"], {"model": model, "entry_id": entry_id, "ordinal": ordinal}
        )


def note_load(session: Session, version: str, model: str, entries: int, chunks: int) -> None:
    """Remember what is loaded now."""
    session.execute(
        SQL["note_load"],
        {"library_version": version, "model": model, "entries": entries, "chunks": chunks},
    )


def nearest(
    session: Session, model: str, query: NDArray[np.float32], k: int, *, exact: bool
) -> list[Near]:
    """The ``k`` chunks with the largest inner product; by HNSW unless ``exact``."""
    by_index = not exact and len(query) == HNSW_DIMENSION
    if by_index:
        session.execute(SQL["scan_wide"], {"ef": str(max(LEAST_EF, min(k + k // 4, MOST_EF)))})
    rows = session.execute(
        SQL["nearest" if by_index else "nearest_exact"],
        {"model": model, "query": literal(query), "k": k},
    )
    return [Near(row[0], row[1], float(row[2])) for row in rows]


def nearest_of(
    session: Session, model: str, query: NDArray[np.float32], k: int, ids: list[str]
) -> list[Near]:
    """The ``k`` nearest chunks of the entries ``ids``, exactly."""
    given = {"model": model, "query": literal(query), "k": k, "ids": ids}
    rows = session.execute(SQL["nearest_of"], given)
    return [Near(row[0], row[1], float(row[2])) for row in rows]


def vectors(session: Session, model: str) -> list[Stored]:
    """Every stored vector of a model."""
    rows = session.execute(SQL["vectors"], {"model": model})
    return [Stored(row[0], row[1], row[2], _unpacked(row[3])) for row in rows]


def _unpacked(sent: bytes) -> NDArray[np.float32]:
    """A vector as pgvector sends it: two 16-bit numbers, then big-endian floats."""
    return np.frombuffer(sent, ">f4", offset=4).astype(np.float32)


def count_chunks(session: Session, model: str) -> int:
    """How many chunks of a model there are."""
    return int(session.execute(SQL["count_chunks"], {"model": model}).scalar_one())


def literal(vector: NDArray[np.float32]) -> str:
    """A vector as pgvector reads it."""
    return "[" + ",".join(f"{x:.7g}" for x in vector.tolist()) + "]"
