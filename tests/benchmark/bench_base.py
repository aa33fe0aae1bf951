"""A database filled with one corpus for the benchmark, and our search over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import psycopg
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from evals.beir import BeirSet
from knowledge_base import repository
from knowledge_base.chunking import Chunk, Item, chunks
from knowledge_base.embedder import Vectors
from knowledge_base.entries import Confidence, Entry, Kind
from knowledge_base.library import Library, load_library
from knowledge_base.search import Search
from knowledge_base.words import words
from runtime.database import Database, migrate
from runtime.embedded import EmbeddedPostgres

MODEL = "bench"
INDEX = "kb_chunks_384"


class Row(Entry):
    """A corpus row as an entry; ``sections`` as a law entry has them."""

    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """The judged questions with one given vector each."""

    judged: BeirSet
    vectors: Vectors

    @property
    def by_text(self) -> dict[str, Vectors]:
        """The vector of each question."""
        return dict(zip(self.judged.questions.values(), self.vectors, strict=True))


class GivenVectors:
    """Stands where the embedder does: every side of the comparison is given the same vectors."""

    name = MODEL

    def __init__(self, vectors: dict[str, Vectors]) -> None:
        self.query = vectors.__getitem__


@contextmanager
def database(server: EmbeddedPostgres, name: str) -> Iterator[Database]:
    """A migrated, empty database, dropped at the end."""
    with closing(_owner(server)) as owner:
        owner.execute(f"CREATE DATABASE {name}")
    made = Database(server.addresses(name))
    migrate(made)
    try:
        yield made
    finally:
        made.close()
        with closing(_owner(server)) as owner:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


def fill(made: Database, items: Sequence[Item], vectors: Vectors, *, segmented: bool) -> None:
    """Store items and chunks; the vector index is built once they are in."""
    url = make_url(made.addresses.owner_url)
    cut = [c for item in items for c in chunks(item)]
    with Session(made.owner_engine) as session, session.begin():
        repository.put_entries(session, [_row(item) for item in items])
    with psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname=url.database, autocommit=True
    ) as owner:
        definition = owner.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = %s", (INDEX,)
        ).fetchone()
        assert definition
        owner.execute(f"DROP INDEX {INDEX}")
        _copy(owner, cut, vectors)
        owner.execute("SET maintenance_work_mem = '1GB'")
        owner.execute(definition[0])
        owner.execute("CREATE TABLE bench_words (entry_id text, ordinal int, words text)")
        with owner.cursor().copy("COPY bench_words FROM STDIN") as copy:
            for c in cut:
                copy.write_row(
                    (c.entry_id, c.ordinal, " ".join(words(c.text)) if segmented else "")
                )
        owner.execute("ANALYZE")


def our_search(made: Database, asked: Asked, items: Sequence[Item]) -> Search:
    """The product's search over the corpus; its lexical indexes are built on first use."""
    library: Library = replace(load_library(), entries={i.id: _row(i) for i in items})
    return Search(made, library, GivenVectors(asked.by_text))  # type: ignore[arg-type]


def copies(
    items: Sequence[Item], vectors: Vectors, count: int, seed: int = 0
) -> tuple[list[Item], Vectors]:
    """At least ``count`` chunks: the corpus again and again, its vectors turned a little."""
    sizes = [len(chunks(item)) for item in items]
    made, parts = list(items), [vectors]
    rng = np.random.default_rng(seed)
    times = -(-count // sum(sizes))
    for n in range(1, times):
        made += [replace(item, id=f"{item.id}~{n}") for item in items]
        noise = rng.normal(scale=0.25 / vectors.shape[1] ** 0.5, size=vectors.shape)
        turned = vectors + noise.astype(np.float32)
        parts.append(turned / np.linalg.norm(turned, axis=1, keepdims=True))
    ends = np.cumsum(sizes * times)
    kept = int(np.searchsorted(ends, count)) + 1
    return made[:kept], np.concatenate(parts)[: ends[kept - 1]]


def address_of(made: Database) -> str:
    """The owner's address, as other programs take it."""
    return made.addresses.owner_url


def socket_folder(made: Database) -> Path:
    """Where the server listens."""
    return Path(str(make_url(made.addresses.owner_url).query["host"]))


def _row(item: Item) -> Row:
    return Row(
        id=item.id,
        kind=Kind.LAW,
        title_th=item.context,
        text_th=item.text,
        context_th=item.context,
        confidence=Confidence.STATUTE,
        sections=item.sections,
    )


def _copy(owner: psycopg.Connection[tuple[object, ...]], cut: Sequence[Chunk], v: Vectors) -> None:
    columns = "entry_id, ordinal, model, text, content_hash, embedding"
    with owner.cursor().copy(f"COPY kb_chunks ({columns}) FROM STDIN") as copy:
        for c, vector in zip(cut, v, strict=True):
            copy.write_row(
                (c.entry_id, c.ordinal, MODEL, c.text, c.content_hash, repository.literal(vector))
            )


def _owner(server: EmbeddedPostgres) -> psycopg.Connection[tuple[object, ...]]:
    url = make_url(server.addresses("postgres").owner_url)
    return psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname=url.database, autocommit=True
    )
