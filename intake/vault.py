"""What placeholders stand for, sealed for keeping; only this installation's key opens it."""

from __future__ import annotations

import base64
import hashlib

import orjson
from cryptography.fernet import Fernet, InvalidToken

from intake.placeholders import CaseNames
from runtime.errors import PartMissing


class VaultSealed(PartMissing):
    """The map of placeholders cannot be opened with this key."""

    code = "privacy.vault_sealed"


class Vault:
    """Seals and opens the names of cases with a key derived from the installation's secret."""

    def __init__(self, secret: bytes) -> None:
        digest = hashlib.blake2b(secret, digest_size=32, person=b"cmis-vault").digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(digest))

    def seal(self, names: CaseNames) -> bytes:
        """An authenticated, encrypted copy."""
        return self._fernet.encrypt(orjson.dumps(names.plain()))

    def open(self, sealed: bytes | None) -> CaseNames:
        """The names again, none for None; raises `VaultSealed` on a wrong key or altered copy."""
        if sealed is None:
            return CaseNames()
        try:
            return CaseNames(orjson.loads(self._fernet.decrypt(sealed)))
        except InvalidToken as error:
            raise VaultSealed from error
