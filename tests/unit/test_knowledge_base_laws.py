"""The shipped law data: it loads, it joins up, and its numbers stand in the official texts."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from knowledge_base.entries import Confidence, Kind
from knowledge_base.laws import Law, LawEntry, TimeLimit, law_entries, load_laws, load_sources
from knowledge_base.marked_yaml import DataFileBroken
from tests.shared_data import shared

DATA = Path(__file__).parents[2] / "knowledge_base" / "data"
LAWS = load_laws(DATA)
ENTRIES = law_entries(LAWS)
SECTION_OF = {(e.law_id, section): e for e in ENTRIES.values() for section in e.sections}


def test_there_are_at_least_250_entries_and_every_id_is_unique() -> None:
    assert len(ENTRIES) >= 250
    assert sum(len(law.entries) for law in LAWS.values()) == len(ENTRIES)
    assert all(entry.kind is Kind.LAW for entry in ENTRIES.values())


def test_no_section_of_a_law_stands_in_two_entries() -> None:
    stands = Counter((e.law_id, s) for e in ENTRIES.values() for s in e.sections)
    assert [place for place, times in stands.items() if times > 1] == []


def test_every_reference_to_another_entry_resolves() -> None:
    lost = [(e.id, other) for e in ENTRIES.values() for other in e.see if other not in ENTRIES]
    assert lost == []
    assert [e.id for e in ENTRIES.values() if e.id in e.see] == []


def test_every_entry_is_titled_says_something_and_is_reviewed() -> None:
    for entry in ENTRIES.values():
        assert 5 <= len(entry.title_th) <= 80, entry.id
        assert entry.says_th in entry.text_th, entry.id
        assert entry.when_th in entry.text_th, entry.id
        assert entry.reviewed_on is not None, entry.id
        assert "**" not in entry.text_th, entry.id


def test_what_is_not_fully_checked_says_why() -> None:
    weak = (Confidence.PARTLY, Confidence.GENERAL)
    silent = [e.id for e in ENTRIES.values() if e.confidence in weak and not e.confidence_note_th]
    assert silent == []


def test_every_named_source_is_in_the_register() -> None:
    register = load_sources(DATA)
    for holder in (*LAWS.values(), *ENTRIES.values()):
        for source in holder.sources:
            if "#" not in source.ref and not source.ref.startswith("reg-"):
                assert source == register[source.ref], holder.id


def test_an_entry_knows_its_file_and_line() -> None:
    for entry in ENTRIES.values():
        file, line = entry.file.split(":")
        text = (DATA / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert text == f"  - id: {entry.id}"


def test_the_role_ids_are_in_the_vocabulary() -> None:
    roles = {role["id"] for role in _rows("roles.yaml", "roles")}
    used = {role for entry in ENTRIES.values() for role in entry.who_must_act}
    used |= {role for duty in _rows("duties.yaml", "duties") for role in duty["who"]}
    assert used <= roles


def test_child_protection_41_as_a_reader_finds_it() -> None:
    entry = ENTRIES["child-protection-2546#41"]
    assert entry.sections == ("41",)
    assert entry.confidence is Confidence.STATUTE
    assert entry.effective_from == date(2004, 3, 30)
    assert entry.context_th.startswith(LAWS["child-protection-2546"].title_th + " › มาตรา 41 › ")
    assert entry.context_th.endswith("2547")
    assert "โดยสุจริต" in (entry.immunity_th or "")
    assert entry.time_limits[0].within is None


def test_a_penalty_of_another_section_is_added_to_the_text_once() -> None:
    entry = ENTRIES["child-protection-2546#26"]
    assert entry.penalty_th is not None
    assert entry.text_th.count(entry.penalty_th) == 1
    own = ENTRIES["dv-2550#9"]
    assert own.penalty_th is not None
    assert own.text_th.count(own.penalty_th) == 1


def test_the_2562_family_act_is_not_in_force_and_the_2550_act_is() -> None:
    suspended, kept = LAWS["family-institution-2562"], LAWS["dv-2550"]
    assert (suspended.in_force, kept.in_force) == (False, True)
    assert suspended.suspended_by == "family-institution-decree-2562"
    assert "family-institution-decree-2562#4" in {source.ref for source in kept.sources}
    assert "มาตรา 4" in kept.status_th
    for entry in suspended.entries:
        assert not entry.in_force
        assert "ยังไม่ใช้บังคับ" in entry.context_th


def test_only_the_suspended_act_is_not_in_force() -> None:
    assert [law.id for law in LAWS.values() if not law.in_force] == ["family-institution-2562"]
    assert all(law.suspended_by in LAWS for law in LAWS.values() if law.suspended_by)


def test_an_amended_section_or_a_regulation_does_not_take_the_first_day_of_the_act() -> None:
    assert ENTRIES["penal#284/3"].effective_from == date(2025, 12, 30)
    assert ENTRIES["trafficking-2551#6"].effective_from is None
    assert ENTRIES["child-protection-2546#reg-foster-money-2548"].effective_from is None


def test_every_section_the_interventions_cite_has_an_entry() -> None:
    cited = {
        cite for file in sorted((DATA / "interventions").glob("D*.yaml")) for cite in _cites(file)
    }
    assert len(cited) > 200
    assert [c for c in sorted(cited) if tuple(c.split("#")) not in SECTION_OF] == []


@pytest.mark.parametrize("name", ["situations", "traps", "unknowns"])
def test_situations_traps_and_unknowns_point_to_entries(name: str) -> None:
    rows = _rows(f"law-{name}.yaml", name)
    assert len({row["id"] for row in rows}) == len(rows) >= 18
    assert {entry for row in rows for entry in row["entries"]} <= set(ENTRIES)


def test_every_situation_has_a_place_to_start() -> None:
    assert all(row["entries"] for row in _rows("law-situations.yaml", "situations"))


def test_duties_are_unique_timed_and_stand_on_entries() -> None:
    duties = _rows("duties.yaml", "duties")
    assert len({duty["id"] for duty in duties}) == len(duties) >= 59
    for duty in duties:
        assert set(duty["basis"]) <= set(ENTRIES), duty["id"]
        assert duty["basis"] or duty["confidence"] == Confidence.GENERAL, duty["id"]
        TimeLimit(within=duty["within"], start_th=duty["within_th"], th=duty["th"])


@pytest.mark.parametrize("within", ["7 days", "7", "d7", "1w", ""])
def test_a_time_limit_in_another_form_is_refused(within: str) -> None:
    with pytest.raises(ValidationError):
        TimeLimit(within=within, start_th="x", th="y")


def _copy(tmp_path: Path, law: str, change: tuple[str, str]) -> Path:
    (tmp_path / "law").mkdir()
    for name in (f"law/{law}.yaml", "sources-law.yaml"):
        text = (DATA / name).read_text(encoding="utf-8")
        if name.startswith("law/"):
            assert change[0] in text
            text = text.replace(*change, 1)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "change",
    [
        ("within: 48h", "within: two days"),
        ("confidence: statute", "confidence: sure"),
        ("    when_th:", "    whenever_th:"),
        ("  - id: dv-2550#8", "  - id: dv-2551#8"),
        ("  id: dv-2550", "  id: dv-2551"),
        ("in_force: true", "in_force: perhaps"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_its_place(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    with pytest.raises(DataFileBroken) as refused:
        load_laws(_copy(tmp_path, "dv-2550", change))
    assert refused.value.details["file"] == "law/dv-2550.yaml"
    assert int(str(refused.value.details["line"])) >= 1


def test_laws_and_entries_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        LAWS["dv-2550"].in_force = False
    with pytest.raises(ValidationError):
        ENTRIES["dv-2550#4"].says_th = "x"
    assert isinstance(LAWS["dv-2550"], Law)
    assert isinstance(ENTRIES["dv-2550#4"], LawEntry)


# The official texts, where they are at hand

WORDS = {"หนึ่ง": 1, "เอ็ด": 1, "สอง": 2, "ยี่": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6}
WORDS |= {"เจ็ด": 7, "แปด": 8, "เก้า": 9}
PLACES = {"สิบ": 10, "ร้อย": 100, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000}
WORD = "|".join([*WORDS, *PLACES, "ล้าน"])
UNIT = "วัน|เดือน|ปี|ชั่วโมง|บาท|สัปดาห์|คราว"
ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
UNIT_OF = {"h": "ชั่วโมง", "d": "วัน", "mo": "เดือน", "y": "ปี"}
WRITTEN_AS = {(42, "วัน"): (6, "สัปดาห์")}


@pytest.fixture(scope="module")
def official() -> dict[str, str]:
    folder = shared()
    if folder is None:
        pytest.skip("the shared statutes are not beside the repository")
    lines = (folder / "data/statutes/corpus.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["_id"]: row["text"] for row in map(json.loads, lines)}


def number(words: str) -> int:
    """The value of a Thai number in words, or of digits with commas."""
    if words[0].isdigit():
        return int(words.replace(",", ""))
    total, part, last = 0, 0, None
    for word in re.findall(WORD, words):
        if word in WORDS:
            last = WORDS[word]
        elif word == "ล้าน":
            total, part, last = (part + (last or 0)) * 1_000_000, 0, None
        else:
            part, last = part + (1 if last is None else last) * PLACES[word], None
    return total + part + (last or 0)


def amounts(text: str) -> set[tuple[int, str]]:
    """Every (number, unit) in a text, from digits or words."""
    found = re.findall(rf"((?:{WORD})+|\d[\d,]*)\s*({UNIT})", text.translate(ARABIC))
    return {(number(value), unit) for value, unit in found} | {
        (1, unit) for unit in re.findall(rf"({UNIT})หนึ่ง", text)
    }


def spoken(text: str) -> set[tuple[int, str]]:
    """Every (number, unit) of our own words, both ends of a range too."""
    plain = re.sub(r"พ\.ศ\. 25\d\d|25\d\d", "", text)
    ends = re.findall(rf"(?:(\d[\d,]*)\s*-\s*)?(\d[\d,]*)\s*({UNIT})", plain)
    return {(number(value), unit) for *values, unit in ends for value in values if value}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("สี่สิบแปด", 48),
        ("หนึ่งร้อยยี่สิบ", 120),
        ("สิบเอ็ด", 11),
        ("หกพัน", 6_000),
        ("หนึ่งล้านสองแสน", 1_200_000),
        ("สี่พันล้าน", 4_000_000_000),
        ("1,000", 1_000),
    ],
)
def test_thai_numbers_in_words(words: str, value: int) -> None:
    assert number(words) == value


@pytest.mark.shared
def test_every_section_of_a_law_with_official_text_exists(official: dict[str, str]) -> None:
    """A section an amending act put in stands in that act instead, which the entry names."""
    missing = []
    for entry in ENTRIES.values():
        if not LAWS[entry.law_id].text_in_corpus:
            continue
        for section in entry.sections:
            places = (f"{entry.law_id}#{section}", *entry.amended_by)
            if not any(place in official for place in places):
                missing.append((entry.id, section))
    assert missing == []


@pytest.mark.shared
def test_text_in_corpus_is_said_truly(official: dict[str, str]) -> None:
    there = {row.split("#")[0] for row in official}
    assert {law.id for law in LAWS.values() if law.text_in_corpus} == there & set(LAWS)
    cited = {s.ref for e in ENTRIES.values() for s in e.sources if "#" in s.ref}
    assert cited <= set(official)


@pytest.mark.shared
def test_times_and_money_of_checked_entries_stand_in_the_official_text(
    official: dict[str, str],
) -> None:
    wrong = []
    for entry in _comparable():
        own = amounts(" ".join(_own_texts(entry, official)))
        said = spoken(entry.says_th) | set(_limits(entry))
        wrong += [(entry.id, *amount) for amount in sorted(said - own)]
        threatened = spoken(entry.penalty_th or "")
        far = amounts(" ".join(_seen_texts(entry, official)))
        wrong += [(entry.id, *amount) for amount in sorted(threatened - own - far)]
    assert wrong == []


@pytest.mark.shared
def test_nearly_all_entries_with_official_text_are_compared(official: dict[str, str]) -> None:
    """Those that are not compared say why: a note, or a regulation among their sources."""
    there = [e for e in ENTRIES.values() if LAWS[e.law_id].text_in_corpus and e.sections]
    compared = {entry.id for entry in _comparable()}

    assert len(compared) >= 225
    assert [e.id for e in there if e.id not in compared and not _says_why(e)] == []


def _says_why(entry: LawEntry) -> bool:
    by_rule = any(source.ref.startswith("reg-") for source in entry.sources)
    return by_rule or bool(entry.confidence_note_th)


def _comparable() -> Iterator[LawEntry]:
    """Entries compared with sections alone: a regulation's numbers stand in no section."""
    for entry in ENTRIES.values():
        regulations = any(source.ref.startswith("reg-") for source in entry.sources)
        if entry.confidence is Confidence.STATUTE and not regulations and entry.sections:
            yield entry


