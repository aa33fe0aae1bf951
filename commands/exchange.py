"""``cmis exchange``: cases from and to neighbouring systems, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from cases.exchange_errors import ExchangeUnreadable
from cases.exchange_profiles import profiles
from cases.operators import operator
from commands.output import AsJson, emit
from commands.wiring import Wiring
from runtime.messages import sentence

app = typer.Typer(no_args_is_help=True, help="Neighbouring systems: import and export of cases.")
Login = Annotated[
    str, typer.Option(help="In whose name: the login of somebody who works on cases.")
]


@app.command("profiles")
def list_profiles(as_json: AsJson = False) -> None:
    """The neighbouring systems and their columns."""
    rows = [
        {
            "id": p.id,
            "name_th": p.name_th,
            "name_en": p.name_en,
            "confidence": p.confidence,
            "required": list(p.incoming.required),
            "exported": list(p.outgoing),
        }
        for p in profiles().values()
    ]
    emit(rows, as_json, lambda found: "\n".join(f"{p['id']:<18} {p['name_th']}" for p in found))


@app.command("import")
def import_cases(profile: str, file: Path, login: Login, as_json: AsJson = False) -> None:
    """Make a case of every row of FILE; exit 1 when a row was refused."""
    wiring = Wiring.from_environment()
    report = wiring.exchange.take_in(operator(wiring.database, login), profile, _content(file))
    emit(report, as_json, report_text)
    if report["refused"]:
        raise typer.Exit(1)


@app.command("export")
def export_case(
    profile: str,
    case: str,
    login: Login,
    out: Annotated[Path | None, typer.Option(help="Default: CASE.PROFILE.FORM")] = None,
    form: Annotated[Literal["csv", "json"], typer.Option()] = "csv",
    as_json: AsJson = False,
) -> None:
    """Write CASE (number or id) in the columns of a neighbouring system."""
    wiring = Wiring.from_environment()
    content = wiring.exchange.give_out(operator(wiring.database, login), profile, case, form)
    file = out or Path(f"{case}.{profile}.{form}")
    file.write_bytes(content)
    emit({"file": str(file)}, as_json, lambda d: sentence("exchange.written", file=d["file"]))


def report_text(report: dict[str, Any]) -> str:
    """The counts, then a line for each refused row."""
    imported, refused = len(report["imported"]), len(report["refused"])
    lines = [sentence("exchange.done", imported=imported, refused=refused)]
    lines += [
        sentence("exchange.row", row=r["row"], sentence=r["message_th"]) for r in report["refused"]
    ]
    return "\n".join(lines)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ExchangeUnreadable from error
