"""What an office may set, from ``CMIS_…`` variables; everything has a default that works offline.

A value that makes sense only together with another is refused when the other is absent, with a
sentence that says what to do, before any part starts.
"""

from __future__ import annotations

import os
import secrets
import stat
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from runtime.errors import PartMissing

PREFIX = "CMIS_"


class SettingsIncomplete(PartMissing):
    """A setting is half given or cannot be used; the sentence says what to do."""

    code = "settings.incomplete"


class SettingInvalid(SettingsIncomplete):
    """One variable holds a value that is no value for it. Details: ``name``."""

    code = "settings.invalid"


class ChatHalfSet(SettingsIncomplete):
    """A chat server's address or key is given, but no model name."""

    code = "settings.chat_half"


class SpeechHalfSet(SettingsIncomplete):
    """A speech server is given without the model it should use, or its key without an address."""

    code = "settings.speech_half"


class SpeechLeavesOffice(SettingsIncomplete):
    """The speech server lies outside, where recordings would go unmasked, and nobody allowed it."""

    code = "settings.speech_outside"


class DatabaseHalfSet(SettingsIncomplete):
    """Of the two database addresses only one is given. Details: ``name`` of the absent one."""

    code = "settings.database_half"


class WebhookHalfSet(SettingsIncomplete):
    """A webhook's address or secret is given alone, or it would leave the office unencrypted."""

    code = "settings.webhook_half"


class FolderUnusable(SettingsIncomplete):
    """A folder cannot be made, read or written. Details: ``name``, ``folder``."""

    code = "settings.folder"


def _address(url: str) -> str:
    """SQLAlchemy's form of a PostgreSQL address, whichever common form was given."""
    for scheme in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    raise ValueError("not a postgresql:// address")


