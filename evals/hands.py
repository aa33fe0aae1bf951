"""Who measures: this process, or several that open the parts once and serve a whole suite.

Opening the parts costs seconds a process (models, the database), so processes are started once for
all experiments of a suite and keep every engine they have opened.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType

from evals.families import Case, Measure
from evals.family_list import family
from evals.parts import Open, Parts
from evals.statistics import Row
from runtime.errors import PartMissing

TRIES = 3
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")
_opened: list[Parts] = []
_measures: dict[tuple[str, str], Measure] = {}


class ProcessesLost(PartMissing):
    """Measuring processes were ended from outside again and again. Details: ``case``."""

    code = "evals.processes_lost"


class Hands:
    """Measures cases in order. ``open_parts`` must be importable when ``processes`` > 1.

    A process that is ended from outside (out of memory, killed) costs only what it was measuring:
    new ones are started and take up the case again. Raises `ProcessesLost` for a case that ended
    its processes ``TRIES`` times.
    """

    def __init__(self, open_parts: Open, processes: int = 1) -> None:
        self.open_parts = open_parts
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Hands:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def rows(self, kind: str, engine: str, cases: Sequence[Case]) -> Iterator[Row]:
        """The rows of ``cases`` as they come, in the order of the cases."""
        if self._processes <= 1 or len(cases) == 1:
            yield from map(family(kind).open(self.open_parts(), engine), cases)
            return
        done, lost = 0, 0
        while done < len(cases):
            try:
                for row in self._mapped(kind, engine, cases[done:]):
                    yield row
                    done, lost = done + 1, 0
            except BrokenProcessPool as broken:
                self._pool, lost = None, lost + 1
                if lost == TRIES:
                    raise ProcessesLost(case=cases[done]["id"]) from broken

    def _mapped(self, kind: str, engine: str, cases: Sequence[Case]) -> Iterator[Row]:
        self._pool = self._pool or self._started()
        return self._pool.map(measured, [(kind, engine, case) for case in cases])

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=begin,
            initargs=(self.open_parts, self._processes),
        )


def begin(open_parts: Open, processes: int) -> None:
    """Open the parts of a process that measures; it gets its share of the cores."""
    for name in THREADS:
        os.environ.setdefault(name, str(max(1, (os.cpu_count() or 1) // processes)))
    _opened.append(open_parts())


def measured(task: tuple[str, str, Case]) -> Row:
    """The row of one case, by an engine that stays open in this process."""
    kind, engine, case = task
    if (kind, engine) not in _measures:
        _measures[kind, engine] = family(kind).open(_opened[0], engine)
    return _measures[kind, engine](case)
