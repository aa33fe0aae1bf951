"""``cmis code``: problem codes, red flags and urgency of one narrative."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from commands.output import AsJson, emit
from commands.wiring import Wiring
from intake.narrative import read_narrative
from intake.people_reading import find_people
from intake.schemas import CodedNarrative, CodedProblem
from runtime.messages import sentence

SHOWN = {"code", "label_th", "score", "role", "spans", "standards"}


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("code")(code)


def code(file: Path, as_json: AsJson = False) -> None:
    """Code one narrative FILE: problem codes with their words, red flags, urgency."""
    narrative = read_narrative(file)
    coded = Wiring.from_environment().coder.code(narrative)
    people = find_people(narrative.text).model_dump(mode="json")
    emit(coding_json(coded) | people, as_json, coding_text)


def coding_json(coded: CodedNarrative) -> dict[str, Any]:
    """The shape of ``cmis code --json``, apart from ``persons`` and ``relations``."""
    return {
        "codes": [_problem(c) for c in coded.codes],
        "urgency": coded.urgency.level,
        "urgency_reason": coded.urgency.reason_th,
        "red_flags": [
            f.model_dump(include={"id", "sign_th", "to_confirm", "spans"}, mode="json")
            for f in coded.red_flags
        ],
        "unsure": [_problem(c) for c in coded.unsure],
        "facts": [f.model_dump() for f in coded.facts],
    }


def _problem(problem: CodedProblem) -> dict[str, Any]:
    return problem.model_dump(include=SHOWN, mode="json")


def coding_text(data: dict[str, Any]) -> str:
    """The same for a person to read."""
    lines = [sentence("cli.code.urgency", level=sentence(f"urgency.{data['urgency']}"))]
    lines += [f"  ! {f['id']} {f['sign_th']} {_words(f)}" for f in data["red_flags"]]
    lines += [f"  {c['code']} {c['label_th']} {c['score']:.2f} {_words(c)}" for c in data["codes"]]
    if data["unsure"]:
        lines.append(sentence("cli.code.unsure"))
        lines += [f"  ? {c['code']} {c['label_th']} {_words(c)}" for c in data["unsure"]]
    lines += [_person(p) for p in data.get("persons", ())]
    return "\n".join(lines)


def _words(item: dict[str, Any]) -> str:
    return " ".join(f"«{span['text']}»" for span in item["spans"])


def _person(person: dict[str, Any]) -> str:
    called = (person["names"] or person["terms"] or person["spans"])[0]["text"]
    parts = ", ".join(sentence(f"person.role.{r['role']}") for r in person["roles"])
    return f"  @ {called}: {parts}"
