"""A cable between the pages and the API that can be pulled out and put in again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

ENDED_S = 5.0


class Cable:
    """Carries bytes from a port of this computer to the office, while it is plugged in."""

    def __init__(self, port: int, office: tuple[str, int]) -> None:
        self._office = office
        self._plugged = threading.Event()
        self._open: list[socket.socket] = []
        self._lines: list[threading.Thread] = []
        self._door = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._carry, daemon=True).start()

    def plug(self) -> None:
        """From now on the office is reached."""
        self._plugged.set()

    def pull(self) -> None:
        """From now on nothing is reached, and what was open is cut off."""
        self._plugged.clear()
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def close(self) -> None:
        """Take the cable away."""
        self.pull()
        self._door.close()
        for line in self._lines:
            line.join(ENDED_S)

    def _carry(self) -> None:
        with suppress(OSError):  # the door is closed
            while True:
                near, _ = self._door.accept()
                if not self._plugged.is_set():
                    near.close()
                    continue
                far = socket.create_connection(self._office)
                self._open += [near, far]
                line = threading.Thread(target=_both_ways, args=(near, far), daemon=True)
                self._lines.append(line)
                line.start()


def _both_ways(near: socket.socket, far: socket.socket) -> None:
    """One conversation, closed at both ends when it is over."""
    with near, far:
        back = threading.Thread(target=_pour, args=(far, near), daemon=True)
        back.start()
        _pour(near, far)
        back.join()


def _pour(source: socket.socket, into: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65536):
            into.sendall(content)
    with suppress(OSError):
        into.shutdown(socket.SHUT_WR)


@contextmanager
def cable(port: int, office: tuple[str, int]) -> Iterator[Cable]:
    """A cable that is not plugged in yet."""
    laid = Cable(port, office)
    try:
        yield laid
    finally:
        laid.close()
