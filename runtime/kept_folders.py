"""Model folders unpacked once and kept whole, whichever process comes first.

A folder appears by one rename under a lock, so no process sees half of it; a manifest of sizes,
times and hashes tells a folder as it was written from one that was altered.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"


def kept_whole(folder: Path, lock: Path, write: Callable[[Path], None]) -> Path:
    """``folder``, made anew by ``write`` where it is absent or altered. Raises `OSError`."""
    with alone(lock):
        if not is_whole(folder):
            _replace(folder, write)
    return folder


def is_whole(folder: Path) -> bool:
    """Every file of the manifest is as it was written.

    A file whose size and time of change are the manifest's is not read; any other is hashed.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        return all(_is_same(folder / name, known) for name, known in manifest.items())
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False


def file_sha256(file: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _is_same(file: Path, known: dict[str, Any]) -> bool:
    found = file.stat()
    if found.st_size != known["size"]:
        return False
    return bool(found.st_mtime_ns == known["changed_ns"]) or file_sha256(file) == known["sha256"]


def _replace(folder: Path, write: Callable[[Path], None]) -> None:
    draft = folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        write(draft)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    files = [file for file in draft.rglob("*") if file.is_file()]
    manifest = {file.relative_to(draft).as_posix(): as_written(file) for file in files}
    (draft / MANIFEST).write_text(json.dumps(manifest))
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(draft, folder)  # noqa: PTH105 atomic on one file system


def as_written(file: Path) -> dict[str, Any]:
    """A file's row of a manifest."""
    found = file.stat()
    return {"size": found.st_size, "changed_ns": found.st_mtime_ns, "sha256": file_sha256(file)}


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One process at a time inside."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
