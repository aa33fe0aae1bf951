"""The ``cmis`` command line: finds the verb, turns every failure into a sentence and a status.

Exit status: 0 done; 1 a check found something; 2 bad input or a missing part of the
environment; 70 a fault of ours. A traceback never reaches a person.
"""

from __future__ import annotations

import os
import sys

import structlog
import typer
from typer.exceptions import Abort, TyperException

from commands import (
    audit,
    code,
    draft,
    evals,
    exchange,
    experiments,
    kb,
    office,
    people,
    proof,
    redact,
    research,
    schemes,
    search,
    serve,
    start,
    transcribe,
)
from commands.engines import OPENED
from commands.output import complain, err
from runtime.errors import CmisError

FAULT = 70

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="CMIS Planner: from a Thai intake narrative to a care plan a person approves.",
)
FAMILIES = (draft, code, office, people, proof, redact, schemes, search, serve, start, transcribe)
for family in FAMILIES:
    family.register(app)
app.add_typer(kb.app, name="kb")
app.add_typer(audit.app, name="audit")
app.add_typer(exchange.app, name="exchange")
experiments.register(evals.app)
app.add_typer(evals.app, name="eval")
app.add_typer(research.app, name="research")


def call(arguments: list[str]) -> int:
    """Run one command line and return its exit status."""
    try:
        return int(app(arguments, standalone_mode=False) or 0)
    except CmisError as error:
        complain(error)
        return 2 if error.code != "internal" else FAULT
    except TyperException as error:
        err.print(error.format_message(), markup=False)
        return 2
    except (Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        structlog.get_logger("commands").error(
            "fault", kind=type(error).__name__, exc_info=_trace()
        )
        complain(CmisError())
        return FAULT
    finally:
        OPENED.close()


def _trace() -> bool:
    return os.environ.get("CMIS_TRACE") == "1"


def run() -> None:
    """Entry point of the console script."""
    sys.exit(call(sys.argv[1:]))
