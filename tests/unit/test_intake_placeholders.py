"""The same person, number or place keeps one placeholder; different ones never share it."""

from __future__ import annotations

import pytest

from intake.placeholders import CaseNames, bare_name
from intake.vault import Vault, VaultSealed


def of(names: CaseNames, *words: str, kind: str = "PERSON") -> list[str]:
    """The placeholders of several words, in order."""
    return [names.placeholder(kind, w) for w in words]


@pytest.mark.parametrize("again", ["วิทยา", "วิทยา พลเดช", "คุณวิทยา", "ลุงวิทยา", "พ.ต.ท.วิทยา พลเดช"])
def test_a_person_keeps_the_placeholder_under_every_name(again: str) -> None:
    assert of(CaseNames(), "นายวิทยา พลเดช", again) == ["⟦PERSON_1⟧"] * 2


def test_a_full_name_learned_later_joins_the_first_name() -> None:
    assert of(CaseNames(), "วิทยา", "นายวิทยา พลเดช", "วิทยา") == ["⟦PERSON_1⟧"] * 3


def test_two_people_of_one_first_name_stay_apart() -> None:
    names = CaseNames()
    first, second = of(names, "นายวิทยา พลเดช", "นายวิทยา ศรีอ่อน")
    assert first != second
    assert names.placeholder("PERSON", "วิทยา") not in (first, second)


def test_mother_and_daughter_of_one_family_name_stay_apart() -> None:
    first, second = of(CaseNames(), "นางสมบูรณ์ คำแพงทอง", "น.ส.ปิยนุช คำแพงทอง")
    assert first != second


def test_a_nickname_joins_whom_the_text_says_it_is() -> None:
    names = CaseNames()
    full = names.placeholder("PERSON", "ด.ญ.กัญญาพร มีสุขดี")
    assert names.placeholder("PERSON", "น้องมะปราง", same_as=full) == full
    assert names.placeholder("PERSON", "มะปราง") == full


def test_a_number_keeps_the_placeholder_in_every_spelling() -> None:
    spellings = ["081-000-0417", "081 000 0417", "๐๘๑๐๐๐๐๔๑๗", "0810000417"]
    assert of(CaseNames(), *spellings, kind="PHONE") == ["⟦PHONE_1⟧"] * 4


def test_other_types_never_share_a_placeholder() -> None:
    names = CaseNames()
    assert names.placeholder("PHONE", "0810000417") == "⟦PHONE_1⟧"
    assert names.placeholder("ACCOUNT", "0810000417") == "⟦ACCOUNT_1⟧"


def test_titles_are_no_part_of_a_name() -> None:
    assert bare_name("คุณครูสุภาวดี ศรีอ่อน") == ("สุภาวดี", "ศรีอ่อน")
    assert bare_name("น้องมะปราง") == ("มะปราง",)


def test_the_vault_opens_only_with_its_key() -> None:
    names = CaseNames({"⟦PERSON_1⟧": ["บุษบา", "น้องบุษ"]})
    sealed = Vault(b"secret").seal(names)
    assert "บุษบา".encode() not in sealed
    assert Vault(b"secret").open(sealed).forms == names.forms
    assert Vault(b"secret").open(None).forms == {}
    with pytest.raises(VaultSealed):
        Vault(b"other").open(sealed)
    with pytest.raises(VaultSealed):
        Vault(b"secret").open(sealed[:-2] + b"xx")
