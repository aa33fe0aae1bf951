"""The virus scanner: ClamAV's daemon over a socket, when an office has set one.

Set and not answering, it refuses every file: a file nobody looked at is not taken for clean.
"""

from __future__ import annotations

import os
import socket
import struct
from typing import BinaryIO, Literal

from runtime.errors import BadInput, PartMissing

PIECE = 64 * 1024
LONGEST_ANSWER = 4096
Verdict = Literal["clean", "not_scanned"]


class ScannerAbsent(PartMissing):
    """The scanner is set and does not answer as one."""

    code = "scan.absent"


class VirusFound(BadInput):
    """The scanner found something. Details: ``name``."""

    code = "scan.found"


class Scanner:
    """``address``: a socket's path or host:port; None when no scanner is set."""

    def __init__(self, address: str | None, timeout_s: float = 60.0) -> None:
        self._address = address
        self._timeout_s = timeout_s

    def scan(self, content: BinaryIO) -> Verdict:
        """Look through a file. Raises `VirusFound` or `ScannerAbsent`."""
        if self._address is None:
            return "not_scanned"
        content.seek(0)
        try:
            with self._connected() as link:
                link.sendall(b"zINSTREAM\0")
                while piece := content.read(PIECE):
                    link.sendall(struct.pack("!I", len(piece)) + piece)
                link.sendall(struct.pack("!I", 0))
                answer = _answer(link)
        except OSError as error:
            raise ScannerAbsent from error
        if answer.endswith("FOUND"):
            raise VirusFound(name=answer.removeprefix("stream:").removesuffix("FOUND").strip())
        if answer != "stream: OK":
            raise ScannerAbsent
        return "clean"

    def ping(self) -> None:
        """Raise `ScannerAbsent` when a scanner is set and does not answer."""
        if self._address is None:
            return
        try:
            with self._connected() as link:
                link.sendall(b"zPING\0")
                if _answer(link) != "PONG":
                    raise ScannerAbsent
        except OSError as error:
            raise ScannerAbsent from error

    def _connected(self) -> socket.socket:
        address = str(self._address)
        if os.sep in address:
            link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            link.settimeout(self._timeout_s)
            try:
                link.connect(address)
            except OSError:
                link.close()
                raise
            return link
        host, _, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=self._timeout_s)


def _answer(link: socket.socket) -> str:
    heard = b""
    while not heard.endswith(b"\0") and len(heard) < LONGEST_ANSWER:
        piece = link.recv(1024)
        if not piece:
            break
        heard += piece
    return heard.rstrip(b"\0").decode(errors="replace").strip()
