"""Drafting as a job: asked for in the writer's transaction, done once, with its progress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy.orm import Session

from cases import audit, repository, run_parts, story_parts
from cases.accounts import actor_of
from cases.canonical import content_hash
from cases.carrying import carried_version, carry
from cases.decided_codes import decided_coding
from cases.errors import CaseUnseen, DraftEnded, DraftRunning
from cases.job_runs import ALIVE, is_lost
from cases.names import keep_names, kept_names
from cases.people import Person
from cases.ports import Planner
from cases.rows import Row
from cases.trials import Trials
from intake.placeholders import CaseNames
from intake.vault import Vault
from knowledge_base.library import Library
from planner.graph import DraftCancelled
from planner.schemas import Draft
from runtime.actor import Actor
from runtime.clock import today
from runtime.database import Database
from runtime.errors import BadInput, CmisError
from runtime.jobs import JobContext, JobLost, Patience, defer

TASK = "draft_plan"


class Drafting:
    """Asks for drafts and reads how far they are."""

    def __init__(self, database: Database, trials: Trials | None = None) -> None:
        self._database = database
        self._trials = trials

    def request(
        self, person: Person, case_id: str, carry_from: str | None = None
    ) -> dict[str, Any]:
        """A queued run. Raises `CaseUnseen` or `DraftRunning`.

        The edits and strikes of version ``carry_from`` move to the new one.
        """
        with self._database.session(person.actor) as session:
            case = repository.seen_case(session, case_id, lock=True)
            latest = repository.first(session, "newest_run", case_id=case_id)
            if latest and _settled(session, latest)["status"] in ALIVE:
                raise DraftRunning
            if latest is None and self._trials:
                self._trials.assign(session, person, case)
            run_id = repository.new_id()
            repository.run(session, "add_run", id=run_id, case_id=case_id, who=person.id)
            if carry_from:
                version = repository.seen(session, "get_version", id=carry_from)
                if version["case_id"] != case_id:
                    raise CaseUnseen
                run_parts.ROWS.run(session, "carry_from", run_id=run_id, version_id=carry_from)
            job_id = defer(session, TASK, {"run_id": run_id, "user_id": person.id})
            repository.run(session, "run_job", id=run_id, job_id=job_id)
            audit.record(session, case_id, person.id, "draft_requested", run_id)
            return repository.seen(session, "get_run", id=run_id)

    def read(self, person: Person, run_id: str) -> dict[str, Any]:
        """How far a run is; raises `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            run = repository.seen(session, "get_run", id=run_id)
            settled = run if person.role == "auditor" else _settled(session, run)
            return settled | {"parts": run_parts.parts(session, run_id)}

    def cancel(self, person: Person, run_id: str) -> dict[str, Any]:
        """Stop a run that is still under way; raises `DraftEnded` or `CaseUnseen`."""
        with self._database.session(person.actor) as session:
            run = repository.seen(session, "get_run", id=run_id)
            repository.seen_case(session, run["case_id"], lock=True)
            if _settled(session, run)["status"] not in ALIVE:
                raise DraftEnded
            _end(session, run_id, "cancelled")
            audit.record(session, run["case_id"], person.id, "draft_cancelled", run_id)
            return repository.seen(session, "get_run", id=run_id)


class DraftTask:
    """The job's work. Runs in the worker, on behalf of whoever asked."""

    def __init__(
        self, database: Database, library: Library, planner: Planner, vault: Vault
    ) -> None:
        self._database = database
        self._library = library
        self._planner = planner
        self._vault = vault

    def __call__(self, payload: Mapping[str, Any], context: JobContext) -> None:
        """Draft, and keep the version together with the job's claim: done once, or not at all."""
        run_id = payload["run_id"]
        actor = actor_of(self._database, payload["user_id"])
        try:
            self._draft(run_id, actor, context)
        except DraftCancelled:
            return
        except JobLost:
            raise  # the run belongs to another worker now
        except Exception as error:
            last = context.attempts + 1 >= Patience().max_attempts and not context.stopping()
            if last or isinstance(error, BadInput):
                code = error.code if isinstance(error, CmisError) else CmisError.code
                self._failed(run_id, actor, code)
            raise

    def _draft(self, run_id: str, actor: Actor, context: JobContext) -> None:
        with self._database.session(actor) as session:
            run = repository.seen(session, "get_run", id=run_id)
            if run["status"] not in ALIVE:
                return
            case = repository.seen_case(session, run["case_id"])
            story = story_parts.whole(session, run["case_id"])
            coded = decided_coding(session, run["case_id"], self._library)
            names = kept_names(session, run["case_id"], self._vault)
        draft = self._planner.draft(
            story,
            coded,
            as_of=today(),
            received_at=case["received_at"],
            progress=lambda share, step: self._step(run_id, actor, share, step, context),
            cancel=lambda: self._cancelled(run_id, actor),
            partial=lambda step, text: self._part(run_id, actor, step, text),
            kept=run_parts.KeptAnswers(self._database, actor, run_id),
            names=names,
        )
        self._keep(run_id, actor, draft, names, context)

    def _keep(
        self, run_id: str, actor: Actor, draft: Draft, names: CaseNames, context: JobContext
    ) -> None:
        content = orjson.loads(draft.model_dump_json())
        with self._database.session(actor) as session:
            context.claim(session)
            run = repository.seen(session, "get_run", id=run_id)
            repository.seen_case(session, run["case_id"], lock=True)
            if run["status"] not in ALIVE:
                return
            version_id = repository.new_id()
            repository.run(
                session,
                "add_version",
                id=version_id,
                case_id=run["case_id"],
                content=orjson.dumps(content).decode(),
                content_hash=content_hash(content),
                run_id=run_id,
                created_by=actor.user_id,
            )
            carried = self._carried(session, run_id, actor, version_id, draft)
            keep_names(session, run["case_id"], names, self._vault)
            repository.run(session, "set_status", id=run["case_id"], status="drafted")
            _end(session, run_id, "done", engine=draft.engine, version_id=version_id)
            detail = {"engine": draft.engine, "carried": carried}
            audit.record(
                session, run["case_id"], actor.user_id, "version_drafted", version_id, detail
            )

    def _carried(
        self, session: Session, run_id: str, actor: Actor, version_id: str, draft: Draft
    ) -> int:
        """How many decisions of the version the run was to keep moved to the new one."""
        old = carried_version(session, run_id)
        if old is None:
            return 0
        story = repository.seen(session, "newest_narrative", case_id=old["case_id"])["text"]
        place = {"who": actor.user_id, "story": story}
        return carry(session, self._library, old, version_id, draft, **place)

    def _step(
        self, run_id: str, actor: Actor, share: float, step: str, context: JobContext
    ) -> None:
        context.give_way()
        with self._database.session(actor) as session:
            repository.run(session, "run_step", id=run_id, step=step, percent=share * 100)
            repository.run(session, "notify", run_id=run_id)

    def _part(self, run_id: str, actor: Actor, step: str, text: str) -> None:
        with self._database.session(actor) as session:
            run_parts.keep_part(session, run_id, step, text)
            repository.run(session, "notify", run_id=run_id)

    def _cancelled(self, run_id: str, actor: Actor) -> bool:
        with self._database.session(actor) as session:
            return bool(repository.seen(session, "get_run", id=run_id)["status"] == "cancelled")

    def _failed(self, run_id: str, actor: Actor, code: str) -> None:
        with self._database.session(actor) as session:
            _end(session, run_id, "failed", error_code=code)


def _settled(session: Session, run: Row) -> Row:
    """The run; ended as failed when its job is over although nobody ended the run."""
    if not is_lost(session, run):
        return run
    _end(session, run["id"], "failed", error_code="draft.lost")
    return repository.seen(session, "get_run", id=run["id"])


def _end(
    session: Session,
    run_id: str,
    status: str,
    *,
    error_code: str | None = None,
    engine: str | None = None,
    version_id: str | None = None,
) -> None:
    repository.run(
        session,
        "run_end",
        id=run_id,
        status=status,
        error_code=error_code,
        engine=engine,
        version_id=version_id,
    )
    run_parts.forget(session, run_id)
    repository.run(session, "notify", run_id=run_id)
