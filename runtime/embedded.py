"""PostgreSQL that comes with the product: made on first use, shared by all processes of one folder.

The data lives in ``<data_dir>/postgres``. Whoever calls `start` holds a shared kernel lock until
`stop` or its own end; a keeper (`runtime.keeper`) stops the server when nobody holds it any more.
Clients come in over a unix socket without a password: the folder's mode 0700 is the guard, so
the embedded server means one trusted system account.
"""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from sqlalchemy import URL

from runtime import keeper
from runtime.postgres_files import (
    VERSION,
    Account,
    DatabaseUnreachable,
    account_for,
    programs,
    socket_folder,
)
from runtime.settings import Settings

OWNER, APP, DATABASE = "postgres", "cmis_app", "cmis"
START_S = 60.0
LINGER_S = 3.0
# Statements, their parameters and the DETAIL of a violated constraint hold what people wrote.
QUIET = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class EmbeddedFailed(DatabaseUnreachable):
    """The embedded server did not start or answer. Details: ``log``."""

    code = "database.embedded_failed"


class EmbeddedOld(DatabaseUnreachable):
    """The data was made by another major version. Details: ``folder found wanted``."""

    code = "database.embedded_old"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Two ways in: the owner's (migrations, backup) and the application's (row-level security)."""

    owner_url: str
    app_url: str


class EmbeddedPostgres:
    """One cluster in one data folder; any number of these, in any process, share its server."""

    def __init__(
        self,
        data_dir: Path,
        *,
        version: int = VERSION,
        options: Mapping[str, str] | None = None,
        linger_s: float = LINGER_S,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.cluster = self.data_dir / "postgres"
        self.log = self.cluster / "server.log"
        self.version = version
        self.linger_s = linger_s
        self._options = QUIET | dict(options or {})
        self._held: int | None = None

    def start(self) -> Addresses:
        """Make, start or join the server; raises `DatabaseUnreachable` and its kinds."""
        bin_dir = programs(self.version)
        account = account_for(self.data_dir, bin_dir / "postgres")
        account.enter(self.data_dir)
        with self._one_at_a_time():
            self._hold()
            self._make(account)
            self._await_answer(account)
            self._ensure_keeper(account)
            self._ensure_database()
        return self.addresses()

    def stop(self) -> bool:
        """Let go; stop the server if nobody else holds it. Says whether it was stopped."""
        users = self._open("postgres.users") if self._held is None else self._held
        self._held = None
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return self._run(*self._stopping(), account=account_for())
        except BlockingIOError:
            return False
        finally:
            os.close(users)

    def addresses(self, database: str = DATABASE) -> Addresses:
        """The addresses of one database of this server, whether or not it runs."""
        folder = str(socket_folder(self.cluster, account_for()))
        owner, app = (
            URL.create("postgresql+psycopg", user, database=database, query={"host": folder})
            for user in (OWNER, APP)
        )
        return Addresses(owner.render_as_string(), app.render_as_string())

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        handle = self._open("postgres.lock")
        until = time.monotonic() + START_S + 30
        try:
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > until:
                        raise EmbeddedFailed(log=self.log) from None
                    time.sleep(0.05)
            yield
        finally:
            os.close(handle)

    def _hold(self) -> None:
        """Waits here while a keeper is stopping the server."""
        if self._held is None:
            users = self._open("postgres.users")
            fcntl.flock(users, fcntl.LOCK_SH)
            self._held = users

    def _open(self, name: str) -> int:
        return os.open(self.data_dir / name, os.O_RDWR | os.O_CREAT, 0o600)

    def _make(self, account: Account) -> None:
        stamp = self.cluster / "PG_VERSION"
        if stamp.exists():
            found = stamp.read_text(encoding="ascii").strip()
            if found != str(self.version):
                raise EmbeddedOld(folder=self.cluster, found=found, wanted=self.version)
            return
        # Half-made clusters of a killed process never get the final name.
        draft = self.data_dir / "postgres.making"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        account.own(draft)
        locale = ["--no-locale"]
        if self.version >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = self._run(
            *("initdb", "-U", OWNER, "-D", str(draft), "--auth=trust", "--encoding=UTF8"),
            *locale,
            account=account,
        )
        if not made:
            raise EmbeddedFailed(log=self.log)
        draft.rename(self.cluster)

    def _await_answer(self, account: Account) -> None:
        """Retry past a dead server's leftovers: its pid file, its dying children, its recovery."""
        until = time.monotonic() + START_S
        while not self._answers():
            if time.monotonic() > until:
                raise EmbeddedFailed(log=self.log)
            if self._postmaster_lives():
                time.sleep(0.1)
            elif not self._launch(account):
                time.sleep(0.3)

    def _answers(self) -> bool:
        try:
            with self._connect("postgres") as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and Path(row[0]) == self.cluster

    def _connect(self, database: str) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=str(socket_folder(self.cluster, account_for())),
            user=OWNER,
            dbname=database,
            connect_timeout=3,
            autocommit=True,
        )

    def _postmaster_lives(self) -> bool:
        """Whether the pid file names a running server of this cluster; a stale file is removed."""
        pid_file = self.cluster / "postmaster.pid"
        try:
            process = psutil.Process(int(pid_file.read_text(encoding="ascii").split()[0]))
            if process.name() == "postgres" and str(self.cluster) in process.cmdline():
                return True
        except FileNotFoundError:
            return False
        except (psutil.Error, ValueError, IndexError):
            pass
        # The number may meanwhile belong to some other program; PostgreSQL would then not start.
        with suppress(FileNotFoundError):
            pid_file.unlink()
        return False

    def _launch(self, account: Account) -> bool:
        folder = socket_folder(self.cluster, account)
        options = self._options | {"unix_socket_directories": str(folder)}
        given = " ".join(f"-c {shlex.quote(f'{key}={value}')}" for key, value in options.items())
        return self._run(
            *("pg_ctl", "start", "-w", "-t", str(int(START_S)), "-D", str(self.cluster)),
            *("-l", str(self.log), "-o", given),
            account=account,
        )

    def _ensure_keeper(self, account: Account) -> None:
        users, place = self._open("postgres.users"), self._open("postgres.keeper")
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(place, fcntl.LOCK_UN)
            program, *arguments = self._stopping()
            numbers = (users, place, self.linger_s, account.uid or "", account.gid or "")
            words = [*map(str, numbers), str(programs(self.version) / program), *arguments]
            subprocess.run(
                [sys.executable, "-I", "-S", keeper.__file__, *words],
                check=True,
                pass_fds=(users, place),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except BlockingIOError:
            return
        except (OSError, subprocess.CalledProcessError):
            raise EmbeddedFailed(log=self.log) from None
        finally:
            os.close(users)
            os.close(place)

    def _stopping(self) -> tuple[str, ...]:
        return ("pg_ctl", "stop", "-m", "fast", "-w", "-D", str(self.cluster))

    def _ensure_database(self) -> None:
        with self._connect("postgres") as connection:
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(known, (DATABASE,)).fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _run(self, program: str, *arguments: str, account: Account) -> bool:
        """Run one of the carried programs as ``account``; its words go nowhere."""
        done = subprocess.run(
            [str(programs(self.version) / program), *arguments],
            check=False,
            cwd="/",
            env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=account.uid,
            group=account.gid,
            extra_groups=None if account.uid is None else [],
        )
        return done.returncode == 0


_servers: dict[Path, EmbeddedPostgres] = {}


def addresses(settings: Settings) -> Addresses:
    """The given addresses, or those of the embedded server, started if need be."""
    if settings.database_url and settings.database_owner_url:
        return Addresses(settings.database_owner_url, settings.database_url)
    server = _servers.setdefault(settings.data_dir, EmbeddedPostgres(settings.data_dir))
    return server.start()


def release(settings: Settings) -> bool:
    """Let go of the embedded server before the process ends; says whether it was stopped."""
    server = _servers.pop(settings.data_dir, None)
    return server.stop() if server else False
