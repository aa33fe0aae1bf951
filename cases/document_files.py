"""The bytes of documents: sealed on the disk, and none left behind by a killed process.

The name of a file is written down and committed before the file is; the transaction that adds the
document's row says that it is kept. What was written down and never kept is swept away.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from cases.rows import Row, Rows
from runtime.database import Database
from runtime.jobs import JobContext
from runtime.sealed_files import SealBroken, key_of, seal, unsealed

SWEEP = "sweep_documents"
SWEEP_EVERY = "7 * * * *"
ORPHAN_MIN = 60
PIECE = 1 << 20
ROWS = Rows("documents")


class DocumentFiles:
    """Sealed files of one data folder, each under a name only the secret can make."""

    def __init__(self, database: Database, folder: Path, secret: str) -> None:
        self._database = database
        self._folder = folder
        self._secret = secret

    def put(self, version: Row, content: BinaryIO) -> None:
        """Keep a version's bytes; what is returned from is on the disk and expected there."""
        with self._database.session() as session:
            ROWS.run(session, "expect_file", name=self._name(version["id"]))
        seal(content, self.path(version["id"]), self._key(version))

    def keep(self, session: Session, version: Row) -> None:
        """In the transaction that adds the version's row: its file stays."""
        ROWS.run(session, "keep_file", name=self._name(version["id"]))

    def drop(self, session: Session, version_id: str) -> None:
        """In the transaction that erases the version's row: the next sweep removes its file."""
        ROWS.run(session, "drop_file", name=self._name(version_id))

    def open(self, version: Row) -> BinaryIO:
        """A version's bytes; raises `SealBroken`, also when its salt was destroyed."""
        if version["salt"] is None:
            raise SealBroken
        return unsealed(self.path(version["id"]), self._key(version))

    def holds(self, version: Row) -> bool:
        """Whether the bytes are those the version's row remembers."""
        try:
            with self.open(version) as file:
                digest, size = sha256_of(file)
        except SealBroken:
            return False
        return bool((digest, size) == (version["sha256"], version["size_bytes"]))

    def content(self, version: Row) -> bytes | None:
        """All bytes; None when they cannot be read."""
        try:
            with self.open(version) as file:
                return file.read()
        except SealBroken:
            return None

    def sweep(self, minutes: int = ORPHAN_MIN) -> int:
        """Remove files that no document came of; gives how many."""
        with self._database.session() as session:
            found = [row["name"] for row in ROWS.rows(session, "orphans", minutes=minutes)]
            for name in found:
                for file in (self._at(name), *self._at(name).parent.glob(f".{name}.*")):
                    file.unlink(missing_ok=True)
                ROWS.run(session, "forget_file", name=name)
        return len(found)

    def path(self, version_id: str) -> Path:
        """Where the bytes of a version lie."""
        return self._at(self._name(version_id))

    def _at(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _name(self, version_id: str) -> str:
        key = self._secret.encode()[:64]
        return hashlib.blake2b(version_id.encode(), key=key, digest_size=24).hexdigest()

    def _key(self, version: Row) -> bytes:
        return key_of(self._secret, bytes(version["salt"]))


class SweepTask:
    """The periodic job."""

    def __init__(self, files: DocumentFiles) -> None:
        self._files = files

    def __call__(self, payload: Mapping[str, Any], context: JobContext) -> None:
        """Sweep; done twice, the second finds nothing."""
        self._files.sweep()


def sha256_of(content: BinaryIO) -> tuple[str, int]:
    """Hash and size of what a file holds."""
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    while piece := content.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def as_file(content: bytes) -> BinaryIO:
    """Bytes as a file."""
    return io.BytesIO(content)
