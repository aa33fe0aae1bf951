"""``cmis office``: a real office begins with a file of its agencies and first administrator."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cases.office import begin
from cases.office_file import read_office
from commands.output import AsJson, emit, err
from commands.wiring import Wiring
from runtime.messages import sentence


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("office")(office)


def office(
    file: Annotated[Path, typer.Argument(help="YAML as in samples/office.yaml.")],
    new_password: Annotated[
        bool, typer.Option("--new-password", help="For the file's administrator, if it is lost.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Begin a real office with FILE: its agencies and its first administrator."""
    content, findings = read_office(file)
    for finding in findings:
        err.print(f"{file}:{finding.line}: {finding.say('th')}", markup=False)
        err.print(f"{file}:{finding.line}: {finding.say('en')}", markup=False)
    if content is None:
        raise typer.Exit(2)
    database = Wiring.from_environment().database
    emit(begin(database, content, renew=new_password), as_json, begun_text)


def begun_text(report: dict[str, Any]) -> str:
    """What was done, a line each; the password last, with what to do with it."""
    lines = [
        sentence(f"office.agency.{a['state']}", id=a["id"], fields=", ".join(a["differs"]))
        for a in report["agencies"]
    ]
    who = report["administrator"]
    lines.append(sentence(f"office.administrator.{who['state']}", login=who["login"]))
    if report["password"]:
        lines += [sentence("office.once", lang, password=report["password"]) for lang in BOTH]
    return "\n".join(lines)


BOTH = ("th", "en")
