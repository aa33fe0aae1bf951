"""The one composition root: opens each part once, on first use, and hands it to those who need it.

The command line, the worker and the server are wired here and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from api.routes import install
from api.services import Services
from cases.accounts import Accounts
from cases.administration import Administration
from cases.approval import Approval
from cases.case_tables import CaseTables
from cases.caseload import Caseload
from cases.casework import Casework
from cases.checklist import Checklist
from cases.checkpoints import EVERY as CHECKPOINT_EVERY
from cases.checkpoints import TASK as CHECKPOINT
from cases.checkpoints import CheckpointTask
from cases.comparing import Comparing
from cases.document_custody import Custody
from cases.document_erasure import DocumentErasure
from cases.document_files import SWEEP, SWEEP_EVERY, DocumentFiles, SweepTask
from cases.documents import Documents
from cases.drafting import TASK, Drafting, DraftTask
from cases.drawers import Drawers
from cases.evaluation_runs import TASK as EVALUATE
from cases.evaluation_runs import EvaluationRuns
from cases.exchange import Exchange
from cases.extracts import Extracts
from cases.fhir import FhirBundles
from cases.flags import Flags
from cases.intake import CaseFiles
from cases.integrity import Integrity
from cases.lately import Lately
from cases.more_people import MorePeople
from cases.more_told import MoreTold
from cases.notices import EVERY as REMIND_EVERY
from cases.notices import TASK as REMIND
from cases.notices import RemindTask
from cases.overview import Overview
from cases.paper_drafts import PaperDrafts
from cases.papers import Papers
from cases.people_desk import PeopleDesk, open_people_desk
from cases.proof import Proofs
from cases.recordings import Recordings, SoundArchive
from cases.refusals import Refusals
from cases.research import Research
from cases.research_log import ResearchLog
from cases.review import Review
from cases.source_adding import TASK as ADD_SOURCE
from cases.source_adding import AddSourceTask
from cases.source_arrivals import SourceArrivals
from cases.source_reviews import SourceReviews
from cases.step_counts import StepCounts
from cases.transcribing import TASK as TRANSCRIBE
from cases.transcribing import TranscribeTask
from cases.transcripts import Transcripts
from cases.trials import Trials
from cases.verifications import TASK as VERIFY
from cases.verifications import Verifications, VerifyTask
from cases.webhooks import EVERY as TELL_EVERY
from cases.webhooks import TASK as TELL
from cases.webhooks import WebhookTask
from commands.engines import Engines
from commands.evaluation_task import EvaluationTask, offered
from knowledge_base.adding import Shelf
from knowledge_base.kept_vectors import KeptVectors
from planner.graph import Planner
from runtime.jobs import JobQueue, Task, Worker
from runtime.logs import configure
from runtime.settings import load_settings
from runtime.virus_scan import Scanner

HANDS = 3  # jobs at once in one worker: an hour's recording must not keep drafts waiting
PAGES = Path(__file__).parents[1] / "ui" / "app.py"


class Wiring(Engines):
    """All parts of one process, opened lazily."""

    @classmethod
    def from_environment(cls, *, server: bool = False) -> Wiring:
        """Parts as the environment's settings say."""
        settings = load_settings()
        configure(settings, server=server)
        return cls(settings)

    @cached_property
    def research(self) -> Research:
        """What a researcher may do with the record."""
        extracts = Extracts(self.database, self.secret)
        return Research(
            evaluations=EvaluationRuns(self.database, offered()),
            extracts=extracts,
            log=ResearchLog(self.database),
            trials=Trials(self.database, self.secret),
        )

    @cached_property
    def sounds(self) -> SoundArchive:
        """Keeps recordings, sealed with the installation's key."""
        return SoundArchive(self.settings.data_dir / "audio", self.secret)

    @cached_property
    def people(self) -> PeopleDesk:
        """Persons of cases, sealed with the keys of the installation's key file."""
        folder = self.settings.person_key_folder or self.settings.data_dir
        return open_people_desk(self.database, self.library, self.vault, self.sounds, folder)

    @cached_property
    def services(self) -> Services:
        """What the routers call."""
        return Services(
            settings=self.settings,
            library=self.library,
            search=self.office_search,
            accounts=Accounts(self.database, self.settings.session_hours),
            files=self.files,
            more_told=self.more_told,
            caseload=Caseload(self.database, self.people.persons.keys),
            people=self.people,
            drawers=Drawers(self.database),
            overview=Overview(self.database),
            step_counts=StepCounts(self.database),
            lately=Lately(self.database, self.library),
            administration=Administration(self.database),
            verifications=Verifications(self.database),
            source_arrivals=SourceArrivals(
                self.database,
                self.document_files,
                self.scanner,
                self.settings.document_max_mb,
            ),
            source_reviews=SourceReviews(self.database),
            flags=Flags(self.database),
            drafting=Drafting(self.database, self.research.trials),
            review=Review(self.database, self.library),
            comparing=Comparing(self.database, self.library, Planner(self.library)),
            approval=Approval(self.database),
            casework=Casework(self.database, self.library),
            integrity=Integrity(self.database, self.documents),
            recordings=Recordings(self.database, self.sounds, self.listener),
            research=self.research,
            transcripts=Transcripts(self.database),
            refusals=Refusals(self.database),
            documents=self.documents,
            custody=Custody(self.database, self.document_files, Papers(self.library)),
            document_erasure=DocumentErasure(self.database, self.document_files),
            checklist=Checklist(self.database, Papers(self.library)),
            fhir=FhirBundles(self.database, self.library),
            tables=CaseTables(self.database),
            exchange=self.exchange,
            pings=self._pings(),
        )

    @cached_property
    def files(self) -> CaseFiles:
        """Opens and reads cases."""
        return CaseFiles(
            self.database, self.library, self.coder, self.embedder_or_none, self.people.persons
        )

    @cached_property
    def more_told(self) -> MoreTold:
        """Adds to the stories of cases."""
        people = MorePeople(self.people.persons.keys)
        return MoreTold(self.database, self.files.hearing, people)

    @cached_property
    def exchange(self) -> Exchange:
        """Cases from and to neighbouring systems."""
        return Exchange(self.database, self.library, self.files, self.settings.upload_max_mb)

    @cached_property
    def webhook(self) -> WebhookTask:
        """Tells another system, where an office has set one."""
        secret = self.settings.webhook_secret
        given = secret.get_secret_value() if secret else None
        return WebhookTask(self.database, self.settings.webhook_url, given)

    @cached_property
    def proofs(self) -> Proofs:
        """Verifies and proves the record."""
        return Proofs(self.database, self.documents)

    @cached_property
    def document_files(self) -> DocumentFiles:
        """Keeps documents, sealed with the installation's key."""
        return DocumentFiles(self.database, self.settings.data_dir / "documents", self.secret)

    @cached_property
    def documents(self) -> Documents:
        """The documents of cases."""
        return Documents(
            self.database,
            self.document_files,
            PaperDrafts(self.database, self.library),
            self.scanner,
            self.settings.upload_max_mb,
        )

    def shelf(self, agency: str | None, by: str) -> Shelf:
        """Where documents are added: the shared base (None), or one agency's own."""
        return Shelf(
            self.database,
            self.embedder,
            agency=agency,
            by=by,
            most_mb=self.settings.document_max_mb,
            kept=KeptVectors(self.settings.cache_dir),
        )

    @cached_property
    def scanner(self) -> Scanner:
        """Looks for viruses, where an office has set a scanner."""
        return Scanner(self.settings.clamd)

    def _pings(self) -> dict[str, Callable[[], object]]:
        return {
            "database": self.database.ping,
            "embedding": lambda: self.embedder.dimension,
            "knowledge": lambda: self.library.version,
            "scanner": self.scanner.ping,
        }

    def worker(self) -> Worker:
        """A worker for every task of the product."""
        task = DraftTask(self.database, self.library, self.planner, self.vault)
        hearing = TranscribeTask(self.database, self.sounds, self.listener)
        into = self.settings.data_dir / "evaluations"
        evaluating = EvaluationTask(self.database, self, Wiring.from_environment, into)
        tasks: dict[str, Task] = {
            TASK: task,
            TRANSCRIBE: hearing,
            EVALUATE: evaluating,
            CHECKPOINT: CheckpointTask(self.database),
            SWEEP: SweepTask(self.document_files),
            TELL: self.webhook,
            REMIND: RemindTask(self.database),
            ADD_SOURCE: AddSourceTask(self.database, self.document_files, self.shelf),
            VERIFY: VerifyTask(self.database, self.proofs),
        }
        periodic = {CHECKPOINT: CHECKPOINT_EVERY, SWEEP: SWEEP_EVERY, REMIND: REMIND_EVERY}
        if self.settings.webhook_url:
            periodic[TELL] = TELL_EVERY
        return JobQueue(self.database).worker(tasks, concurrency=HANDS, periodic=periodic)

    def application(self) -> FastAPI:
        """The one ASGI application: the API, and the pages mounted at its root."""
        import streamlit

        os.environ["CMIS_API_URL"] = f"http://{self.settings.host}:{self.settings.port}"
        pages: Any = streamlit.App(PAGES)
        app = FastAPI(
            title="CMIS Planner",
            version="1",
            lifespan=pages.lifespan(),
            docs_url="/api/docs",
            redoc_url=None,
            openapi_url="/api/openapi.json",
        )
        install(app, self.services)
        app.mount("/", pages)
        return app
