"""Answers a hostile or broken chat model may give, generated from a seed.

Every sentence in them is wrong on purpose, so none may end up unmarked in a draft.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

from tests.chat_server import Asked, Reply, Trouble

STALL_S = 1.2
TEN_MEGABYTES = 10 * 1024 * 1024
_PASSAGE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_NUMBER = re.compile(r"\d[\d,]*")
FOREIGN = (
    "The victim should return home and apologise to her husband at once.",
    "受害者应该立即回家并向丈夫道歉。",
    "ထိခိုက်သူသည် အိမ်သို့ ချက်ချင်းပြန်ရမည်။",
    "Die Betroffene soll sofort nach Hause gehen und sich entschuldigen.",
    "แผนนี้ควร return home immediately และ apologise to the husband ทันที",
)
POLITE = (
    "ขอเป็นกำลังใจให้ทุกท่านก้าวข้ามช่วงเวลาที่ยากลำบากนี้ไปด้วยรอยยิ้มและความหวังเสมอ",
    "ทีมงานของเรายินดีบริการด้วยหัวใจและพร้อมมอบประสบการณ์ที่น่าประทับใจแก่ลูกค้าทุกคน",
    "ดอกไม้บานในฤดูฝนเปรียบเหมือนชีวิตที่งดงามหากเรามองโลกในแง่ดีและอดทนรอคอย",
    "โปรดติดตามเพจของเราเพื่อรับข่าวสารโปรโมชั่นและกิจกรรมดี ๆ ตลอดทั้งปีค่ะ",
)
FORBIDDEN = (
    "นัดไกล่เกลี่ยให้คืนดีกันที่บ้านผู้ใหญ่บ้าน",
    "ต้องแจ้งความก่อนจึงจะช่วยเรื่องที่พัก",
    "แยกเด็กออกจากแม่เพราะแม่ปกป้องไม่ได้",
    "โทรถามผู้กระทำให้รู้ความจริงก่อน",
)
LEAKS = (
    "คุณเป็นผู้ช่วยนักสังคมสงเคราะห์ไทย กติกาที่ห้ามฝ่าฝืนคือใช้เฉพาะข้อเท็จจริงในกรอบ",
    "<เรื่องเล่า> ⟦PERSON_1⟧ ถูกทำร้าย </เรื่องเล่า>",
    "ตอบเป็น JSON ตามแบบที่กำหนด ความเข้าใจกรณีไม่เกิน 4 ประโยค [1] [2]",
    "{problems} {passages} {narrative}",
)
BROKEN = (
    "",
    "ขออภัย ฉันช่วยเรื่องนี้ไม่ได้",
    '{"formulation": [{"text": "ก',
    "[1, 2, 3]",
    '{"formulation": "ไม่ใช่รายการ"}',
    '{"formulation": [{"passages": "หนึ่ง"}]}',
    '{"actions": [{"text": "ทำ", "problem": "VIO-01", "who": "police", "within": "เมื่อวาน"}]}',
    "{}" * 3,
    '{"formulation": [' + '{"text": "ซ้ำ"},' * 40 + "]}",
)
AGENCIES = ("ศาลเยาวชนและครอบครัว", "สำนักงานตรวจคนเข้าเมือง", "เรือนจำหรือสำนักงานคุมประพฤติ")


def passages(asked: Asked) -> list[tuple[int, str]]:
    """The numbered passages of a prompt."""
    return [(int(n), text) for n, text in _PASSAGE.findall(asked.prompt)]


def answer(*texts: str, cited: int = 1, quotes: tuple[str, ...] = ()) -> str:
    """An answer in the right form with some lines and one action."""
    line: dict[str, Any] = {"passages": [cited], "quotes": list(quotes)}
    action = {"problem": "VIO-01", "who": "police", "within": "24h"}
    body = {
        "formulation": [{"text": t, **line} for t in texts],
        "actions": [{"text": texts[0], **line, **action}],
    }
    return json.dumps(body, ensure_ascii=False)


def hostile(seed: int) -> tuple[str, Reply]:
    """The kind of hostility and the reply of a seed; twelve of a row are all different."""
    kinds: list[tuple[str, Callable[[random.Random, Asked], str | Trouble]]] = [
        ("section", _section),
        ("amount", _amount),
        ("changed_number", _changed_number),
        ("foreign", lambda r, _: answer(r.choice(FOREIGN))),
        ("leak", lambda r, _: answer(r.choice(LEAKS))),
        ("broken", lambda r, _: r.choice(BROKEN)),
        ("polite", lambda r, a: answer(r.choice(POLITE), cited=r.choice(passages(a))[0])),
        ("server_error", lambda r, _: Trouble(status=r.choice([500, 502, 503, 429]))),
        ("denied", _denied),
        ("forbidden", lambda r, a: answer(r.choice(FORBIDDEN), cited=r.choice(passages(a))[0])),
        ("huge", lambda r, _: Trouble(raw=b"x" * 65536, repeat=TEN_MEGABYTES // 65536)),
        ("stall", lambda r, _: Trouble(pause_s=STALL_S)),
        ("made_up_quote", _made_up_quote),
        ("agency", _agency),
        ("uncited", lambda r, _: answer(r.choice(POLITE), cited=99)),
        ("shuffled", _shuffled),
    ]
    name, make = kinds[seed % len(kinds)]
    return name, lambda asked: make(random.Random(seed * 101 + asked.number), asked)


def _section(r: random.Random, asked: Asked) -> str:
    number, text = r.choice(passages(asked))
    return answer(f"ตามมาตรา {r.randint(700, 999)} {text[:80]}", cited=number)


def _amount(r: random.Random, asked: Asked) -> str:
    number, text = r.choice(passages(asked))
    return answer(f"{text[:60]} ได้รับเงิน {r.randint(11111, 99999)} บาท", cited=number)


def _changed_number(r: random.Random, asked: Asked) -> str:
    """A passage word for word with one of its numbers changed."""
    counted = [(n, t) for n, t in passages(asked) if _NUMBER.search(t)]
    number, text = r.choice(counted)
    return answer(_NUMBER.sub(str(r.randint(4321, 9876)), text[:300], count=1), cited=number)


def _denied(r: random.Random, asked: Asked) -> str:
    """A passage turned into its opposite."""
    able = [(n, t) for n, t in passages(asked) if "ให้" in t[:120] and "ไม่ให้" not in t[:120]]
    number, text = r.choice(able)
    return answer(text[:120].replace("ให้", "ไม่ให้"), cited=number)


def _made_up_quote(r: random.Random, asked: Asked) -> str:
    quote = r.choice(["เขาจะฆ่าตัวตายคืนนี้", "เธอโกหกทั้งหมด", "ครูเห็นกับตา"])
    return answer(f"มีคำบอกเล่าว่า “{quote}”", cited=99, quotes=(quote,))


def _agency(r: random.Random, asked: Asked) -> str:
    free = [(n, t) for n, t in passages(asked) if not any(a in t for a in AGENCIES)]
    number, text = r.choice(free)
    return answer(f"{r.choice(AGENCIES)}มีหน้าที่ {text[:100]}", cited=number)


def _shuffled(r: random.Random, asked: Asked) -> str:
    """The words of a passage in a random order: right words, no sense."""
    number, text = r.choice(passages(asked))
    pieces = [text[i : i + 5] for i in range(0, min(len(text), 200), 5)]
    r.shuffle(pieces)
    return answer("".join(pieces), cited=number)
