"""Adds documents of an office: one transaction a document, and one that fails stops no other.

A file is known by its content: what is loaded already is skipped, so a batch that was killed is
simply run again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from knowledge_base import near_duplicates
from knowledge_base import source_repository as repository
from knowledge_base.add_report import Added, AddReport, Failed
from knowledge_base.chunking import Chunk, chunks
from knowledge_base.embedder import Embedder, Vectors
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.passages import Passage, cut
from knowledge_base.reading import KINDS, media_type
from knowledge_base.reading_apart import read_apart
from knowledge_base.reading_errors import FileMissing, FileTooLarge
from knowledge_base.sources import owning
from runtime.database import Database
from runtime.errors import CmisError

MB = 1_000_000
READ_SHARE = 0.1
Progress = Callable[[float, str], None]
Within = Callable[[Session, Added, bool], None]


class Shelf:
    """Where documents are added: the shared base, or one agency's own.

    ``kept`` spares a large file that was interrupted its embedding; private text never goes there.
    """

    def __init__(
        self,
        database: Database,
        embedder: Embedder,
        *,
        agency: str | None,
        by: str,
        most_mb: float,
        kept: KeptVectors | None = None,
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._agency = agency
        self._by = by
        self._most_mb = most_mb
        self._kept = None if agency else kept

    def add(self, paths: Sequence[Path], progress: Progress | None = None) -> AddReport:
        """Add every file of ``paths`` (of a folder: the files we can read).

        Raises `AgencyUnknown`; whatever is wrong with a file is told in the report.
        """
        with owning(self._database, self._agency):
            pass
        files = list(_files(paths))
        done: dict[str, list[Any]] = {"added": [], "skipped": [], "failed": []}
        for number, file in enumerate(files):
            share = _share(progress, number, len(files), file.name)
            try:
                made, fresh = self._add(file, share)
            except CmisError as error:
                said = {"message_th": error.say("th"), "message_en": error.say("en")}
                done["failed"].append(Failed(path=str(file), code=error.code, **said))
            else:
                done["added" if fresh else "skipped"].append(made)
        return AddReport(agency=self._agency, **{k: tuple(v) for k, v in done.items()})

    def put(self, file: Path, content: bytes, progress: Progress, within: Within) -> None:
        """Add one file by its content; raises a `FileUnreadable`.

        ``within`` is called in the transaction that adds it, or that finds it in already (then
        with False), so what it writes stands exactly when the document does.
        """
        fits(file.name, len(content), self._most_mb)
        self._put(file, content, progress, within)

    def _add(self, file: Path, progress: Progress) -> tuple[Added, bool]:
        return self._put(file, self._content(file), progress)

    def _content(self, file: Path) -> bytes:
        """The bytes of a file whose kind and size are right; raises a `FileUnreadable`."""
        media_type(file.name)
        try:
            if not file.is_file():
                raise FileMissing(file=file.name)
            fits(file.name, file.stat().st_size, self._most_mb)
            return file.read_bytes()
        except OSError:
            raise FileMissing(file=file.name) from None

    def _put(
        self, file: Path, content: bytes, progress: Progress, within: Within | None = None
    ) -> tuple[Added, bool]:
        sha256 = hashlib.sha256(content).hexdigest()
        with owning(self._database, self._agency) as session:
            known = repository.source_of_file(session, self._agency, sha256)
            if known and repository.is_embedded(session, known, self._embedder.name):
                return _told(session, within, Added(path=str(file), source=known), fresh=False)
        if known:
            return self._embed_again(file, known, progress, within)
        return self._put_new(file, content, sha256, progress, within)

    def _put_new(
        self, file: Path, content: bytes, sha256: str, progress: Progress, within: Within | None
    ) -> tuple[Added, bool]:
        reading = read_apart(file.name, content)
        made = cut(reading, file.stem, self._embedder.passages)
        signed = near_duplicates.signature(reading.text)
        parts = _chunks(made.passages)
        progress(READ_SHARE, file.name)
        vectors = self._vectors([c for _, c in parts], _later(progress))
        source = source_id(self._agency, sha256)
        with owning(self._database, self._agency) as session:
            like = _nearest(signed, repository.signatures(session, self._agency))
            fresh = repository.put_source(
                session,
                {
                    "id": source,
                    "agency_id": self._agency,
                    "title": made.title,
                    "file_name": file.name,
                    "sha256": sha256,
                    "size_bytes": len(content),
                    "media_type": reading.media_type,
                    "kind": "statute" if made.is_statute else "document",
                    "passages": len(made.passages),
                    "signature": signed.tobytes(),
                    "near_duplicate_of": like[0],
                    "similarity": like[1],
                    "added_by": self._by,
                },
            )
            if fresh:
                repository.put_passages(session, source, self._agency, made.passages)
                self._put_chunks(session, source, parts, vectors)
            about = {"title": made.title, "kind": "statute" if made.is_statute else "document"}
            counts = {"passages": len(made.passages), "chunks": len(parts)}
            likeness = {"near_duplicate_of": like[0], "similarity": like[1]}
            added = Added(path=str(file), source=source, **about, **counts, **likeness)
            return _told(session, within, added, fresh=fresh)

    def _embed_again(
        self, file: Path, source: str, progress: Progress, within: Within | None
    ) -> tuple[Added, bool]:
        """Vectors of another model for a source that is in."""
        with owning(self._database, self._agency) as session:
            passages = repository.passages_of(session, source)
        parts = _chunks(passages)
        vectors = self._vectors([c for _, c in parts], progress)
        with owning(self._database, self._agency) as session:
            self._put_chunks(session, source, parts, vectors)
            counts = {"passages": len(passages), "chunks": len(parts)}
            added = Added(path=str(file), source=source, **counts)
            return _told(session, within, added, fresh=True)

    def _vectors(self, parts: Sequence[Chunk], progress: Progress) -> Vectors:
        if self._kept:
            return self._kept.of(parts, self._embedder, progress)
        return self._embedder.passages([c.text for c in parts], progress)

    def _put_chunks(self, session: Any, source: str, parts: Any, vectors: Any) -> None:
        places = [(ordinal, chunk.ordinal) for ordinal, chunk in parts]
        repository.put_chunks(session, source, self._agency, self._embedder.name, places, vectors)


def fits(name: str, size: int, most_mb: float) -> None:
    """Raise `FileKindUnknown` or `FileTooLarge` for a file that need not be read to be refused."""
    media_type(name)
    if size > most_mb * MB:
        raise FileTooLarge(file=name, size_mb=round(size / MB), limit_mb=f"{most_mb:g}")


def source_id(agency: str | None, sha256: str) -> str:
    """The id of a file's source; the same file is another source in another agency."""
    return "src-" + hashlib.sha256(f"{agency or ''}\n{sha256}".encode()).hexdigest()[:12]


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if p.suffix.lower() in KINDS)
            yield from (p for p in inside if p.is_file())
        else:
            yield path


def _chunks(passages: Iterable[Passage]) -> list[tuple[int, Chunk]]:
    return [(i, chunk) for i, p in enumerate(passages) for chunk in chunks(p.item(""))]


def _told(
    session: Session, within: Within | None, added: Added, *, fresh: bool
) -> tuple[Added, bool]:
    """What became of a file, with what else stands or falls with its transaction."""
    if within:
        within(session, added, fresh)
    return added, fresh


def _nearest(signed: Any, others: dict[str, Any]) -> tuple[str | None, float | None]:
    """The document most like this one, where one is near."""
    likeness = {name: near_duplicates.similarity(signed, other) for name, other in others.items()}
    best = max(likeness, key=lambda name: likeness[name], default=None)
    if best is None or likeness[best] < near_duplicates.NEAR:
        return None, None
    return best, round(likeness[best], 3)


def _share(progress: Progress | None, number: int, count: int, name: str) -> Progress:
    """Progress within one file as progress of the batch."""

    def step(share: float, _: str = "") -> None:
        if progress:
            progress((number + share) / count, name)

    step(0.0)
    return step


def _later(progress: Progress) -> Progress:
    return lambda share, note: progress(READ_SHARE + share * (1 - READ_SHARE), note)
