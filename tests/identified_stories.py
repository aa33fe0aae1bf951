"""Stories full of identifying words, by a seed, with a list of every word that must not get out.

Names are drawn from PyThaiNLP's lists, but only those that stand in no other text of ours: a name
that is an ordinary word would be found in every prompt and prove nothing.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from pythainlp.corpus import thai_family_names, thai_female_names, thai_male_names, thai_words

from intake.name_likeness import word_counts

TEMPLATE = (
    "ผู้แจ้งคือนาง{f1} {s1} โทร {phone} เป็นป้าของเด็ก แจ้งว่าเมื่อคืนนาย{m1} {s2} เมาแล้วบีบคอ"
    "น.ส.{f2} {s1} จนหายใจไม่ออก ลูกชื่อ ด.ช.{m2} {s2} เลขบัตร {id} เกิดวันที่ {born} "
    "เรียนที่โรงเรียนบ้าน{village} เห็นเหตุการณ์ทั้งหมด บ้านเลขที่ {house} หมู่ {moo} ต.{tambon} "
    "อ.{amphoe} จ.ขอนแก่น รถกระบะทะเบียน {plate} ขอนแก่น HN {hn} อีเมล {email} ไลน์ {line} "
    "บัญชีออมสิน {account} ตอนนี้{f2}กับ{m2}หนีมาอยู่บ้านยาย {m1}ขู่จะมารับลูกพรุ่งนี้ "
    "{f2}ยังไม่อยากแจ้งความ บัตรเอทีเอ็มอยู่กับ{m1}"
)
LATIN = "abcdefghjkmnpqrstuvwxyz"
MONTHS = ("มกราคม", "มี.ค.", "กรกฎาคม", "ธ.ค.")


@dataclass(frozen=True)
class Identified:
    """A story and the words that identify somebody in it."""

    text: str
    secrets: tuple[str, ...]


def identified(seed: int) -> Identified:
    """The story of a seed."""
    dice = random.Random(seed)
    words = _people(dice) | _places(dice) | _numbers(dice)
    text = TEMPLATE.format(**words)
    shown = {"moo"}
    return Identified(text, tuple(w for slot, w in words.items() if slot not in shown))


@cache
def _given(female: bool) -> tuple[str, ...]:
    return _rare(thai_female_names() if female else thai_male_names())


@cache
def _family() -> tuple[str, ...]:
    return _rare(thai_family_names())


def _rare(names: frozenset[str]) -> tuple[str, ...]:
    """Names that are no word and stand in no corpus."""
    return tuple(
        sorted(
            n
            for n in names
            if 6 <= len(n) <= 11 and n not in thai_words() and not word_counts().get(n)
        )
    )


def _people(dice: random.Random) -> dict[str, str]:
    f1, f2 = dice.sample(_given(True), 2)
    m1, m2 = dice.sample(_given(False), 2)
    s1, s2 = dice.sample(_family(), 2)
    return {"f1": f1, "f2": f2, "m1": m1, "m2": m2, "s1": s1, "s2": s2}


def _places(dice: random.Random) -> dict[str, str]:
    village, tambon, amphoe = dice.sample(_family(), 3)
    house = f"{dice.randint(100, 999)}/{dice.randint(10, 99)}"
    moo = str(dice.randint(1, 19))
    return {"village": village, "tambon": tambon, "amphoe": amphoe, "house": house, "moo": moo}


def _numbers(dice: random.Random) -> dict[str, str]:
    def digits(count: int) -> str:
        return "".join(str(dice.randint(0, 9)) for _ in range(count))

    name = "".join(dice.choices(LATIN, k=7))
    thai = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    number = f"1-0000-{digits(5)}-{digits(2)}-{digits(1)}"
    return {
        "phone": f"08{digits(1)}-000-{digits(4)}",
        "id": number.translate(thai) if dice.random() < 0.5 else number,
        "born": f"{dice.randint(1, 28)} {dice.choice(MONTHS)} 25{digits(2)}",
        "plate": f"บล {dice.randint(1000, 9999)}",
        "hn": f"00{digits(5)}",
        "email": f"{name}@example.org",
        "line": f"{name}_{digits(2)}",
        "account": f"0{digits(2)}-{digits(1)}-{digits(5)}-{digits(1)}",
    }
