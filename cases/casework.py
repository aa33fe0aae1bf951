"""The verbs of casework over one database, in one place for whoever wires them."""

from __future__ import annotations

from cases.alerts import Alerts
from cases.changes import Changes
from cases.conference_outcomes import Outcomes
from cases.conferences import Conferences
from cases.consents import Consents
from cases.deadlines import Deadlines
from cases.entries import Entries
from cases.glass import Glass
from cases.happenings import Happenings
from cases.notices import Notices
from cases.plan_services import PlanServices
from cases.referrals import Referrals
from cases.sign_offs import SignOffs
from cases.viewing import Viewing
from knowledge_base.library import Library
from runtime.database import Database


class Casework:
    """Everything around a plan: consent, letters, steps, services, conferences, sign-offs."""

    def __init__(self, database: Database, library: Library) -> None:
        self.consents = Consents(database)
        self.referrals = Referrals(database, library)
        self.entries = Entries(database)
        self.deadlines = Deadlines(database)
        self.services = PlanServices(database)
        self.conferences = Conferences(database)
        self.outcomes = Outcomes(database)
        self.sign_offs = SignOffs(database)
        self.glass = Glass(database)
        self.alerts = Alerts(database)
        self.viewing = Viewing(database)
        self.changes = Changes(database)
        self.happenings = Happenings(database)
        self.notices = Notices(database)
