"""Pieces of HTML for administration; everything from outside is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from ui.calendar import day, moment
from ui.marks import alert, chip, headline, quiet
from ui.titles import title
from ui.words import say

JOBS = {"failed": "danger", "doing": "inferred", "succeeded": "rule"}
SHOWN = 30


def account(row: Mapping[str, Any], agencies: Mapping[str, str], lang: str) -> str:
    """An account: name, login, role, agency, and whether it is locked."""
    chips = chip(say(f"duty.{row['role']}", lang))
    if not row["active"]:
        chips += chip(f"✗ {say('admin.locked', lang)}", "danger")
    elif row["locked_until"]:
        chips += chip(say("admin.paused", lang, when=moment(row["locked_until"], lang)), "inferred")
    agency = agencies.get(row["agency_id"], row["agency_id"])
    last = row["last_seen_at"]
    seen = say("admin.seen", lang, when=moment(last, lang)) if last else say("admin.unseen", lang)
    return headline(row["name"], row["login"], chips, f"{agency} · {seen}")


def agency(row: Mapping[str, Any], lang: str) -> str:
    """An agency: name, id, what is special about it, where it works, how it is reached."""
    chips = chip(say("admin.two_people", lang), "rule") if row["two_person_approval"] else ""
    chips += chip(say("admin.receives" if row["receives"] else "agencies.receives_not", lang))
    below = " · ".join(filter(None, (say(f"region.{row['region']}", lang), row["contact"])))
    return headline(row[f"name_{lang}"], row["id"], chips, below)


def _listed(rows: Iterable[tuple[str, str]]) -> str:
    """A list of lines: words that are escaped here, then HTML."""
    told = "".join(
        f'<li><span class="cmis-day">{escape(head)}</span><span>{body}</span></li>'
        for head, body in rows
    )
    return f'<ul class="cmis-dated">{told}</ul>'


def counts(found: Mapping[str, int], lang: str) -> str:
    """How many jobs there are of each state."""
    return "".join(
        chip(f"{say(f'job.{status}', lang)} {count}", JOBS.get(status, "quiet"))
        for status, count in sorted(found.items())
    )


def job(row: Mapping[str, Any], lang: str) -> str:
    """One job."""
    chips = chip(say(f"job.{row['status']}", lang), JOBS.get(row["status"], "quiet"))
    tried = say("admin.attempts", lang, count=row["attempts"])
    return headline(
        row["task_name"], f"#{row['id']}", chips, f"{moment(row['last_at'], lang)} · {tried}"
    )


def due(rows: Iterable[Mapping[str, Any]], lang: str) -> str:
    """Entries to look at again, by the day their review was due."""
    return _listed(
        (_due_on(row, lang), f"{escape(title(row, lang))} {chip(row['id'])}") for row in rows
    )


def _due_on(row: Mapping[str, Any], lang: str) -> str:
    return day(row["due_on"], lang) if row["due_on"] else say("admin.never", lang)


def health(parts: Mapping[str, bool], lang: str) -> str:
    """Every part, and whether it answers."""
    told = "".join(
        f"<li><span>{escape(say(f'part.{name}', lang))}</span>{chip(*_answer(answers, lang))}</li>"
        for name, answers in parts.items()
    )
    return f'<div class="cmis-checklist"><ul>{told}</ul></div>'


def _answer(answers: bool, lang: str) -> tuple[str, str]:
    if answers:
        return f"✓ {say('admin.answers', lang)}", "rule"
    return f"✗ {say('admin.silent', lang)}", "danger"


def verified(report: Mapping[str, Any], lang: str) -> str:
    """What the verification found: that all holds, or case by case what does not."""
    told = say("admin.counted", lang, cases=report["cases"], events=report["events"])
    if report["ok"]:
        head = escape(say("admin.holds", lang))
        return (
            f'<div class="cmis-approved"><b>✓ {head}</b><div>{escape(told)}</div>'
            f"{_fixed(report, lang)}</div>"
        )
    rows = report["damage"][:SHOWN]
    lines = " · ".join(_damaged(row, lang) for row in rows)
    return alert(say("admin.broken", lang, count=len(report["damage"])), lines, told)


def _damaged(row: Mapping[str, Any], lang: str) -> str:
    nameless = "–" if row["kind"] == "checkpoint" else say("admin.some_case", lang)
    return f"{row['case_number'] or nameless}: {say('damage.' + row['kind'], lang)}"


def _fixed(report: Mapping[str, Any], lang: str) -> str:
    last = report["checkpoint"]
    if not last:
        return ""
    words = escape(say("admin.checkpoint", lang, number=last["number"]))
    return f'<div>{words}</div><div class="cmis-hash">{escape(last["hash"])}</div>'


def asked(run: Mapping[str, Any], lang: str) -> str:
    """Who asked for a check, and when it was asked for and ended."""
    words = say(
        "admin.check_asked",
        lang,
        who=run["requested_by"] or "–",
        when=moment(run["requested_at"], lang),
    )
    if run["ended_at"]:
        words += f" · {say('admin.check_ended', lang, when=moment(run['ended_at'], lang))}"
    return quiet(words)


def checks(runs: Iterable[Mapping[str, Any]], lang: str) -> str:
    """Earlier checks, a line each: when, by whom, what came of them."""
    return _listed(
        (
            moment(run["requested_at"], lang),
            f"{escape(run['requested_by'] or '–')} {_came(run, lang)}",
        )
        for run in runs
    )


def _came(run: Mapping[str, Any], lang: str) -> str:
    if run["status"] == "failed":
        return chip(say("admin.check_stopped", lang), "inferred")
    report = run["report"]
    counted = chip(say("admin.counted", lang, cases=report["cases"], events=report["events"]))
    if report["ok"]:
        return chip(f"✓ {say('admin.holds', lang)}", "rule") + counted
    broken = say("admin.broken", lang, count=len(report["damage"]))
    return chip(f"✗ {broken}", "danger") + counted


def opening(row: Mapping[str, Any], when: str) -> str:
    """An emergency opening: who, why, which case, when."""
    return headline(f"{row['name']}: {row['reason']}", row["number"], "", when)