def _own_texts(entry: LawEntry, official: dict[str, str]) -> Iterator[str]:
    places = {source.ref for source in entry.sources} | set(entry.amended_by)
    places |= {f"{entry.law_id}#{section}" for section in entry.sections}
    yield from (official[place] for place in sorted(places) if place in official)


def _seen_texts(entry: LawEntry, official: dict[str, str]) -> Iterator[str]:
    """A penalty may stand in a section the entry refers to."""
    for other in entry.see:
        yield from _own_texts(ENTRIES[other], official)


def _limits(entry: LawEntry) -> Iterator[tuple[int, str]]:
    for limit in entry.time_limits:
        if limit.within:
            value, unit = re.fullmatch(r"(\d+)(\D+)", limit.within).groups()  # type: ignore[union-attr]
            amount = (int(value), UNIT_OF[unit])
            yield WRITTEN_AS.get(amount, amount)


def _rows(file: str, key: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = yaml.safe_load((DATA / file).read_text(encoding="utf-8"))[key]
    return rows


def _cites(file: Path) -> Iterator[str]:
    yield from (cite for cite in _values(file, "cites") if "#" in cite)


def _values(file: Path, key: str) -> Iterator[str]:
    """Every text under ``key`` anywhere in the file, from a list or alone."""
    waiting: list[object] = [yaml.safe_load(file.read_text(encoding="utf-8"))]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            found = value.get(key, [])
            yield from (found if isinstance(found, list) else [found])
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
