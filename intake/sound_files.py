"""What kind of sound file some bytes are, and whether the file ends where its own header says.

The decoder behind us knows hundreds of formats, some of which open other files or addresses. So
the kind is read from the first bytes here, and the decoder is told to take that kind and no other.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from intake.sound_errors import SoundEmpty, SoundIsVideo, SoundTruncated, SoundUnknown

UNKNOWN_LENGTHS = (0, 0xFFFFFFFF)
OGG_TAIL = 70_000  # one Ogg page is at most 65,307 bytes
OGG_LAST = 4


class Kind(NamedTuple):
    """A kind of file: the decoder's name for it, and its media type."""

    decoder: str
    media_type: str


WAV = Kind("wav", "audio/wav")
MP3 = Kind("mp3", "audio/mpeg")
M4A = Kind("mov", "audio/mp4")
OGG = Kind("ogg", "audio/ogg")
FLAC = Kind("flac", "audio/flac")
WEBM = Kind("matroska", "audio/webm")
ENDINGS = ("wav", "mp3", "m4a", "ogg", "flac", "webm")
VIDEO_STARTS = (b"FLV\x01", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"\x30\x26\xb2\x75")


def kind_of(file: BinaryIO) -> Kind:
    """The kind of a file by its content. Raises `SoundEmpty`, `SoundIsVideo` or `SoundUnknown`."""
    file.seek(0)
    head = file.read(400)
    if not head:
        raise SoundEmpty
    for kind, fits in _FITS.items():
        if fits(head):
            return kind
    if head.startswith(VIDEO_STARTS) or head[8:12] == b"AVI " or _is_transport_stream(head):
        raise SoundIsVideo
    raise SoundUnknown


def check_end(file: BinaryIO, kind: Kind) -> None:
    """Raise `SoundTruncated` when the file is shorter than its own header says."""
    check = _ENDS.get(kind)
    if check and not check(file, file.seek(0, os.SEEK_END)):
        raise SoundTruncated


def says_its_length(file: BinaryIO, kind: Kind) -> bool:
    """Whether the length a decoder reports was written in the file and not guessed from its size.

    Only an mp3 may have none: a first frame named Xing, Info or VBRI counts the others.
    """
    if kind is not MP3:
        return True
    file.seek(0)
    head = file.read(10)
    start = 10 + _syncsafe(head[6:10]) if head.startswith(b"ID3") else 0
    file.seek(start)
    frame = file.read(400)
    return any(name in frame for name in (b"Xing", b"Info", b"VBRI"))


def _is_mp3(head: bytes) -> bool:
    layer_three = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2
    return head.startswith(b"ID3") or layer_three


def _is_transport_stream(head: bytes) -> bool:
    return len(head) > 376 and {head[0], head[188], head[376]} == {0x47}


_FITS: dict[Kind, Callable[[bytes], bool]] = {
    WAV: lambda head: head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE",
    FLAC: lambda head: head.startswith(b"fLaC"),
    OGG: lambda head: head.startswith(b"OggS"),
    M4A: lambda head: head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"),
    WEBM: lambda head: head.startswith(b"\x1a\x45\xdf\xa3"),
    MP3: _is_mp3,
}


def _wav_ends(file: BinaryIO, size: int) -> bool:
    at = 12
    while at + 8 <= size:
        file.seek(at)
        head = file.read(8)
        length = int.from_bytes(head[4:8], "little")
        if head[:4] == b"data":
            return length in UNKNOWN_LENGTHS or at + 8 + length <= size
        at += 8 + length + length % 2
    return False


def _m4a_ends(file: BinaryIO, size: int) -> bool:
    """Every box lies within the file, and the one that describes the sound is among them."""
    at, names = 0, set()
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        length = length or size - at
        names.add(head[4:8])
        at += max(length, 8)
    return at == size and bool(names & {b"moov", b"moof"})


def _ogg_ends(file: BinaryIO, size: int) -> bool:
    """The last page is whole and says that it is the last."""
    tail_at = max(0, size - OGG_TAIL)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0 or at + 27 > len(tail):
        return False
    segments = tail[at + 27 : at + 27 + tail[at + 26]]
    return bool(tail[at + 5] & OGG_LAST) and at + 27 + len(segments) + sum(segments) == len(tail)


def _webm_ends(file: BinaryIO, size: int) -> bool:
    """The segment, when it says its size, lies within the file."""
    file.seek(4)
    length, width = _variable(file.read(8))
    at = 4 + width + (length or 0)
    file.seek(at + 4)
    inner, width = _variable(file.read(8))
    return inner is None or at + 4 + width + inner <= size


_ENDS: dict[Kind, Callable[[BinaryIO, int], bool]] = {
    WAV: _wav_ends,
    M4A: _m4a_ends,
    OGG: _ogg_ends,
    WEBM: _webm_ends,
}


def _variable(head: bytes) -> tuple[int | None, int]:
    """An EBML length and how many bytes it takes; ``None`` when it is left open."""
    if not head or not head[0]:
        return None, 8
    width = 9 - head[0].bit_length()
    bits = 7 * width
    value = int.from_bytes(head[:width], "big") & ((1 << bits) - 1)
    return (None if value == (1 << bits) - 1 else value), width


def _syncsafe(four: bytes) -> int:
    return sum((byte & 0x7F) << (7 * (3 - i)) for i, byte in enumerate(four))
