"""Logs that can be shown to anybody: no word of a narrative, a name or a prompt gets in.

What passes is listed, everything else is dropped: known keys with short plain values, event
names in the form of a code, messages of a few libraries whose messages were read. An exception
leaves its class and where it happened, never its message, which may quote what people wrote.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter

from runtime.errors import CmisError
from runtime.settings import Settings

Event = MutableMapping[str, Any]

EVENT = re.compile(r"[a-z][a-z0-9_.]{0,60}")
UNNAMED = "unnamed_event"
LIBRARY = "library_message"
LONGEST_VALUE = 200
TRUSTED = ("uvicorn.error", "alembic", "procrastinate")

_keys = {
    *("event", "level", "timestamp", "logger", "site", "exception", "code", "trace"),
    *("kind", "status", "method", "path", "route", "port", "host", "version", "revision"),
    *("job_id", "task", "attempts", "queue", "worker_id", "request_id", "user_id", "agency_id"),
    *("case_id", "plan_id", "draft_id", "count", "chunks", "entries", "engine", "duration_ms"),
}


def allow(*keys: str) -> None:
    """Let ``keys`` into the logs; for ids, counts and durations only."""
    _keys.update(keys)


def configure(settings: Settings, *, server: bool = False, stream: TextIO | None = None) -> None:
    """Send all logs of this process to stderr: words for a person at a command, or JSON lines.

    A person at a command hears warnings and errors only; a ``server`` (or worker) writes JSON
    from ``settings.log_level`` on. Loggers of the standard library and of uvicorn
    (run it with ``log_config=None``) pass through the same gate.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, name_event, reduce_exception, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if not server:
        last = structlog.dev.ConsoleRenderer(colors=False)
    handler = logging.StreamHandler(stream) if stream else StandardError()
    logging.raiseExceptions = False  # a failing handler would print what it was given
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[*shared, read_library, reduce_exception],
            processors=[ProcessorFormatter.remove_processors_meta, keep_known, last],
            pass_foreign_args=True,
        )
    )
    _route(handler, settings.log_level.upper() if server else logging.WARNING)


class StandardError(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is now, not to what it was when logging was set up."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """Standard error of this moment."""
        return sys.stderr


def _route(handler: logging.Handler, level: int | str) -> None:
    root = logging.getLogger()
    handler.setLevel(level)  # a library that sets its own logger to debug stays out
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def name_event(_logger: Any, _method: str, event: Event) -> Event:
    """Our own events are codes; a sentence in their place could hold anything."""
    if not EVENT.fullmatch(str(event.get("event", ""))):
        event["event"] = UNNAMED
    return event


def read_library(_logger: Any, _method: str, event: Event) -> Event:
    """A library's message passes if it is known; of others only where it was said."""
    record: logging.LogRecord = event["_record"]
    arguments = event.pop("positional_args", ())
    event["site"] = f"{record.module}:{record.lineno}"
    if record.name == "uvicorn.access" and len(arguments) >= 5:
        _, verb, address, _, status = arguments[:5]
        path = str(address).partition("?")[0]
        event.update(event="request", method=verb, path=path, status=status)
    elif not record.name.startswith(TRUSTED):
        event["event"] = LIBRARY
    return event


def reduce_exception(_logger: Any, _method: str, event: Event) -> Event:
    """Class, code and places of an exception; its message stays out."""
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = type(error).__name__
        event["trace"] = " < ".join(
            f"{Path(frame.filename).name}:{frame.lineno}"
            for frame in reversed(traceback.extract_tb(error.__traceback__)[-8:])
        )
        if isinstance(error, CmisError):
            event["code"] = error.code
    event.pop("stack_info", None)
    return event


def keep_known(_logger: Any, _method: str, event: Event) -> Event:
    """Drop every key that is not listed and every value that is long or no plain value."""
    return {key: value for key, value in event.items() if key in _keys and _plain(value)}


def _plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_VALUE
    return value is None or isinstance(value, (bool, int, float))
