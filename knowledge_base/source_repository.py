"""The tables of added documents. Every row is the shared base's or one agency's."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from knowledge_base.passages import Passage
from knowledge_base.repository import HNSW_DIMENSION, LEAST_EF, SQL, literal
from knowledge_base.words import trigrams, words

Row = RowMapping


def become(session: Session, agency: str) -> None:
    """Say for this transaction whose rows are meant."""
    session.execute(SQL["become"], {"agency": agency})


def agency_exists(session: Session, agency: str) -> bool:
    """Whether there is such an agency."""
    return bool(session.execute(SQL["agency_exists"], {"agency": agency}).scalar_one())


def sources(session: Session, agency: str | None) -> list[Row]:
    """Shared sources and those of an agency, the newest first."""
    return list(session.execute(SQL["sources"], {"agency": agency}).mappings())


def review(
    session: Session, source: str, agency: str | None, decision: str, by: str, reason: str
) -> Row | None:
    """Note the decision; None where there is no such source."""
    given = {"id": source, "agency": agency, "review": decision, "by": by, "reason": reason}
    return session.execute(SQL["review_source"], given).mappings().first()


def remove(session: Session, source: str, agency: str | None) -> bool:
    """Whether there was such a source; it is gone now."""
    done: Any = session.execute(SQL["remove_source"], {"id": source, "agency": agency})
    return bool(done.rowcount)


def source_of_file(session: Session, agency: str | None, sha256: str) -> str | None:
    """The source this very content was added as."""
    given = {"agency": agency, "sha256": sha256}
    found: str | None = session.execute(SQL["source_of_file"], given).scalar()
    return found


def signatures(session: Session, agency: str | None) -> dict[str, NDArray[np.uint32]]:
    """Signatures of the documents a new one is compared with."""
    rows = session.execute(SQL["signatures"], {"agency": agency})
    return {row[0]: np.frombuffer(row[1], np.uint32) for row in rows}


def put_source(session: Session, row: dict[str, Any]) -> bool:
    """Insert a source; False when another process added the same file first."""
    return session.execute(SQL["put_source"], row).first() is not None


def put_passages(
    session: Session, source: str, agency: str | None, passages: Sequence[Passage]
) -> None:
    """Insert the passages of a source with their tokens."""
    rows = [
        {
            "source_id": source,
            "ordinal": ordinal,
            "agency_id": agency,
            "context": p.context,
            "text": p.text,
            "page": p.page,
            "law_title": p.law_title,
            "law_key": p.law_key,
            "section": p.section,
            "words": tokens(words(p.item("").whole)).tobytes(),
            "trigrams": tokens(trigrams(p.item("").whole)).tobytes(),
        }
        for ordinal, p in enumerate(passages)
    ]
    session.execute(SQL["put_passage"], rows)


def put_chunks(
    session: Session,
    source: str,
    agency: str | None,
    model: str,
    places: Iterable[tuple[int, int]],
    vectors: NDArray[np.float32],
) -> None:
    """Insert the vectors of the chunks at ``(ordinal, part)``, row for row."""
    rows = [
        {
            "source_id": source,
            "ordinal": ordinal,
            "part": part,
            "model": model,
            "agency_id": agency,
            "embedding": literal(vector),
        }
        for (ordinal, part), vector in zip(places, vectors, strict=True)
    ]
    session.execute(SQL["put_passage_chunk"], rows)


def is_embedded(session: Session, source: str, model: str) -> bool:
    """Whether a source has vectors of a model."""
    given = {"source": source, "model": model}
    return bool(session.execute(SQL["is_embedded"], given).scalar_one())


def passages_of(session: Session, source: str) -> list[Passage]:
    """The stored passages of a source, in order."""
    rows = session.execute(SQL["passages_of"], {"source": source})
    return [Passage(context=row[1], text=row[2], section=row[3]) for row in rows]


def tokens(found: Iterable[str]) -> NDArray[np.uint32]:
    """Tokens as the 32-bit numbers they are stored as; two share a number once in 4 billion."""
    return np.array([zlib.crc32(token.encode()) for token in found], np.uint32)


def official(session: Session, law: str, sections: list[str]) -> list[Row]:
    """Sections of an act in accepted shared sources, the last accepted of each."""
    return list(session.execute(SQL["official"], {"law_key": law, "sections": sections}).mappings())


@dataclass(frozen=True)
class Tokens:
    """A passage as the lexical legs see it."""

    source: str
    ordinal: int
    section: str | None
    words: bytes
    trigrams: bytes

    @property
    def key(self) -> tuple[str, int]:
        """Source and ordinal."""
        return self.source, self.ordinal


@dataclass(frozen=True)
class Shelved:
    """A passage as a hit shows it."""

    source: str
    ordinal: int
    context: str
    text: str
    page: int | None
    title: str
    kind: str
    review: str
    law_key: str | None
    section: str | None


def shared_state(session: Session) -> str:
    """Changes whenever a shared source is added, reviewed or removed."""
    return str(session.execute(SQL["shared_state"]).scalar_one())


def shared_tokens(session: Session) -> list[Tokens]:
    """Every shared passage that nobody rejected."""
    return _tokens(session, "shared_tokens")


def private_tokens(session: Session) -> list[Tokens]:
    """The passages of the one agency whose rows this transaction may see."""
    return _tokens(session, "private_tokens")


def _tokens(session: Session, name: str) -> list[Tokens]:
    """In the driver's binary form: megabytes of tokens in a tenth of the time text takes."""
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor(binary=True) as cursor:
        cursor.execute(SQL[name].text)
        return [Tokens(*row) for row in cursor]


def passages_at(
    session: Session, keys: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], Shelved]:
    """The passages at ``(source, ordinal)`` as far as this transaction may see them."""
    given = {"sources": [source for source, _ in keys], "ordinals": [n for _, n in keys]}
    found = (Shelved(*row) for row in session.execute(SQL["passages_at"], given))
    return {(p.source, p.ordinal): p for p in found}


def shared_nearest(
    session: Session, model: str, query: NDArray[np.float32], k: int
) -> dict[tuple[str, int], float]:
    """Inner products of the ``k`` nearest shared chunks, by passage."""
    by_index = len(query) == HNSW_DIMENSION
    if by_index:
        session.execute(SQL["scan_wide"], {"ef": str(max(LEAST_EF, k + k // 4))})
    name = "shared_nearest" if by_index else "shared_nearest_exact"
    given = {"model": model, "query": literal(query), "k": k}
    return _best(session.execute(SQL[name], given))


def private_products(
    session: Session, model: str, query: NDArray[np.float32]
) -> dict[tuple[str, int], float]:
    """Inner products with every private chunk row-level security lets through, exactly."""
    given = {"model": model, "query": literal(query)}
    return _best(session.execute(SQL["private_products"], given))


def _best(rows: Iterable[Any]) -> dict[tuple[str, int], float]:
    found: dict[tuple[str, int], float] = {}
    for source, ordinal, score in rows:
        found[source, ordinal] = max(float(score), found.get((source, ordinal), -2.0))
    return found
