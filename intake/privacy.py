"""Masking: what identifies a person becomes a stable placeholder before text leaves the process.

Fails closed: when anything goes wrong `MaskingFailed` is raised and nothing is masked half.
The map from placeholder to words stays with the caller; `Vault` seals it for keeping.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping

import orjson
from cryptography.fernet import Fernet, InvalidToken
from pydantic import BaseModel, ConfigDict

from intake.entities import Entity, settled
from intake.schemas import Span
from runtime.errors import PartMissing

PLACEHOLDER = re.compile(r"⟦[A-Z]+_\d+⟧")
ABOVE_OR_BELOW = frozenset("ะัาำิีึืฺุู็่้๊๋์ํ๎ๅ")


class MaskingFailed(PartMissing):
    """Masking did not finish; the text must not leave the process."""

    code = "privacy.masking_failed"


class VaultSealed(PartMissing):
    """The map of placeholders cannot be opened with this key."""

    code = "privacy.vault_sealed"


class IdentifyingSpan(Span):
    """Identifying words with their type."""

    type: str


class Masked(BaseModel):
    """A text without its identifying words, and the map to put them back.

    ``placeholders`` maps each placeholder to its words; it never leaves the process unsealed.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    spans: tuple[IdentifyingSpan, ...]
    placeholders: dict[str, str]


class Masker:
    """Masks texts of one case with placeholders that stay the same from text to text."""

    def __init__(self, find: Callable[[str], Iterable[Entity]] | None = None) -> None:
        self._find = find

    def find(self, text: str) -> list[Entity]:
        """Identifying words in order, without overlap, never splitting a Thai cluster."""
        try:
            return settled(_clustered(text, e) for e in self._finder()(text))
        except Exception as error:
            raise MaskingFailed from error

    def mask(self, text: str, known: Mapping[str, str] | None = None) -> Masked:
        """``text`` with placeholders; ``known`` are those of earlier texts of the case."""
        placeholders = dict(known or {})
        pieces, spans, at = [], [], 0
        for entity in self.find(text):
            words = text[entity.start : entity.end]
            placeholder = _placeholder(entity.type, words, placeholders, text)
            pieces += [text[at : entity.start], placeholder]
            spans.append(
                IdentifyingSpan(start=entity.start, end=entity.end, text=words, type=entity.type)
            )
            at = entity.end
        masked = "".join([*pieces, text[at:]])
        used = {p: w for p, w in placeholders.items() if p in masked or p in (known or {})}
        return Masked(text=masked, spans=tuple(spans), placeholders=used)

    def _finder(self) -> Callable[[str], Iterable[Entity]]:
        if self._find is None:
            from intake.recognisers import identifying_words  # noqa: PLC0415 slow to import

            self._find = identifying_words
        return self._find


def restore(text: str, placeholders: Mapping[str, str]) -> str:
    """``text`` with the words of every known placeholder put back; unknown ones stay."""
    return PLACEHOLDER.sub(lambda m: placeholders.get(m.group(), m.group()), text)


def _clustered(text: str, entity: Entity) -> Entity:
    start, end = entity.start, entity.end
    while start > 0 and start < len(text) and text[start] in ABOVE_OR_BELOW:
        start -= 1
    while end < len(text) and text[end] in ABOVE_OR_BELOW:
        end += 1
    return Entity(start, end, entity.type, entity.score)


def _placeholder(kind: str, words: str, placeholders: dict[str, str], text: str) -> str:
    for placeholder, known in placeholders.items():
        if known == words and placeholder.startswith(f"⟦{kind}_") and placeholder not in text:
            return placeholder
    number = 1
    while (made := f"⟦{kind}_{number}⟧") in placeholders or made in text:
        number += 1
    placeholders[made] = words
    return made


class Vault:
    """Seals and opens placeholder maps with a key derived from the installation's secret."""

    def __init__(self, secret: bytes) -> None:
        digest = hashlib.blake2b(secret, digest_size=32, person=b"cmis-vault").digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(digest))

    def seal(self, placeholders: Mapping[str, str]) -> bytes:
        """An authenticated, encrypted copy."""
        return self._fernet.encrypt(orjson.dumps(dict(placeholders)))

    def open(self, sealed: bytes) -> dict[str, str]:
        """The map again; raises `VaultSealed` on a wrong key or an altered copy."""
        try:
            opened: dict[str, str] = orjson.loads(self._fernet.decrypt(sealed))
        except InvalidToken as error:
            raise VaultSealed from error
        return opened
