"""Reads a file in a process of its own, so that no document can hang, swell or crash the product.

The other process gets the bytes, a name, and bounds on time and memory; it opens no file, no
network connection and no database.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from knowledge_base import reading_errors
from knowledge_base.reading import Reading, read
from knowledge_base.reading_errors import FileUnreadable, ReadingStopped

MOST_SECONDS = 300
MOST_BYTES = 3_000_000_000
ROOT = Path(__file__).parents[1]
_CLASSES: dict[str, type[FileUnreadable]] = {
    c.code: c
    for c in vars(reading_errors).values()
    if isinstance(c, type) and issubclass(c, FileUnreadable)
}


def read_apart(name: str, content: bytes) -> Reading:
    """What `reading.read` gives, or the `FileUnreadable` it raises, from another process.

    Raises `ReadingStopped` when that process ran out of time or memory, or crashed.
    """
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    try:
        ended = subprocess.run(
            [sys.executable, "-m", __name__, name],
            input=content,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(paths)},
        )
    except subprocess.TimeoutExpired:
        raise ReadingStopped(file=name) from None
    if ended.returncode != 0 or not ended.stdout:
        raise ReadingStopped(file=name)
    told: dict[str, Any] = orjson.loads(ended.stdout)
    if "error" in told:
        raise _CLASSES[told["error"]](**told["details"])
    return Reading.model_validate(told)


def answer(name: str, content: bytes) -> bytes:
    """The other process's part: a reading, or an error by its code, as JSON."""
    try:
        return orjson.dumps(read(name, content).model_dump())
    except FileUnreadable as error:
        return orjson.dumps({"error": error.code, "details": error.details}, default=str)
    except MemoryError:
        return orjson.dumps({"error": ReadingStopped.code, "details": {"file": name}})


def main() -> None:
    """Read standard input as the file named by the first argument."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sys.stdout.buffer.write(answer(sys.argv[1], sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
