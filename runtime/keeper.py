"""Stops the embedded server once its last user is gone, however that user ended.

Started as a program of its own (standard library only, detached) with two inherited files:
``users``, on which every using process holds a shared kernel lock, and ``keeper``, held
exclusively so that there is one keeper. The kernel lets go of a dead process's locks, also
after kill -9, so no list of process ids can go stale. While the exclusive lock on ``users``
is held, a newcomer waits, finds the server stopped, and starts it again.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time


def keep(
    users: int, keeper: int, linger_s: float, command: list[str], account: dict[str, int]
) -> None:
    """Wait until nobody holds ``users`` for ``linger_s`` seconds, then run ``command``.

    ``account`` is empty or holds ``user`` and ``group`` ids to run it under.
    """
    try:
        fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    while True:
        fcntl.flock(users, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_UN)
        time.sleep(linger_s)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        subprocess.run(
            command,
            check=False,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            extra_groups=[] if account else None,
            user=account.get("user"),
            group=account.get("group"),
        )
        # In this order: who next gets hold of `users` must find the keeper's place free.
        fcntl.flock(keeper, fcntl.LOCK_UN)
        fcntl.flock(users, fcntl.LOCK_UN)
        return


def main(arguments: list[str]) -> None:
    """Leave the starter's process tree, then keep."""
    if os.fork():
        return
    os.setsid()
    users, keeper, linger, uid, gid, *command = arguments
    account = {"user": int(uid), "group": int(gid)} if uid else {}
    keep(int(users), int(keeper), float(linger), command, account)


if __name__ == "__main__":
    main(sys.argv[1:])
