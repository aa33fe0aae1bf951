"""YAML that remembers its lines, so a finding or an entry can say where it stands in its file.

Every mapping that is an item of a list carries its line number (counted from 1) under
``__line__``; all else is what ``yaml.safe_load`` gives. Reviewed data is held to two rules that
plain YAML does not have: a key stands once, and the file is valid YAML in UTF-8.
"""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any, ClassVar

import yaml

from runtime.errors import BadInput

LINE = "__line__"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DataFileBroken(BadInput):
    """A data file is not YAML, not UTF-8, or says a key twice. Details: file, line, reason."""

    code: ClassVar[str] = "knowledge.data_broken"


class _Marked(_Loader):  # type: ignore[misc]
    """A safe loader that notes lines and refuses a key said twice."""

    def construct_sequence(self, node: Any, deep: bool = False) -> list[Any]:
        items = super().construct_sequence(node, deep=True)
        for child, item in zip(node.value, items, strict=True):
            if isinstance(item, dict):
                item[LINE] = child.start_mark.line + 1
        return list(items)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        return dict(super().construct_mapping(node, deep=deep))


def read_marked(path: Path) -> Any:
    """What the YAML file holds; each mapping in a list carries ``__line__`` (int, from 1).

    Raises DataFileBroken with file, line and reason when the file cannot be read as such.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Marked)  # noqa: S506
    except yaml.YAMLError as broken:
        raise DataFileBroken(file=path.name, line=_line(broken), reason=_reason(broken)) from None
    except UnicodeDecodeError:
        raise DataFileBroken(file=path.name, line=0, reason="not UTF-8") from None


def unmarked(value: Any) -> Any:
    """The same data without any ``__line__``, for models that refuse unknown keys."""
    if isinstance(value, dict):
        return {key: unmarked(item) for key, item in value.items() if key != LINE}
    if isinstance(value, list):
        return [unmarked(item) for item in value]
    return value


def _line(broken: yaml.YAMLError) -> int:
    mark = getattr(broken, "problem_mark", None)
    return mark.line + 1 if mark else 0


def _reason(broken: yaml.YAMLError) -> str:
    return str(getattr(broken, "problem", None) or broken).splitlines()[0]
