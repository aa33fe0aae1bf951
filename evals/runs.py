"""Runs an experiment: rows are stored case by case, so that a stopped run can be taken up again.

A run's folder is named after all that decides its figures (`evals.provenance.fingerprint`); the
same experiment on the same code finds its rows and measures only what is absent. Cases may be
spread over processes; figures do not depend on the order in which they end.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson

from evals.experiments import Experiment
from evals.families import Case, Family
from evals.family_list import family
from evals.hands import Hands
from evals.parts import Open, Step
from evals.provenance import fingerprint, provenance
from evals.statistics import Difference, Row, differences, holm, intervals
from runtime.errors import BadInput

RUN = "run.json"


class RunMissing(BadInput):
    """No finished run is there. Details: ``folder``."""

    code = "evals.run_missing"


@dataclass(frozen=True)
class Run:
    """A finished run: its folder, its document, and rows by engine."""

    folder: Path
    document: Mapping[str, Any]
    rows: Mapping[str, Sequence[Row]]


def run(
    experiment: Experiment,
    open_parts: Open,
    into: Path,
    *,
    processes: int = 1,
    anew: bool = False,
    step: Step | None = None,
) -> Run:
    """Measure what is absent, then sum up. ``open_parts`` must be importable when processes > 1."""
    with Hands(open_parts, processes) as hands:
        return measure(experiment, hands, into, anew=anew, step=step)


def run_all(
    experiments: Sequence[Experiment],
    open_parts: Open,
    into: Path,
    *,
    processes: int = 1,
    anew: bool = False,
    step: Step | None = None,
) -> list[Run]:
    """The same for several experiments, measured by the same processes; ``step`` of them all."""
    with Hands(open_parts, processes) as hands:
        done = []
        for place, experiment in enumerate(experiments):
            own = _part(step, place, len(experiments)) if step else None
            done.append(measure(experiment, hands, into, anew=anew, step=own))
        return done


def measure(
    experiment: Experiment,
    hands: Hands,
    into: Path,
    *,
    anew: bool = False,
    step: Step | None = None,
) -> Run:
    """One experiment by given hands."""
    kind, parts = family(experiment.family), hands.open_parts()
    kind.known(experiment.engines)
    kind.shows(experiment.metrics)
    made_with = provenance(parts)
    folder = into / f"{experiment.id}-{fingerprint(experiment, made_with)}"
    if anew:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    began, begun = datetime.now(UTC), perf_counter()
    cases = experiment.draw(kind.read(parts, experiment.files()))
    if any(_absent(folder, engine, cases) for engine in experiment.engines):
        kind.prepare(parts)
    for engine in experiment.engines:
        _complete(kind, engine, cases, hands, folder, step)
    rows = {e: _in_order(cases, _stored(folder, e)) for e in experiment.engines}
    measured_s = perf_counter() - begun
    document = {**summed(experiment, kind, rows), "made_with": made_with}
    document["times"] = {
        "began": began.isoformat(),
        "measured_s": round(measured_s, 2),
        "seconds": round(perf_counter() - begun, 2),
    }
    (folder / RUN).write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    return Run(folder, document, rows)


def _part(step: Step, place: int, whole: int) -> Step:
    def own(share: float, note: str) -> None:
        step((place + share) / whole, note)

    return own


def summed(
    experiment: Experiment, kind: Family, rows: Mapping[str, Sequence[Row]]
) -> dict[str, Any]:
    """The document of a run: per engine figures, intervals and detail; differences to the first."""
    first, *others = experiment.engines
    engines = {e: _figures(experiment, kind, found) for e, found in rows.items()}
    return {
        "experiment": experiment.model_dump(mode="json", exclude={"folder"}),
        "cases": len(rows[first]),
        "lower": sorted(kind.lower),
        "engines": engines,
        "against_first": {
            e: compared(rows[e], rows[first], kind, experiment.seed, experiment.resamples)
            for e in others
        },
    }


def compared(
    ours: Sequence[Row], theirs: Sequence[Row], kind: Family, seed: int, resamples: int
) -> dict[str, Any]:
    """Paired differences of figures that are not times; ``p_holm`` corrects over the figures."""
    found = differences(ours, theirs, kind.figures, seed=seed, resamples=resamples)
    known: dict[str, Difference] = {
        n: d for n, d in found.items() if d is not None and n not in kind.timed
    }
    corrected = holm({n: d.p for n, d in known.items()})
    return {n: {**asdict(d), "p_holm": round(corrected[n], 4)} for n, d in known.items()}


def compare_runs(ours: Run, theirs: Run, engine: str | None = None) -> dict[str, Any]:
    """Paired differences of two runs of one family. Raises `NotPaired`, `RunMissing`."""
    experiment = Experiment.model_validate(ours.document["experiment"])
    other = theirs.document["experiment"]
    if other["family"] != experiment.family:
        raise RunMissing(folder=theirs.folder)
    mine, its = engine or experiment.engines[0], engine or other["engines"][0]
    if mine not in ours.rows or its not in theirs.rows:
        raise RunMissing(folder=theirs.folder)
    kind = family(experiment.family)
    found = compared(ours.rows[mine], theirs.rows[its], kind, experiment.seed, experiment.resamples)
    return {"ours": mine, "theirs": its, "cases": len(ours.rows[mine]), "differences": found}


def read_run(folder: Path) -> Run:
    """A finished run. Raises `RunMissing`."""
    try:
        document = orjson.loads((folder / RUN).read_bytes())
        engines = document["experiment"]["engines"]
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise RunMissing(folder=folder) from error
    return Run(folder, document, {e: list(_stored(folder, e).values()) for e in engines})


def _figures(experiment: Experiment, kind: Family, rows: Sequence[Row]) -> dict[str, Any]:
    ends = intervals(rows, kind.figures, seed=experiment.seed, resamples=experiment.resamples)
    figures = {n: v if v is None else round(v, 4) for n, v in kind.figures(rows).items()}
    return {"figures": figures, "ci": ends, "detail": kind.detail(rows)}


def _absent(folder: Path, engine: str, cases: Sequence[Case]) -> list[Case]:
    stored = _stored(folder, engine)
    return [c for c in cases if c["id"] not in stored]


def _complete(
    kind: Family,
    engine: str,
    cases: Sequence[Case],
    hands: Hands,
    folder: Path,
    step: Step | None,
) -> None:
    """Measure the cases whose rows are not stored, appending each row as it comes."""
    absent = _absent(folder, engine, cases)
    if not absent:
        return
    file, stored = _file(folder, engine), _stored(folder, engine)
    file.write_bytes(b"".join(orjson.dumps(r) + b"\n" for r in stored.values()))
    with file.open("ab") as rows:
        for n, row in enumerate(hands.rows(kind.name, engine, absent), 1):
            rows.write(orjson.dumps(row) + b"\n")
            rows.flush()
            if step:
                step(n / len(absent), f"{kind.name} {engine}")


def _stored(folder: Path, engine: str) -> dict[str, Row]:
    """Rows by case; a line cut off when a run was stopped is left out."""
    found: dict[str, Row] = {}
    file = _file(folder, engine)
    for line in file.read_bytes().splitlines() if file.is_file() else ():
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        found[row["id"]] = row
    return found


def _in_order(cases: Sequence[Case], stored: Mapping[str, Row]) -> list[Row]:
    return [stored[c["id"]] for c in cases]


def _file(folder: Path, engine: str) -> Path:
    return folder / f"rows-{engine}.jsonl"
