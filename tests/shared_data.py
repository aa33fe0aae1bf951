"""Where the shared real data is, for tests that read it."""

from __future__ import annotations

import os
from pathlib import Path


def shared() -> Path | None:
    """``CMIS_SHARED``, else ``../shared`` beside the repository; ``None`` when neither is there."""
    given = os.environ.get("CMIS_SHARED")
    folder = Path(given) if given else Path(__file__).resolve().parents[2] / "shared"
    return folder if folder.is_dir() else None
