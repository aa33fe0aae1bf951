"""The embedded server through the lives and deaths of the processes that share it."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from sqlalchemy import make_url

from runtime import embedded, keeper, postgres_files
from runtime.embedded import Addresses, EmbeddedFailed, EmbeddedOld, EmbeddedPostgres
from runtime.messages import LANGUAGES
from runtime.postgres_files import (
    SOCKET_NAME,
    SOCKET_PATH_MAX,
    DatabaseUnreachable,
    NoDatabaseAccount,
    SocketFolderTaken,
    account_for,
    programs,
    socket_folder,
)
from runtime.settings import load_settings

REPOSITORY = Path(__file__).parents[2]
FAST = {"fsync": "off"}
USER = """
import sys, time
from pathlib import Path
from runtime.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), options={"fsync": "off"}, linger_s=0.2)
server.start()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="cmis-e-", dir="/tmp"))
    yield made
    for cluster in (made / "postgres", *made.glob("*/postgres")):
        EmbeddedPostgres(cluster.parent).stop()
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    made = EmbeddedPostgres(folder, options=FAST, linger_s=0.2)
    yield made
    made.stop()


def connect(addresses: Addresses) -> psycopg.Connection[tuple[Any, ...]]:
    url = make_url(addresses.owner_url)
    return psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname=url.database, autocommit=True
    )


def answers(server: EmbeddedPostgres) -> bool:
    try:
        connect(server.addresses()).close()
    except psycopg.OperationalError:
        return False
    return True


