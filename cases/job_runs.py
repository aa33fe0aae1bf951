"""When work handed to a job is over though nobody ended it: one rule for drafts and transcripts."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cases.rows import Row
from runtime.jobs import job_state

ALIVE = ("queued", "running")
JOB_ALIVE = ("todo", "doing")


def is_lost(session: Session, run: Row) -> bool:
    """Whether a run still counts as alive while its job has ended or is gone."""
    if run["status"] not in ALIVE or run["job_id"] is None:
        return False
    job = job_state(session, run["job_id"])
    return job is None or job.status not in JOB_ALIVE
