"""``cmis proof``: one file that proves a case's record, and the check of such a file."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from cases import proof_check
from commands.audit import damage_line
from commands.output import AsJson, emit
from commands.wiring import Wiring
from runtime.errors import BadInput
from runtime.messages import sentence

VERIFY = "verify"
CHECKER = Path(proof_check.__file__)


class ProofUnreadable(BadInput):
    """The file is not there or no JSON. Details: ``file``."""

    code = "proof.unreadable"


class ProofFileTaken(BadInput):
    """The file to write is there already. Details: ``file``."""

    code = "proof.file_taken"


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("proof")(proof)


def proof(
    case: Annotated[str, typer.Argument(help="A case's number or id; or: verify FILE")],
    file: Annotated[Path | None, typer.Argument(help="With verify: the proof file.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where to write; default: NUMBER.proof.json")
    ] = None,
    documents: Annotated[bool, typer.Option(help="Documents whole, or only their hashes.")] = True,
    checkpoint: Annotated[
        str | None, typer.Option(help="With verify: a checkpoint hash written down elsewhere.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write one file that proves CASE offline, and a checker beside it; exit 1 if it is damaged."""
    if case == VERIFY:
        found = checked(file, checkpoint)
        report: dict[str, Any] = {"ok": not found, "damage": found}
    else:
        report = written(Wiring.from_environment(), case, out, documents=documents)
    emit(report, as_json, _text)
    if not report["ok"]:
        raise typer.Exit(1)


def checked(file: Path | None, checkpoint: str | None) -> list[dict[str, str]]:
    """What does not hold in a proof file; raises `ProofUnreadable`."""
    try:
        content = json.loads((file or Path()).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ProofUnreadable(file=file or "-") from error
    found = proof_check.findings(content, checkpoint)
    return [{"kind": kind, "subject": subject} for kind, subject in found]


def written(wiring: Wiring, case: str, out: Path | None, *, documents: bool) -> dict[str, Any]:
    """Write the proof, readable by its owner alone, and the checker; raises `ProofFileTaken`."""
    content, damage = wiring.proofs.prove(case, documents=documents)
    file = out or Path(f"{content['case']['number']}.proof.json")
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ProofFileTaken(file=file) from error
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        json.dump(content, opened, ensure_ascii=False, indent=1, default=str)
    checker = file.with_name(CHECKER.name)
    if not checker.exists():
        shutil.copyfile(CHECKER, checker)
    chain = (content["checkpoint"] or {}).get("chain") or [{"hash": None}]
    return {
        "ok": not damage,
        "file": str(file),
        "checker": str(checker),
        "checkpoint": chain[-1]["hash"],
        "damage": [d.model_dump() for d in damage],
    }


def _text(report: dict[str, Any]) -> str:
    lines = [sentence("proof.file_holds" if report["ok"] else "proof.file_broken")]
    if "file" in report:
        lines.append(sentence("proof.written", **{k: report[k] for k in ("file", "checker")}))
        lines.append(sentence("proof.write_down", hash=report["checkpoint"]))
    lines += [damage_line(d, None) for d in report["damage"]]
    return "\n".join(lines)
