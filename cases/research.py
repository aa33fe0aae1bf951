"""What a researcher may do with the record, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from cases.evaluation_runs import EvaluationRuns
from cases.extracts import Extracts
from cases.research_log import ResearchLog
from cases.trials import Trials


@dataclass(frozen=True)
class Research:
    """The verbs behind ``/research``."""

    evaluations: EvaluationRuns
    extracts: Extracts
    log: ResearchLog
    trials: Trials