def eventually(true: Callable[[], bool], seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def postmaster(server: EmbeddedPostgres) -> psutil.Process:
    return psutil.Process(int((server.cluster / "postmaster.pid").read_text().split()[0]))


@pytest.fixture
def user(folder: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts another process that uses the same folder, and waits until it is in."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", USER, str(folder)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def ready(process: subprocess.Popen[str]) -> bool:
    assert process.stdout is not None
    return process.stdout.readline() == "ready\n"


def test_version_extensions_and_closed_folder(server: EmbeddedPostgres) -> None:
    with closing(connect(server.start())) as connection:
        shown = connection.execute("SHOW server_version").fetchone()
        names = connection.execute("SELECT name FROM pg_available_extensions").fetchall()
        listening = connection.execute("SHOW listen_addresses").fetchone()
    assert shown is not None
    assert shown[0].startswith("18.")
    assert {"vector", "plpgsql"} <= {name for (name,) in names}
    assert listening == ("",)
    assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700
    assert not stat.S_IMODE(server.data_dir.stat().st_mode) & 0o067


def test_start_again_joins_and_keeps_data(server: EmbeddedPostgres) -> None:
    with closing(connect(server.start())) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    assert server.stop()
    assert not answers(server)
    with closing(connect(server.start())) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    assert server.start() == server.addresses()


def test_one_of_two_leaves_the_other_stays(server: EmbeddedPostgres, folder: Path) -> None:
    other = EmbeddedPostgres(folder, options=FAST)
    server.start()
    other.start()
    assert not server.stop()
    assert answers(other)
    assert other.stop()


def test_server_outlives_one_process_and_ends_with_the_last(
    server: EmbeddedPostgres, user: Callable[[], subprocess.Popen[str]]
) -> None:
    first, second = user(), user()
    assert ready(first)
    assert ready(second)
    first.communicate("")
    time.sleep(0.6)
    assert answers(server)
    second.communicate("")
    assert eventually(lambda: not answers(server))


def test_killed_user_holds_nothing(
    server: EmbeddedPostgres, user: Callable[[], subprocess.Popen[str]]
) -> None:
    only = user()
    assert ready(only)
    only.kill()
    only.wait()
    assert eventually(lambda: not answers(server))
    server.start()
    assert answers(server)


def test_killed_starter_leaves_the_server_to_others(
    server: EmbeddedPostgres, user: Callable[[], subprocess.Popen[str]]
) -> None:
    starter = user()
    assert ready(starter)
    server.start()
    starter.kill()
    starter.wait()
    time.sleep(0.6)
    assert answers(server)


def test_killed_postmaster_is_replaced_and_data_recovers(server: EmbeddedPostgres) -> None:
    with closing(connect(server.start())) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    postmaster(server).send_signal(signal.SIGKILL)
    with closing(connect(server.start())) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_killed_keeper_is_replaced(server: EmbeddedPostgres, folder: Path) -> None:
    server.start()

    def keepers() -> list[psutil.Process]:
        seen = psutil.process_iter(["cmdline"])
        lines = ((process, process.info["cmdline"] or []) for process in seen)
        return [
            p for p, line in lines if keeper.__file__ in line and line[-1] == str(server.cluster)
        ]

    assert eventually(lambda: len(keepers()) == 1)
    (old,) = keepers()
    old.kill()
    old.wait()
    EmbeddedPostgres(folder, options=FAST).start()
    assert eventually(lambda: [p.pid for p in keepers()] not in ([], [old.pid]))


def test_stale_pid_file_of_another_program(server: EmbeddedPostgres) -> None:
    server.start()
    pid_file = server.cluster / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    assert server.stop()
    owner = server.cluster.stat()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    os.chown(pid_file, owner.st_uid, owner.st_gid)
    server.start()
    assert answers(server)


def test_many_starters_at_once(
    server: EmbeddedPostgres, user: Callable[[], subprocess.Popen[str]]
) -> None:
    starters = [user() for _ in range(4)]
    assert all(ready(starter) for starter in starters)
    assert answers(server)


def test_interrupted_making_is_begun_again(server: EmbeddedPostgres, folder: Path) -> None:
    (folder / "postgres.making").mkdir()
    (folder / "postgres.making" / "PG_VERSION").write_text("18\n")
    server.start()
    assert answers(server)
    assert not (folder / "postgres.making").exists()


def test_path_too_long_for_a_socket(folder: Path) -> None:
    deep = folder / ("long-" * 20) / "ข้อมูล with space, and comma"
    deep.mkdir(parents=True)
    server = EmbeddedPostgres(deep, options=FAST)
    addresses = server.start()
    place = Path(str(make_url(addresses.app_url).query["host"]))
    try:
        assert len(os.fsencode(place / SOCKET_NAME)) <= SOCKET_PATH_MAX
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert answers(server)
    finally:
        assert server.stop()
        shutil.rmtree(place)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_closed_folder_above_is_opened_for_passing_only(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(closed / "data", options=FAST)
    server.data_dir.mkdir(mode=0o700)
    server.start()
    assert answers(server)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o701
    assert stat.S_IMODE(server.data_dir.stat().st_mode) == 0o710
    assert server.stop()


def test_short_folder_of_somebody_else_is_refused(folder: Path) -> None:
    cluster = folder / ("long-" * 20) / "postgres"
    place = socket_folder(cluster, account_for())
    try:
        place.chmod(0o777)
        with pytest.raises(SocketFolderTaken):
            socket_folder(cluster, account_for())
    finally:
        place.rmdir()


def test_data_of_another_version_is_refused(server: EmbeddedPostgres, folder: Path) -> None:
    server.start()
    server.stop()
    with pytest.raises(EmbeddedOld) as refused:
        EmbeddedPostgres(folder, version=16).start()
    assert refused.value.details["found"] == "18"


def test_spoiled_cluster_ends_in_a_sentence(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.start()
    server.stop()
    (server.cluster / "global" / "pg_control").unlink()
    monkeypatch.setattr(embedded, "START_S", 1.0)
    with pytest.raises(EmbeddedFailed) as refused:
        server.start()
    assert str(server.log) in refused.value.say("th")


def test_statements_and_values_stay_out_of_the_log(server: EmbeddedPostgres) -> None:
    with closing(connect(server.start())) as connection:
        connection.execute("CREATE TABLE story (words text UNIQUE)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO story VALUES (%s)", ("a private story",))
            except psycopg.errors.UniqueViolation:
                continue
    written = server.log.read_text()
    assert "duplicate key" in written
    assert "private" not in written


def test_addresses_follow_the_settings(folder: Path) -> None:
    given = "postgresql://someone@somewhere/some"
    settings = load_settings(data_dir=folder, database_url=given, database_owner_url=given)
    assert embedded.addresses(settings).app_url == "postgresql+psycopg://someone@somewhere/some"
    assert not embedded.release(settings)
    own = load_settings(data_dir=folder)
    assert embedded.addresses(own) == embedded.addresses(own)
    assert embedded.release(own)


def test_programs_are_both_versions() -> None:
    for version in (16, 18):
        assert (programs(version) / "pg_ctl").exists()
        assert (programs(version) / "pg_dump").exists()


def test_missing_wheel_is_a_missing_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_files, "find_spec", lambda name: None)
    with pytest.raises(DatabaseUnreachable):
        programs()


def test_every_refusal_has_words() -> None:
    details = {"log": "l", "folder": "f", "found": 1, "wanted": 2, "name": "n"}
    for error in (EmbeddedFailed, EmbeddedOld, NoDatabaseAccount, SocketFolderTaken):
        for lang in LANGUAGES:
            assert "{" not in error(**details).say(lang)
            assert error(**details).say(lang) != error.code
