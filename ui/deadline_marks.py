"""Pieces of HTML for deadlines: a line each, and the days with how much falls on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from html import escape
from typing import Any

from ui.calendar import BANGKOK, day, hours_left, left, moment
from ui.marks import capital, chip, headline
from ui.titles import quotable
from ui.words import say

WEEKS = 5
STEPS = (1, 3, 6, 10)  # a day's deadlines from which the next shade begins


def line(row: Mapping[str, Any], lang: str) -> str:
    """One deadline: duty, case, hours left, the section it stands on and what set it going."""
    hours = hours_left(row["due"])
    colour = "danger" if hours < 0 else "inferred" if hours < 72 else "quiet"
    chips = chip(left(hours, lang), colour)
    if row["statutory"]:
        chips += chip(say("today.statutory", lang), "rule")
    if row["first_due"]:
        chips += chip(say("deadlines.moved", lang, when=day(row["first_due"], lang)))
    told = [say("item.due", lang, when=moment(row["due"], lang))]
    start = row[f"start_{lang}"] or row["start_th"]
    told += [say("deadlines.start", lang, what=start)] if start else []
    told += [quotable(section, lang) for section in row["sections"]]
    told += [f"“{row['reason']}”"] if row["reason"] else []
    return headline(capital(row[f"duty_{lang}"]), row["number"], chips, " · ".join(told))


def ended(row: Mapping[str, Any], lang: str) -> str:
    """Who ended or moved it, when and why, as far as it is told; nothing while it waits."""
    waits_again = row["status"] == "open" and row["back_at"] and not row["first_due"]
    told = [] if waits_again else [row["done_name"] or ""]
    told += [moment(row["done_at"], lang)] if row["done_at"] else []
    told += [say("deadlines.moved", lang, when=day(row["first_due"], lang))] * bool(
        row["first_due"]
    )
    told += [f"“{row['reason']}”"] if row["reason"] else []
    told += [_back(row, lang)] if row["back_at"] else []
    return " · ".join(part for part in told if part)


def _back(row: Mapping[str, Any], lang: str) -> str:
    when = moment(row["back_at"], lang)
    return say("deadlines.back", lang, who=row["back_name"], when=when, why=row["back_reason"])


def over(row: Mapping[str, Any], lang: str) -> str:
    """One deadline that was ended today: duty, case, how, by whom, when and why."""
    chips = chip(say(f"deadline.{row['status']}", lang), "rule")
    told = [row["done_name"] or "", moment(row["done_at"], lang)]
    told += [f"“{row['reason']}”"] if row["reason"] else []
    below = " · ".join(part for part in told if part)
    return headline(capital(row[f"duty_{lang}"]), row["number"], chips, below)


def heat(days: Iterable[Mapping[str, Any]], lang: str) -> str:
    """Five weeks from this Monday as a table, each day shaded by how much is due; what is late
    stands above."""
    counts = {date.fromisoformat(row["day"]): row["count"] for row in days}
    today = datetime.now(BANGKOK).date()
    first = today - timedelta(days=today.weekday())
    late = sum(count for when, count in counts.items() if when < today)
    head = "".join(f'<th scope="col">{escape(say(f"weekday.{n}", lang))}</th>' for n in range(7))
    weeks = "".join(
        f"<tr>{''.join(_cell(first + timedelta(days=7 * w + d), counts, today) for d in range(7))}"
        "</tr>"
        for w in range(WEEKS)
    )
    before = chip(say("deadlines.late_before", lang, count=late), "danger") if late else ""
    caption = escape(say("deadlines.heat", lang))
    return (
        f"{before}<table class='cmis-heat'><caption>{caption}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{weeks}</tbody></table>"
    )


def _cell(when: date, counts: Mapping[date, int], today: date) -> str:
    count = counts.get(when, 0)
    shade = sum(count >= step for step in STEPS)
    kind = f"heat-{shade}" + (" today" if when == today else "") + (" past" if when < today else "")
    told = f"<b>{count}</b>" if count else ""
    return f'<td class="{kind}"><span>{when.day}</span>{told}</td>'
