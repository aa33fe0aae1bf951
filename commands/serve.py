"""``cmis serve`` and ``cmis worker``: UI and API on one port, jobs in a process beside them."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from cases.seeds import FIRST_LOGIN, seed_demo
from commands.output import err, progress
from commands.wiring import Wiring
from runtime.errors import PartMissing
from runtime.messages import sentence
from runtime.settings import Settings

STOP_S = 40


class PortTaken(PartMissing):
    """Another program listens there. Details: ``port``."""

    code = "cli.port_taken"


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("serve")(serve)
    app.command("worker")(worker)


def serve(
    with_worker: Annotated[bool, typer.Option("--worker/--no-worker")] = True,
) -> None:
    """Serve UI and API until stopped; a worker runs beside unless --no-worker."""
    serve_wired(Wiring.from_environment(server=True), with_worker=with_worker)


def worker() -> None:
    """Take jobs until stopped."""
    wiring = Wiring.from_environment(server=True)
    wiring.ensure_knowledge()
    wiring.worker().run()


def serve_wired(wiring: Wiring, *, with_worker: bool = True) -> None:
    """Serve with parts that may be open already."""
    import uvicorn

    check_port(wiring.settings)
    with progress(sentence("cli.kb.loading")) as step:
        wiring.ensure_knowledge(step)
    if wiring.settings.demo:
        announce_demo(wiring)
    announce_empty(wiring)
    application = wiring.application()
    config = uvicorn.Config(
        application,
        host=wiring.settings.host,
        port=wiring.settings.port,
        log_config=None,
        timeout_graceful_shutdown=5,
    )
    base = f"http://{wiring.settings.host}:{wiring.settings.port}"
    err.print(sentence("cli.serving", ui=f"{base}/", api=f"{base}/api/docs"), markup=False)
    with _worker_beside(with_worker):
        uvicorn.Server(config).run()


def check_port(settings: Settings) -> None:
    """Raise `PortTaken` when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortTaken(port=settings.port) from error


def announce_demo(wiring: Wiring) -> None:
    """Make the demo office and say how to sign in."""
    given = wiring.settings.demo_password
    password = seed_demo(wiring.database, given.get_secret_value() if given else None)
    line = sentence("cli.demo_login", user=FIRST_LOGIN, password=password)
    err.print(line, markup=False)


def announce_empty(wiring: Wiring) -> None:
    """Say in both languages what to do while nobody has an account."""
    if wiring.services.accounts.nobody_yet():
        for lang in ("th", "en"):
            err.print(sentence("office.empty", lang), markup=False)


@contextmanager
def _worker_beside(wanted: bool) -> Iterator[None]:
    if not wanted:
        yield
        return
    beside = subprocess.Popen([sys.executable, "-m", "commands", "worker"])
    try:
        yield
    finally:
        beside.send_signal(signal.SIGTERM)
        try:
            beside.wait(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            beside.kill()
