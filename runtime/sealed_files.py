"""Files encrypted at rest that can still be read from the middle.

A file is a header and pieces of AES-256-GCM, each bound to its place and to the whole's length, so
a piece that was altered, moved or cut off is noticed when it is read. The key of a file comes from
the office's secret and a salt kept elsewhere: destroying the salt destroys the content.
"""

from __future__ import annotations

import io
import os
import secrets
import struct
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from runtime.errors import PartMissing

MAGIC = b"CMISEAL1"
HEADER = struct.Struct("<8s8sQ")  # magic, nonce prefix, bytes of the content
PIECE = 64 * 1024
TAG = 16


class SealBroken(PartMissing):
    """A sealed file is missing, altered, or sealed with another key."""

    code = "sealed.broken"


def key_of(secret: str, salt: bytes) -> bytes:
    """The key of one file."""
    return HKDF(SHA256(), 32, salt, b"cmis sealed file").derive(secret.encode())


def seal(content: BinaryIO, path: Path, key: bytes) -> None:
    """Write the content, sealed, whole or not at all; on return it is on the disk."""
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    header = HEADER.pack(MAGIC, secrets.token_bytes(8), size)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            draft.chmod(0o600)
            file.write(header)
            cipher, number = AESGCM(key), 0
            while piece := content.read(PIECE):
                file.write(cipher.encrypt(_nonce(header, number), piece, header))
                number += 1
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def unsealed(path: Path, key: bytes) -> BinaryIO:
    """The content for reading and seeking; raises `SealBroken`, also later while it is read."""
    try:
        return io.BufferedReader(_Sealed(path.open("rb"), key), PIECE)
    except OSError as error:
        raise SealBroken from error


class _Sealed(io.RawIOBase):
    """Decrypts the piece a reader stands in."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file = file
        self._header = file.read(HEADER.size)
        if len(self._header) < HEADER.size or not self._header.startswith(MAGIC):
            file.close()
            raise SealBroken
        self._size: int = HEADER.unpack(self._header)[2]
        self._cipher = AESGCM(key)
        self._at = 0
        self._piece = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, PIECE)
        part = self._opened(number)[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _opened(self, number: int) -> bytes:
        if self._piece[0] != number:
            self._file.seek(HEADER.size + number * (PIECE + TAG))
            sealed = self._file.read(min(PIECE, self._size - number * PIECE) + TAG)
            try:
                opened = self._cipher.decrypt(_nonce(self._header, number), sealed, self._header)
            except (InvalidTag, ValueError) as error:
                raise SealBroken from error
            self._piece = (number, opened)
        return self._piece[1]


def _nonce(header: bytes, number: int) -> bytes:
    return header[8:16] + struct.pack("<I", number)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
