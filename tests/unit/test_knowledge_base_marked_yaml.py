"""Lines of list items, keys that stand twice, and files that are not YAML."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge_base.marked_yaml import LINE, DataFileBroken, read_marked, unmarked

ENTRIES = """\
law: {id: x-1, in_force: true}
entries:
  - id: x-1#1
    sections: ['1']
    limits:
      - within: 7d
      - {within: 30d}

  - id: x-1#2
    since: 2004-03-30
"""


@pytest.fixture
def data_file(tmp_path: Path) -> Path:
    path = tmp_path / "x-1.yaml"
    path.write_text(ENTRIES, encoding="utf-8")
    return path


def test_each_mapping_of_a_list_carries_its_line(data_file: Path) -> None:
    first, second = read_marked(data_file)["entries"]
    assert (first[LINE], second[LINE]) == (3, 9)
    assert [limit[LINE] for limit in first["limits"]] == [6, 7]


def test_other_mappings_and_plain_lists_are_left_plain(data_file: Path) -> None:
    content = read_marked(data_file)
    assert LINE not in content
    assert content["law"] == {"id": "x-1", "in_force": True}
    assert content["entries"][0]["sections"] == ["1"]
    assert content["entries"][1]["since"] == date(2004, 3, 30)


def test_without_marks_it_is_what_safe_load_gives(data_file: Path) -> None:
    assert unmarked(read_marked(data_file)) == yaml.safe_load(ENTRIES)


def test_a_list_at_the_top_and_nested_lists_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "list.yaml"
    path.write_text("- a: 1\n-\n  - b: 2\n- c\n", encoding="utf-8")
    content = read_marked(path)
    assert content[0][LINE] == 1
    assert content[1][0][LINE] == 3
    assert content[2] == "c"


def test_thai_text_keeps_its_code_points(tmp_path: Path) -> None:
    path = tmp_path / "thai.yaml"
    path.write_text("- th: เด็กอายุ ๑๒ ปี\n", encoding="utf-8")
    assert read_marked(path)[0]["th"] == "เด็กอายุ ๑๒ ปี"


def test_an_anchor_used_in_two_lists_reads(tmp_path: Path) -> None:
    path = tmp_path / "anchor.yaml"
    path.write_text("a:\n  - &one {x: 1}\nb:\n  - *one\n", encoding="utf-8")
    assert read_marked(path)["b"][0]["x"] == 1


def test_an_empty_file_is_none(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("", encoding="utf-8")
    assert read_marked(path) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", 3),
        ("- x: 1\n  y: 2\n  x: 3\n", 3),
        ("a: 1\n- b\n", 2),
        ("a: !!python/object:os.system x\n", 1),
    ],
)
def test_broken_files_say_which_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileBroken) as refused:
        read_marked(path)
    assert refused.value.details["file"] == "broken.yaml"
    assert refused.value.details["line"] == line


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tis620.yaml"
    path.write_bytes("th: เด็ก".encode("tis-620"))
    with pytest.raises(DataFileBroken):
        read_marked(path)


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_refusal_has_a_sentence_with_file_and_line(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("a: 1\na: 2\n", encoding="utf-8")
    with pytest.raises(DataFileBroken) as refused:
        read_marked(path)
    sentence = refused.value.say(lang)
    assert "broken.yaml" in sentence
    assert "2" in sentence
