"""The keeper: runs its command once, when the last holder is gone."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from runtime import keeper, postgres_files
from runtime.messages import LANGUAGES
from runtime.postgres_files import Account, NoDatabaseAccount, account_for


def handle(tmp_path: Path, name: str) -> int:
    return os.open(tmp_path / name, os.O_RDWR | os.O_CREAT, 0o600)


def start(tmp_path: Path, linger_s: float) -> threading.Thread:
    touch = [sys.executable, "-S", "-c", f"open({str(tmp_path / 'stopped')!r}, 'a').write('x')"]
    handles = handle(tmp_path, "users"), handle(tmp_path, "keeper")

    def run() -> None:
        keeper.keep(*handles, linger_s, touch, {})
        for one in handles:
            os.close(one)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def held(tmp_path: Path) -> int:
    users = handle(tmp_path, "users")
    fcntl.flock(users, fcntl.LOCK_SH)
    return users


def stopped(tmp_path: Path) -> bool:
    return (tmp_path / "stopped").exists()


def test_command_runs_when_the_last_holder_is_gone(tmp_path: Path) -> None:
    first, second = held(tmp_path), held(tmp_path)
    thread = start(tmp_path, 0.05)
    os.close(first)
    time.sleep(0.3)
    assert not stopped(tmp_path)
    os.close(second)
    thread.join(timeout=10)
    assert (tmp_path / "stopped").read_text() == "x"


def test_holder_who_comes_back_in_time_keeps_it(tmp_path: Path) -> None:
    first = held(tmp_path)
    thread = start(tmp_path, 0.5)
    os.close(first)
    time.sleep(0.1)
    again = held(tmp_path)
    time.sleep(1)
    assert not stopped(tmp_path)
    os.close(again)
    thread.join(timeout=10)
    assert stopped(tmp_path)


def test_second_keeper_goes_away(tmp_path: Path) -> None:
    users = held(tmp_path)
    first = start(tmp_path, 0.0)
    time.sleep(0.2)
    second = start(tmp_path, 0.0)
    second.join(timeout=10)
    assert not second.is_alive()
    assert not stopped(tmp_path)
    os.close(users)
    first.join(timeout=10)
    assert (tmp_path / "stopped").read_text() == "x"


def test_place_is_free_once_it_is_done(tmp_path: Path) -> None:
    start(tmp_path, 0.0).join(timeout=10)
    start(tmp_path, 0.0).join(timeout=10)
    assert (tmp_path / "stopped").read_text() == "xx"


def test_as_a_program_it_leaves_its_starter_at_once(tmp_path: Path) -> None:
    users = held(tmp_path)
    mine, place = handle(tmp_path, "users"), handle(tmp_path, "keeper")
    touch = [sys.executable, "-S", "-c", f"open({str(tmp_path / 'stopped')!r}, 'a').write('x')"]
    begun = time.monotonic()
    subprocess.run(
        [sys.executable, "-I", "-S", keeper.__file__, str(mine), str(place), "0", "", "", *touch],
        check=True,
        pass_fds=(mine, place),
        timeout=10,
    )
    assert time.monotonic() - begun < 5
    for one in (mine, place, users):
        os.close(one)
    until = time.monotonic() + 10
    while not stopped(tmp_path) and time.monotonic() < until:
        time.sleep(0.05)
    assert stopped(tmp_path)


def test_ordinary_user_needs_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert account_for(Path("/nowhere/at/all")) == Account()
    assert Account().owner == 1000


def test_root_without_any_account_is_told_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgres_files, "_entry", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoDatabaseAccount) as refused:
        account_for()
    for lang in LANGUAGES:
        assert "cmis-postgres" in refused.value.say(lang)
