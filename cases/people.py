"""People who sign in: who they are, what their role may do."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from runtime.actor import Actor

CASE_ROLES = frozenset(
    {
        "social_worker_province",
        "social_worker_shelter",
        "prosecutor_youth_family",
        "coordination_centre_subdistrict",
        "supervisor",
    }
)
APPROVING_ROLES = CASE_ROLES
RECEIVING_ROLES = CASE_ROLES | {"partner_officer"}
RESEARCHER = "researcher"
INVITED_ROLES = RECEIVING_ROLES | {"mdt_member"}


class Person(BaseModel):
    """The signed-in person."""

    model_config = ConfigDict(frozen=True)

    id: str
    login: str
    name: str
    role: str
    agency_id: str
    agency_th: str
    agency_en: str
    language: str
    password_due: bool = False

    @property
    def actor(self) -> Actor:
        """Who the database is told is asking."""
        return Actor(self.id, self.agency_id, self.role)
