"""The office's keys for persons' data: sealing one person, wrapping their key, blind search tokens.

Each person has a data key of their own (AES-256-GCM), which the office's newest key wraps.
Destroying the wrapped key is erasing the person. Tokens for search are HMACs under the office's
key: equal words give equal tokens, and without the key nobody can try words against them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cases.person_errors import PersonKeysBroken

FILE = "person.keys"
NONCE, SIZE = 12, 32


@dataclass(frozen=True)
class Sealed:
    """One person at rest."""

    content: bytes
    wrapped_key: bytes
    key_number: int


class PersonKeys:
    """The keys of one installation, kept in a file that its owner alone may read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def newest(self) -> int:
        """The number of the key that wraps from now on."""
        return max(self._keys())

    def seal(self, person_id: str, identity: dict[str, Any]) -> Sealed:
        """A person under a fresh data key."""
        keys, data_key = self._keys(), secrets.token_bytes(SIZE)
        number = max(keys)
        content = _encrypted(data_key, orjson.dumps(identity), person_id)
        return Sealed(content, _encrypted(_wrapping(keys[number]), data_key, person_id), number)

    def open(self, person_id: str, sealed: Sealed) -> dict[str, Any]:
        """A person again; raises `PersonKeysBroken`."""
        data_key = self._unwrapped(person_id, sealed)
        identity: dict[str, Any] = orjson.loads(_decrypted(data_key, sealed.content, person_id))
        return identity

    def rewrap(self, person_id: str, sealed: Sealed) -> Sealed:
        """The same data key under the newest key; the content is not touched."""
        keys = self._keys()
        number = max(keys)
        data_key = self._unwrapped(person_id, sealed)
        wrapped = _encrypted(_wrapping(keys[number]), data_key, person_id)
        return Sealed(sealed.content, wrapped, number)

    def token(self, kind: str, words: str) -> bytes:
        """The newest key's token of some words."""
        return self.tokens(kind, words)[0]

    def tokens(self, kind: str, words: str) -> list[bytes]:
        """Tokens of some words under every key still kept, the newest first."""
        return self.blind([(kind, words)])[1]

    def blind(self, words: Iterable[tuple[str, str]]) -> tuple[list[str], list[bytes]]:
        """Kinds and tokens of ``(kind, words)``, one beside the other, under every key kept."""
        said = list(words)
        keys = self._keys() if said else {}
        indexing = [_indexing(keys[n]) for n in sorted(keys, reverse=True)]
        pairs = [(kind, _token(key, kind, word)) for kind, word in said for key in indexing]
        return [kind for kind, _ in pairs], [token for _, token in pairs]

    def add(self) -> int:
        """A new key, which wraps from now on; gives its number."""
        keys = self._keys()
        number = max(keys) + 1
        self._write({**keys, number: secrets.token_bytes(SIZE)})
        return number

    def keep_only(self, number: int) -> None:
        """Destroy every other key; what they wrapped is lost unless it was wrapped anew."""
        self._write({number: self._keys()[number]})

    def _unwrapped(self, person_id: str, sealed: Sealed) -> bytes:
        key = self._keys().get(sealed.key_number)
        if key is None:
            raise PersonKeysBroken
        return _decrypted(_wrapping(key), sealed.wrapped_key, person_id)

    def _keys(self) -> dict[int, bytes]:
        """Read anew each time, so that a rotation reaches every process."""
        if not self._path.exists():
            self._write({1: secrets.token_bytes(SIZE)}, first=True)
        try:
            kept = orjson.loads(self._path.read_bytes())
            return {int(n): base64.b64decode(k, validate=True) for n, k in kept.items()}
        except (OSError, ValueError, AttributeError) as error:
            raise PersonKeysBroken from error

    def _write(self, keys: dict[int, bytes], *, first: bool = False) -> None:
        """Whole or not at all; of two processes that make the first file one wins."""
        content = orjson.dumps({str(n): base64.b64encode(k).decode() for n, k in keys.items()})
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if first:
                _link(draft, self._path)
            else:
                draft.replace(self._path)
        finally:
            draft.unlink(missing_ok=True)


def _link(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return


def _wrapping(key: bytes) -> bytes:
    return HKDF(SHA256(), SIZE, None, b"cmis person wrapping").derive(key)


def _indexing(key: bytes) -> bytes:
    return HKDF(SHA256(), SIZE, None, b"cmis person index").derive(key)


def _token(key: bytes, kind: str, words: str) -> bytes:
    return hmac.new(key, f"{kind}\0{words}".encode(), hashlib.sha256).digest()


def _encrypted(key: bytes, content: bytes, person_id: str) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, person_id.encode())


def _decrypted(key: bytes, content: bytes, person_id: str) -> bytes:
    try:
        return AESGCM(key).decrypt(content[:NONCE], content[NONCE:], person_id.encode())
    except (InvalidTag, ValueError) as error:
        raise PersonKeysBroken from error
