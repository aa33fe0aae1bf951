"""A chat model as judge of two plans for one story, asked in both orders; optional, never alone.

A judge prefers what stands first, and what is long. So every pair is asked twice with the places
swapped, and a verdict counts only when both answers name the same plan. What the judge says stands
beside what the matcher counts (`must_covered`), and beside people's labels where they are given
(JSONL with ``id`` and ``better``: ours, theirs or tie). Without a configured model it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from evals.agreement import alpha
from evals.drafting import directives
from evals.families import Case, Family, Measure
from evals.family_drafting import drafted, plan_matcher, prepare
from evals.judge_question import FORM, question, verdict
from evals.parts import Parts
from evals.statistics import NotMeasurable, Row, share
from evals.stories import stories
from intake.privacy import Masker
from planner.chat_model import Ask, ChatUnset, open_ask
from planner.graph import NothingToPlan
from runtime.errors import BadInput, CmisError

OURS, THEIRS, TIE = "ours", "theirs", "tie"
LABELS = frozenset({OURS, THEIRS, TIE})
VALUE = {OURS: 1.0, TIE: 0.5, THEIRS: 0.0}


class LabelsBroken(BadInput):
    """A line is no person's label. Details: ``file``, ``line``."""

    code = "evals.labels_broken"


def read(_parts: Parts, files: Sequence[Path]) -> list[Case]:
    """The stories of vignette files (YAML), with people's labels (JSONL) where they are given."""
    told = {k: v for f in files if f.suffix == ".jsonl" for k, v in read_labels(f).items()}
    found = [story for f in files if f.suffix != ".jsonl" for story in stories(f)]
    return [{**story, "human": told.get(story["id"])} for story in found]


def read_labels(file: Path) -> dict[str, str]:
    """What people preferred, by story. Raises `LabelsBroken`."""
    found: dict[str, str] = {}
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        try:
            row = orjson.loads(line)
            if row["better"] not in LABELS:
                raise LabelsBroken(file=file.name, line=number)
            found[row["id"]] = row["better"]
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise LabelsBroken(file=file.name, line=number) from error
    return found


def figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """How often ours was preferred, how far the judge can be trusted, and what is counted beside.

    ``preferred``: mean of 1 ours, ½ tie, 0 theirs. ``consistent``: both orders gave one answer.
    ``first_place``: of answers that named a plan, the share that named the one shown first.
    """
    both = [r for r in rows if None not in r["answers"]]
    named = [(a, place) for r in rows for place, a in enumerate(r["answers"]) if a in VALUE]
    first = [a == (OURS, THEIRS)[place] for a, place in named if a != TIE]
    labelled = [(settled(r), r["human"]) for r in both if r["human"]]
    return {
        "preferred": share(sum(VALUE[settled(r)] for r in both), len(both)),
        "consistent": share(sum(len(set(r["answers"])) == 1 for r in both), len(both)),
        "answered": share(len(both), len(rows)),
        "first_place": share(sum(first), len(first)),
        "human_agreement": share(sum(a == b for a, b in labelled), len(labelled)),
        "human_alpha": _alpha(labelled),
        "must_covered_ours": _covered(rows, "must_ours"),
        "must_covered_theirs": _covered(rows, "must_theirs"),
    }


def settled(row: Row) -> str:
    """The verdict of both answers together: what both say, else a tie."""
    first, second = row["answers"]
    return str(first) if first == second else TIE


def judging(ours: str, theirs: str) -> Callable[[Parts], Measure]:
    """The measure of two engines of drafting against each other."""

    def opened(parts: Parts) -> Measure:
        ask = open_ask(parts.settings)
        if ask is None:
            raise ChatUnset
        parts.ensure_knowledge()
        matcher, mask = plan_matcher(parts), Masker().mask

        def measure(case: Case) -> dict[str, Any]:
            plans = [_plan(parts, case, engine) for engine in (ours, theirs)]
            wanted = case["key"].get("plan_must", ())
            met = [[matcher.covers(e, plan) for e in wanted] for plan in plans]
            one, other = plans
            told = (case["narrative"], lambda text: mask(text).text)
            forward = _answer(ask, question(told[0], (one, other), told[1]))
            backward = _answer(ask, question(told[0], (other, one), told[1]))
            return {
                "id": case["id"],
                "answers": [
                    forward and {"1": OURS, "2": THEIRS}.get(forward, TIE),
                    backward and {"1": THEIRS, "2": OURS}.get(backward, TIE),
                ],
                "human": case["human"],
                "must_ours": met[0],
                "must_theirs": met[1],
            }

        return measure

    return opened


def _plan(parts: Parts, case: Case, engine: str) -> list[str]:
    try:
        return directives(drafted(parts, case, engine))
    except NothingToPlan:
        return []


def _answer(ask: Ask, asked: str) -> str | None:
    """The verdict, asked for once more when it cannot be read; None when the model gives none."""
    for _ in range(2):
        try:
            found = verdict(ask(asked, FORM))
        except CmisError:
            return None
        except Exception:  # a server's failure is no verdict, and no reason to lose the others
            return None
        if found:
            return found
    return None


def _covered(rows: Sequence[Row], name: str) -> float | None:
    met = [covered for r in rows for covered in r[name]]
    return share(sum(met), len(met))


def _alpha(pairs: Sequence[tuple[str, str]]) -> float | None:
    try:
        return alpha(pairs)
    except NotMeasurable:
        return None


ENGINES: Mapping[str, Callable[[Parts], Measure]] = {
    "default-or-composer": judging("default", "composer"),
    "default-or-key": judging("default", "by-key-codes"),
}
JUDGE = Family("judge", read, ENGINES, figures, prepare=prepare)
