"""What a command prints: one JSON document with ``--json``, plain Thai for people without."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from runtime.errors import CmisError

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def emit(data: Any, as_json: bool, render: Callable[[Any], str]) -> None:
    """Print ``data`` as JSON, or as the text ``render`` makes of it."""
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(data, option=orjson.OPT_INDENT_2, default=str) + b"\n")
        sys.stdout.flush()
        return
    out.print(render(data), markup=False)


def complain(error: CmisError) -> None:
    """One clear sentence in each language, on stderr."""
    err.print(error.say("th"), markup=False)
    err.print(error.say("en"), markup=False)


@contextmanager
def progress(label: str) -> Iterator[Callable[[float, str], None]]:
    """A progress bar on stderr; silent when stderr is no terminal. Yields ``step(share, note)``."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as bar:
        task = bar.add_task(label, total=1.0)

        def step(share: float, note: str = "") -> None:
            bar.update(task, completed=share, description=note or label)

        yield step