def _inside(url: str) -> bool:
    """Whether an address is this machine's, a private network's, or a name without a domain."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".localhost"))


Address = Annotated[str, AfterValidator(_address)]


class Settings(BaseSettings):
    """All settings, frozen. Variables are the field names with ``CMIS_`` before them.

    ``database_url`` is the application's address (role ``cmis_app``), ``database_owner_url`` the
    owner's (migrations, backup); both absent means the embedded server in ``data_dir``.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True, validate_default=True
    )

    data_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("cmis")))
    cache_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_cache_dir("cmis")))
    database_url: Address | None = Field(default=None, repr=False)
    database_owner_url: Address | None = Field(default=None, repr=False)
    embedding_model: str = "embedded"
    embedding_precision: Literal["fp32", "int8"] = "fp32"
    embedding_threads: int = Field(default=0, ge=0, le=256, description="0: the library decides")
    reranker_model: str | None = Field(default=None, description="cross-encoder, id or folder")
    entailment_model: str | None = Field(
        default=None, description="cross-encoder of entailment, id or folder; reads chat sentences"
    )
    chat_model: str | None = None
    chat_base_url: str | None = Field(default=None, pattern=r"^https?://")
    chat_api_key: SecretStr | None = None
    chat_timeout_s: float = Field(default=120.0, gt=0)
    chat_passages: int = Field(default=24, ge=1, le=100, description="sources a model is shown")
    chat_prompt_letters: int = Field(default=24_000, ge=2_000, description="longest prompt")
    chat_answer_tokens: int = Field(
        default=1_500, ge=120, description="of one answer; below 1,000 asked part by part"
    )
    chat_votes_on_codes: bool = Field(
        default=False, description="the chat model, if one is set, votes when a story is coded"
    )
    chat_vote_timeout_s: float = Field(default=30.0, gt=0)
    speech_model: str = Field(
        default="embedded", description="embedded, a CTranslate2 folder, or the server's model"
    )
    speech_base_url: str | None = Field(default=None, pattern=r"^https?://")
    speech_api_key: SecretStr | None = None
    speech_timeout_s: float = Field(default=300.0, gt=0)
    speech_outside: bool = Field(
        default=False, description="recordings, which nothing can mask, may leave the office"
    )
    speech_threads: int = Field(default=0, ge=0, le=256, description="0: the library decides")
    audio_max_mb: float = Field(default=500.0, gt=0, le=10_000)
    audio_max_minutes: float = Field(default=120.0, gt=0, le=24 * 60)
    upload_max_mb: float = Field(
        default=25.0, gt=0, le=500, description="largest file that may be added to a case"
    )
    clamd: str | None = Field(
        default=None,
        pattern=r"^(/.+|[^/:\s]+:\d{1,5})$",
        description="ClamAV's daemon: a socket's path, or host:port; set, every file is scanned",
    )
    webhook_url: str | None = Field(
        default=None, pattern=r"^https?://", description="where events are told, signed"
    )
    webhook_secret: SecretStr | None = Field(default=None, min_length=32)
    secret_key: SecretStr | None = Field(default=None, min_length=32)
    person_key_folder: Path | None = Field(
        default=None, description="where person.keys is kept; the data folder when unset"
    )
    document_max_mb: float = Field(
        default=100.0, gt=0, le=2000, description="largest file that may be added as knowledge"
    )
    session_hours: float = Field(default=12.0, gt=0, le=24 * 31)
    idle_minutes: float = Field(
        default=30.0, ge=0, le=24 * 60, description="pages left alone sign out; 0: never"
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8501, ge=1, le=65535)
    language: Literal["th", "en"] = "th"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    demo: bool = False
    demo_password: SecretStr | None = Field(default=None, min_length=12)

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded one."""
        return self.database_url is None

    def whole(self) -> Self:
        """Itself; raises `SettingsIncomplete` where a value lacks its other half."""
        if (self.chat_base_url or self.chat_api_key) and not self.chat_model:
            raise ChatHalfSet
        if self.speech_api_key and not self.speech_base_url:
            raise SpeechHalfSet
        if self.speech_base_url and self.speech_model == "embedded":
            raise SpeechHalfSet
        if self.speech_base_url and not (self.speech_outside or _inside(self.speech_base_url)):
            raise SpeechLeavesOffice
        if bool(self.webhook_url) != bool(self.webhook_secret):
            raise WebhookHalfSet
        if self.webhook_url and not (_secure(self.webhook_url) or _inside(self.webhook_url)):
            raise WebhookHalfSet
        if bool(self.database_url) != bool(self.database_owner_url):
            absent = "database_owner_url" if self.database_url else "database_url"
            raise DatabaseHalfSet(name=variable(absent))
        return self


def _secure(url: str) -> bool:
    return urlsplit(url).scheme == "https"


def variable(field: str) -> str:
    """The environment variable of a field."""
    return PREFIX + field.upper()


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment, ``overrides`` first; makes the folders and the secret key.

    Raises `SettingsIncomplete` or one of its kinds.
    """
    try:
        settings = Settings(**overrides).whole()
    except ValidationError as error:
        place = error.errors(include_input=False, include_context=False)[0]["loc"]
        raise SettingInvalid(name=variable(str(place[0] if place else ""))) from None
    folders = {
        "data_dir": _folder("data_dir", settings.data_dir),
        "cache_dir": _folder("cache_dir", settings.cache_dir),
    }
    key = settings.secret_key or _kept_secret(folders["data_dir"])
    return settings.model_copy(update={**folders, "secret_key": key})


def _folder(field: str, folder: Path) -> Path:
    folder = folder.expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        usable = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    except OSError:
        usable = False
    if not usable:
        raise FolderUnusable(name=variable(field), folder=folder)
    return folder


def _kept_secret(data_dir: Path) -> SecretStr:
    """The key of this data folder: made once, readable by its owner alone."""
    kept = data_dir / "secret.key"
    try:
        if not kept.exists():
            _write_once(kept, secrets.token_urlsafe(48))
        if kept.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            kept.chmod(0o600)
        key = kept.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError):
        raise FolderUnusable(name=variable("data_dir"), folder=data_dir) from None
    if len(key) < 32:
        raise SettingInvalid(name=str(kept))
    return SecretStr(key)


def _write_once(kept: Path, content: str) -> None:
    """Write whole or not at all; of two processes at once the first one's content stands."""
    draft = kept.with_name(f".{kept.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(content + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, kept)
        except FileExistsError:
            return
    finally:
        draft.unlink()
