"""Opens a cross-encoder that an office configured: a hub id or a folder, on the processor."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from runtime.errors import PartMissing

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

Reader = TypeVar("Reader")


def open_cross_encoder(
    name: str | None, reader: Callable[[CrossEncoder], Reader], unusable: type[PartMissing]
) -> Reader | None:
    """What ``reader`` makes of the model; None without a name. Raises ``unusable``."""
    if name is None:
        return None
    if Path(name).is_dir():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from sentence_transformers import CrossEncoder  # noqa: PLC0415 seconds to import

            return reader(CrossEncoder(name, device="cpu"))
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise unusable(model=name) from error
