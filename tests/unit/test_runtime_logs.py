"""Logs: nothing a person said gets in, by whatever door."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import NotFound
from runtime.logs import LIBRARY, UNNAMED, allow, configure, keep_known
from runtime.settings import Settings

STORY = "แม่เล่าว่าลูกสาววัย 9 ปีไม่ยอมไปโรงเรียน"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def written() -> Callable[[], list[dict[str, Any]]]:
    stream = io.StringIO()
    configure(Settings(), server=True, stream=stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def fail() -> None:
    raise ValueError(STORY)


def test_known_keys_pass(written: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.get_logger("runtime.test").info("job_done", job_id=7, duration_ms=1.5, status=None)
    (line,) = written()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "job_done",
        "level": "info",
        "logger": "runtime.test",
        "job_id": 7,
        "duration_ms": 1.5,
        "status": None,
    }


@pytest.mark.parametrize("key", ["text", "narrative", "quote", "name", "prompt", "anything_else"])
def test_other_keys_are_dropped(written: Callable[[], list[dict[str, Any]]], key: str) -> None:
    structlog.get_logger().warning("seen", **{key: STORY})
    (line,) = written()
    assert key not in line
    assert STORY not in str(line)


@pytest.mark.parametrize("value", ["ก" * 201, [STORY], {"a": STORY}, object()])
def test_long_and_nested_values_are_dropped(
    written: Callable[[], list[dict[str, Any]]], value: object
) -> None:
    structlog.get_logger().warning("seen", kind=value)
    assert "kind" not in written()[0]


def test_a_sentence_is_no_event_name(written: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.get_logger().warning(STORY)
    assert written()[0]["event"] == UNNAMED


def test_exception_leaves_class_and_place_only(
    written: Callable[[], list[dict[str, Any]]],
) -> None:
    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("fault")
        logging.getLogger("runtime.other").exception("fault in %s", STORY)
    own, foreign = written()
    for line in (own, foreign):
        assert line["exception"] == "ValueError"
        assert line["trace"].startswith("test_runtime_logs.py:")
        assert STORY not in json.dumps(line, ensure_ascii=False)


def test_our_errors_leave_their_code(written: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.get_logger().error("refused", exc_info=NotFound(what=STORY))
    (line,) = written()
    assert (line["exception"], line["code"]) == ("NotFound", "input.not_found")
    assert STORY not in str(line)


def test_bound_context_passes_the_gate(written: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.contextvars.bind_contextvars(request_id="r-1", story=STORY)
    structlog.get_logger().info("asked")
    (line,) = written()
    assert line["request_id"] == "r-1"
    assert "story" not in line


def test_library_messages_are_reduced(written: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger("httpx").warning("posted %s", STORY)
    logging.getLogger("some.model").warning(f"prompt was {STORY}", extra={"text": STORY})
    for line in written():
        assert line["event"] == LIBRARY
        assert line["site"].startswith("test_runtime_logs:")
        assert STORY not in str(line)


def test_known_libraries_speak(written: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger("uvicorn.error").info("Application startup complete.")
    assert written()[0]["event"] == "Application startup complete."


def test_access_lines_lose_the_query(written: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger("uvicorn.access").info(
        '%s - "%s %s HTTP/%s" %d', "127.0.0.1:5", "GET", f"/api/v1/search?q={STORY}", "1.1", 200
    )
    (line,) = written()
    assert (line["event"], line["path"], line["status"]) == ("request", "/api/v1/search", 200)
    assert STORY not in str(line)
    assert "127.0.0.1" not in str(line)


def test_statements_of_the_database_stay_out(
    written: Callable[[], list[dict[str, Any]]],
) -> None:
    logging.getLogger("sqlalchemy.engine.Engine").info("INSERT %s", STORY)
    assert written() == []


def test_console_speaks_words_and_only_warnings() -> None:
    stream = io.StringIO()
    configure(Settings(), stream=stream)
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud", count=2, text=STORY)
    assert "quiet" not in stream.getvalue()
    assert "loud" in stream.getvalue()
    assert "count=2" in stream.getvalue()
    assert STORY not in stream.getvalue()


def test_level_of_a_server_is_set() -> None:
    stream = io.StringIO()
    configure(Settings(log_level="error"), server=True, stream=stream)
    structlog.get_logger().warning("quiet")
    structlog.get_logger().error("loud")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["loud"]


def test_configuring_twice_writes_once() -> None:
    stream = io.StringIO()
    configure(Settings(), server=True, stream=stream)
    configure(Settings(), server=True, stream=stream)
    structlog.get_logger().info("once")
    assert len(stream.getvalue().splitlines()) == 1


def test_a_room_may_allow_its_own_key() -> None:
    assert keep_known(None, "info", {"chunks_embedded_now": 3}) == {}
    allow("chunks_embedded_now")
    assert keep_known(None, "info", {"chunks_embedded_now": 3}) == {"chunks_embedded_now": 3}


@given(st.dictionaries(st.text(max_size=12), st.text() | st.integers() | st.none()))
def test_only_listed_keys_ever_pass(event: dict[str, Any]) -> None:
    kept = keep_known(None, "info", dict(event, text=STORY))
    assert "text" not in kept
    assert all(event[key] == value for key, value in kept.items())


def test_a_library_that_lowers_its_own_level_stays_quiet() -> None:
    stream = io.StringIO()
    configure(Settings(), stream=stream)
    chatty = logging.getLogger("some.library")
    chatty.setLevel(logging.DEBUG)
    chatty.debug("words of a story")
    assert stream.getvalue() == ""


def test_a_log_that_cannot_be_written_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    configure(Settings(), stream=stream)
    stream.close()
    structlog.get_logger("commands").error("fault")
    assert capsys.readouterr().err == ""
