"""What the record refuses to researchers. Words: ``runtime/messages/research.<lang>.yaml``."""

from __future__ import annotations

from cases.people import RESEARCHER, Person
from runtime.errors import BadInput, Conflict, Forbidden, NotFound


class ResearchersOnly(Forbidden):
    """Only somebody whose role is researcher may do this."""

    code = "research.researchers_only"


class StudyBroken(BadInput):
    """The file describes no study. Details: ``file``, ``reason``."""

    code = "research.study_broken"


class ExtractTooFine(BadInput):
    """However coarse, too few cases share a combination. Details: ``k``, ``cases``."""

    code = "research.too_fine"


class ExtractEmpty(BadInput):
    """No case falls into the study's time."""

    code = "research.empty"


class TrialBroken(BadInput):
    """The file registers no trial. Details: ``file``, ``reason``."""

    code = "trial.broken"


class TrialUnknown(NotFound):
    """No trial of that name was started."""

    code = "trial.unknown"


class TrialFrozen(Conflict):
    """The trial runs with another registration. Details: ``trial``, ``sha256`` of the frozen."""

    code = "trial.frozen"


class TrialOver(Conflict):
    """The trial has ended already."""

    code = "trial.over"


class TrialRunning(Conflict):
    """What was asked is only done after the trial has ended."""

    code = "trial.running"


class RunUnknown(NotFound):
    """No such run of an evaluation."""

    code = "research.run_unknown"


class RunOver(Conflict):
    """The run has ended already."""

    code = "research.run_over"


class RunUnfinished(Conflict):
    """The run has no result to read or to compare."""

    code = "research.run_unfinished"


class ExperimentUnknown(BadInput):
    """No experiment of that name is offered. Details: ``experiment``."""

    code = "research.experiment_unknown"


class StudyFrozen(Conflict):
    """A study of this id was given out as another. Details: ``study``."""

    code = "research.study_frozen"


def only_researchers(person: Person) -> None:
    """Raises `ResearchersOnly` for anybody else."""
    if person.role != RESEARCHER:
        raise ResearchersOnly
