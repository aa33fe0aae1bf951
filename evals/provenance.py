"""What a run was made with, so that a reader can tell two runs apart and repeat one."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import orjson
import psutil

from evals.experiments import Experiment
from evals.parts import Parts

ROOT = Path(__file__).parents[1]
MEASURED = ("runtime", "knowledge_base", "intake", "planner", "evals")
TIMEOUT_S = 10


def provenance(parts: Parts) -> dict[str, Any]:
    """Code, knowledge, models, prompts and machine, as one document."""
    return {
        "code": {
            "version": metadata.version("cmis-planner"),
            "commit": _git("rev-parse", "HEAD"),
            "changed": bool(_git("status", "--porcelain")),
            "source": source_hash(),
        },
        "knowledge": parts.library.version,
        "embedding_model": parts.embedder.name,
        "chat_model": parts.settings.chat_model,
        "prompts": prompts_hash(),
        "machine": machine(),
    }


def fingerprint(experiment: Experiment, made_with: dict[str, Any]) -> str:
    """12 hex digits that change when figures might: experiment, data, code, knowledge, models."""
    parts = {
        "experiment": experiment.model_dump(mode="json", exclude={"folder", "title", "asks"}),
        "data": _hash(f for file in experiment.files() for f in _below(file)),
        "source": made_with["code"]["source"],
        **{k: made_with[k] for k in ("knowledge", "embedding_model", "chat_model", "prompts")},
    }
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]


def machine() -> dict[str, Any]:
    """Cores, memory (GB), processor and system; what times depend on."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "processor": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
    }


@cache
def source_hash() -> str:
    """sha256 over code and data of the rooms that decide a figure."""
    kinds = ("*.py", "*.yaml", "*.jsonl", "*.tsv", "*.sql")
    rooms = [ROOT / room for room in MEASURED]
    return _hash(f for room in rooms for kind in kinds for f in sorted(room.rglob(kind)))


@cache
def prompts_hash() -> str:
    """sha256 over the prompts a chat model would get, to draft and to judge."""
    folders = [ROOT / room / "prompts" for room in ("planner", "evals")]
    return _hash(f for folder in folders for f in sorted(folder.rglob("*")) if f.is_file())


def _below(path: Path) -> list[Path]:
    return sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path]


def _hash(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _git(*arguments: str) -> str | None:
    """What git says of this folder; None where there is no git or no repository."""
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments],
            capture_output=True,
            check=True,
            text=True,
            timeout=TIMEOUT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
