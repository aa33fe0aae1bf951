"""A sealed file gives back every byte from anywhere, and nothing to who lacks the key."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from runtime.sealed_files import HEADER, PIECE, TAG, SealBroken, key_of, seal, unsealed

KEY = key_of("s" * 40, b"salt")
SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 17]


def sealed(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "ab" / "file"
    seal(io.BytesIO(content), path, KEY)
    return path


@pytest.mark.parametrize("size", SIZES)
def test_the_content_comes_back_whole(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    path = sealed(tmp_path, content)
    with unsealed(path, KEY) as file:
        assert file.read() == content
        assert file.seek(0, os.SEEK_END) == size
    assert path.stat().st_size == HEADER.size + size + TAG * -(-size // PIECE)
    assert path.stat().st_mode & 0o077 == 0
    assert [p.name for p in path.parent.iterdir()] == ["file"]


def test_it_is_read_from_the_middle(tmp_path: Path) -> None:
    content = os.urandom(3 * PIECE + 17)
    with unsealed(sealed(tmp_path, content), KEY) as file:
        for at in (5, 2 * PIECE - 3, 0, 3 * PIECE + 16, PIECE):
            file.seek(at)
            assert file.read(9) == content[at : at + 9]
        file.seek(-4, os.SEEK_END)
        file.seek(1, os.SEEK_CUR)
        assert file.read() == content[-3:]
        file.seek(10 * PIECE)
        assert file.read() == b""


def test_nothing_of_the_content_stands_in_the_file(tmp_path: Path) -> None:
    content = b"the words of a child " * 5000
    assert b"child" not in sealed(tmp_path, content).read_bytes()


@pytest.mark.parametrize("at", [3, 10, 20, 100, HEADER.size + PIECE + TAG + 40])
def test_one_changed_byte_is_noticed(tmp_path: Path, at: int) -> None:
    path = sealed(tmp_path, os.urandom(2 * PIECE))
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(SealBroken):
        read_all(path, KEY)


def test_moved_and_lost_pieces_are_noticed(tmp_path: Path) -> None:
    path = sealed(tmp_path, os.urandom(2 * PIECE))
    content = path.read_bytes()
    body, step = content[HEADER.size :], PIECE + TAG
    path.write_bytes(content[: HEADER.size] + body[step:] + body[:step])
    with pytest.raises(SealBroken):
        read_all(path, KEY)
    path.write_bytes(content[: HEADER.size + step])
    with pytest.raises(SealBroken):
        read_all(path, KEY)


def test_another_key_and_no_file_open_nothing(tmp_path: Path) -> None:
    path = sealed(tmp_path, b"words")
    for key in (key_of("s" * 40, b"other salt"), key_of("t" * 40, b"salt")):
        with pytest.raises(SealBroken):
            read_all(path, key)
    with pytest.raises(SealBroken):
        read_all(tmp_path / "none", KEY)


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        seal(Broken(b"words"), tmp_path / "file", KEY)
    assert list(tmp_path.iterdir()) == []


def read_all(path: Path, key: bytes) -> bytes:
    with unsealed(path, key) as file:
        return file.read()
