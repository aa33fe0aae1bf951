"""One story drafted with a real local model: whatever it writes is grounded, flagged, or not used.

``python -m tests.real_model.draft MODEL_PYTHON FOLDER`` starts the server with the interpreter of
the model's environment, drafts through LangChain with the answer's schema as a grammar, prints what
happened and exits 1 when a promise is broken.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evals.citations import Support
from intake.coding import Coder
from intake.narrative import read_narrative
from intake.privacy import Masker
from knowledge_base.library import load_library
from planner.chat_model import open_chat
from planner.graph import Planner
from planner.schemas import Draft
from runtime.clock import now
from runtime.settings import Settings

SAMPLE = Path("samples/violence-at-home.txt")
PATIENCE_S = 600.0
SMALL = {"chat_passages": 3, "chat_prompt_letters": 3_000, "chat_answer_tokens": 160}


@contextmanager
def served(python: str, folder: str) -> Iterator[str]:
    """The address of the running model server."""
    command = [python, str(Path(__file__).with_name("serve.py")), folder]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    assert process.stdin
    try:
        for line in process.stdout:
            if line.startswith("ADDRESS "):
                yield line.split()[1]
                break
        else:
            raise SystemExit("the model server did not start")
    finally:
        process.stdin.close()
        process.terminate()
        process.wait(30)


def draft(address: str) -> tuple[Draft, float]:
    """The draft with the model, and how long it took."""
    base = address if address.startswith("http") else f"http://{address}"
    settings = Settings(
        chat_model="gemma-3-270m", chat_base_url=f"{base}/v1", chat_timeout_s=PATIENCE_S, **SMALL
    )
    library, narrative = load_library(), read_narrative(SAMPLE)
    chat = open_chat(settings, Masker().mask)
    coded = Coder(library).code(narrative)
    begun = time.perf_counter()
    made = Planner(library, chat=chat).draft(
        narrative, coded, as_of=now().date(), received_at=now()
    )
    return made, time.perf_counter() - begun


def report(made: Draft, seconds: float) -> dict[str, object]:
    """What the model did, and whether each of its sentences is grounded or flagged."""
    support = Support(load_library(), read_narrative(SAMPLE).text, made)
    written = [s for s in made.sentences() if s.origin.startswith("chat:")]
    loose = [s.text for s in written if not s.flags and not support.holds(s)]
    return {
        "engine": made.engine,
        "engine_note": made.engine_note,
        "seconds": round(seconds, 1),
        "model_sentences": len(written),
        "written": [s.text for s in written],
        "flagged": sum(bool(s.flags) for s in written),
        "flags": sorted({f.code for s in written for f in s.flags}),
        "loose": loose,
        "composer_actions": sum(len(g.actions) for p in made.plan.problems for g in p.goals),
        "valid": Draft.model_validate_json(made.model_dump_json()) == made,
    }


def main(python: str, folder: str) -> None:
    """Draft, print, judge."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    with served(python, folder) as address:
        found = report(*draft(address))
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    answered = found["engine"] == "chat:gemma-3-270m"  # a fallback proves nothing of the model
    if found["loose"] or not found["valid"] or not found["composer_actions"] or not answered:
        raise SystemExit(1)


if __name__ == "__main__":
    main(*sys.argv[1:3])
