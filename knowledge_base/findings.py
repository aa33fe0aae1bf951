"""One thing wrong in a data file, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.entries import Frozen
from knowledge_base.marked_yaml import LINE, DataFileBroken, read_marked
from runtime.messages import sentence

Step = str | int


class Finding(Frozen):
    """One thing wrong. ``line`` counts from 1; 0 is the file as a whole."""

    file: str
    line: int
    code: str
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """The finding with its words in both languages."""
        places = {"detail": self.detail}
        return self.model_dump() | {
            "message_th": sentence(self.code, "th", **places),
            "message_en": sentence(self.code, "en", **places),
        }


def finding(file: str, line: int, code: str, detail: object = "") -> Finding:
    """A finding of ``check.CODE``."""
    return Finding(file=file, line=line, code=f"check.{code}", detail=str(detail))


def unreadable(broken: DataFileBroken, file: str) -> Finding:
    """A file that cannot be read as what it should hold, at the line the reader stopped."""
    line = broken.details.get("line")
    at_line = line if isinstance(line, int) else 0
    return finding(file, at_line, "unreadable", broken.details.get("reason", ""))


def at(place: str, code: str, detail: object = "") -> Finding:
    """A finding at ``file:line``."""
    file, _, line = place.rpartition(":")
    return finding(file, int(line or 0), code, detail)


class DataFile:
    """A data file under check: its content with lines, and the line of any value in it."""

    def __init__(self, data_dir: Path, name: str) -> None:
        self.name = name
        self._path = data_dir / name

    @cached_property
    def content(self) -> Any:
        """What the file holds. Raises `DataFileBroken`."""
        return read_marked(self._path)

    @cached_property
    def lines(self) -> list[str]:
        """The raw lines. Raises `DataFileBroken` when they are not UTF-8."""
        try:
            return self._path.read_bytes().decode("utf-8").split("\n")
        except UnicodeDecodeError:
            raise DataFileBroken(file=self.name, line=0, reason="not UTF-8") from None

    def rows(self, key: str) -> list[Row]:
        """The mappings of the list ``key``; none when the file has no such list."""
        held = self.content.get(key) if isinstance(self.content, Mapping) else None
        rows = held if isinstance(held, list) else []
        return [Row(self, row, (key, n)) for n, row in enumerate(rows) if isinstance(row, Mapping)]

    def line_of(self, *steps: Step) -> int:
        """The line of the value that keys and positions lead to, as far as they lead."""
        node, line = self._tree, 1
        for step in steps:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return line

    def finding(self, code: str, detail: object = "", *steps: Step) -> Finding:
        """A finding at the value that ``steps`` lead to."""
        return finding(self.name, self.line_of(*steps), code, detail)

    @cached_property
    def _tree(self) -> Any:
        return yaml.compose("\n".join(self.lines), Loader=getattr(yaml, "CSafeLoader"))  # noqa: B009


class DataFiles:
    """The files of a data folder, each read once."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._files: dict[str, DataFile] = {}

    def file(self, name: str) -> DataFile:
        """The file ``name``, such as ``welfare/help-1300.yaml``."""
        return self._files.setdefault(name, DataFile(self.data_dir, name))

    def rows(self, name: str, key: str) -> list[Row]:
        """The mappings of a list of a file."""
        return self.file(name).rows(key)

    def folder(self, name: str = "") -> list[DataFile]:
        """The files right in a folder; of all folders for the empty name."""
        pattern = f"{name}/*.yaml" if name else "**/*.yaml"
        paths = sorted(self.data_dir.glob(pattern))
        return [self.file(path.relative_to(self.data_dir).as_posix()) for path in paths]


class Row:
    """A mapping of a data file, and how one gets to it."""

    def __init__(self, file: DataFile, data: Mapping[str, Any], steps: Sequence[Step]) -> None:
        self.file = file
        self.data = data
        self.steps = tuple(steps)

    def finding(self, code: str, detail: object = "", *steps: Step) -> Finding:
        """A finding at this row, or at a value inside it."""
        if not steps and LINE in self.data:
            return finding(self.file.name, self.data[LINE], code, detail)
        return self.file.finding(code, detail, *self.steps, *steps)

    def rows(self, key: str) -> Iterator[Row]:
        """The mappings of a list inside this row."""
        held = self.data.get(key)
        for n, row in enumerate(held if isinstance(held, list) else ()):
            if isinstance(row, Mapping):
                yield Row(self.file, row, (*self.steps, key, n))

    def values(self, key: str) -> Iterator[tuple[Any, tuple[Step, ...]]]:
        """The value of ``key``, or each of its list, with the steps to it."""
        held = self.data.get(key)
        if isinstance(held, list):
            yield from ((value, (key, n)) for n, value in enumerate(held))
        elif held is not None:
            yield held, (key,)


def _child(node: Any, step: Step) -> tuple[int, Any] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, value
    return None
