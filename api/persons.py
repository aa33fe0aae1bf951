"""People of a case: who they are, their parts and ties, household facts, duplicates, erasure."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.dependencies import Signed
from api.errors import RESPONSES
from api.person_schemas import (
    CandidateOut,
    CandidatesOut,
    DuplicatesOut,
    ErasureOut,
    ExportOut,
    FactDecision,
    FactOut,
    HoldOut,
    HoldReason,
    NewPerson,
    NewRelation,
    OnePersonOut,
    PairDecision,
    PartDecision,
    PeopleOut,
    PersonChanges,
    RelationDecision,
)
from api.services import Given
from api.views import CaseRoute
from cases.person_identity import Identity

of_case = APIRouter(
    prefix="/cases/{case_id}", tags=["people"], responses=RESPONSES, route_class=CaseRoute
)
router = APIRouter(prefix="/persons", tags=["people"], responses=RESPONSES)
DONE = 204


@of_case.get("/persons")
def list_persons(case_id: str, person: Signed, services: Given) -> PeopleOut:
    """The people of a case and their ties, for those who work on it."""
    return PeopleOut.model_validate(services.people.persons.listed(person, case_id))


@of_case.post("/persons", status_code=201)
def add_person(case_id: str, body: NewPerson, person: Signed, services: Given) -> OnePersonOut:
    """Add somebody new, or link somebody the agency knows already."""
    persons = services.people.persons
    added = persons.add(
        person, case_id, body.role.value, identity=body.identity, person_id=body.person_id
    )
    return OnePersonOut.model_validate(persons.read(person, case_id, added))


@of_case.get("/persons/{person_id}")
def read_person(case_id: str, person_id: str, person: Signed, services: Given) -> OnePersonOut:
    """One person, as may be shown about them: whoever is blamed sees nothing of a victim's."""
    return OnePersonOut.model_validate(services.people.persons.read(person, case_id, person_id))


@of_case.patch("/persons/{person_id}")
def change_person(
    case_id: str, person_id: str, body: PersonChanges, person: Signed, services: Given
) -> OnePersonOut:
    """Correct who somebody is; a change under an older revision is refused."""
    persons = services.people.persons
    changes = body.changes.model_dump(exclude_unset=True)
    persons.change(person, case_id, person_id, changes, body.revision)
    return OnePersonOut.model_validate(persons.read(person, case_id, person_id))


@of_case.post("/persons/{person_id}/parts", status_code=DONE)
def decide_part(
    case_id: str, person_id: str, body: PartDecision, person: Signed, services: Given
) -> Response:
    """Confirm, give or remove a part."""
    persons = services.people.persons
    persons.decide_part(person, case_id, person_id, body.role.value, body.standing)
    return Response(status_code=DONE)


@of_case.post("/relations", status_code=DONE)
def add_relation(case_id: str, body: NewRelation, person: Signed, services: Given) -> Response:
    """Say how two persons of the case are related."""
    pair = (body.person_id, body.relative_id)
    services.people.persons.relate(person, case_id, pair, body.kinship, body.lives_with.value)
    return Response(status_code=DONE)


@of_case.patch("/relations/{relation_id}", status_code=DONE)
def decide_relation(
    case_id: str, relation_id: str, body: RelationDecision, person: Signed, services: Given
) -> Response:
    """Confirm, correct or remove a tie."""
    services.people.persons.decide_relation(
        person,
        case_id,
        relation_id,
        body.standing,
        kinship=body.kinship,
        lives_with=body.lives_with,
    )
    return Response(status_code=DONE)


@of_case.get("/facts")
def list_facts(case_id: str, person: Signed, services: Given) -> list[FactOut]:
    """Household facts: what the words suggest and what people decided."""
    found = services.people.household.listed(person, case_id)
    return [FactOut.model_validate(fact) for fact in found]


@of_case.put("/facts/{field}", status_code=DONE)
def decide_fact(
    case_id: str, field: str, body: FactDecision, person: Signed, services: Given
) -> Response:
    """Confirm, correct or remove a household fact; from then on drafts rely on it."""
    services.people.household.decide(
        person, case_id, field, body.decision, body.value, revision=body.revision
    )
    return Response(status_code=DONE)


@of_case.get("/holds")
def list_holds(case_id: str, person: Signed, services: Given) -> list[HoldOut]:
    """The legal holds of a case."""
    found = services.people.retention.holds(person, case_id)
    return [HoldOut.model_validate(hold) for hold in found]


@of_case.post("/holds", status_code=DONE)
def set_hold(case_id: str, body: HoldReason, person: Signed, services: Given) -> Response:
    """Keep everything of a case until the hold is lifted."""
    services.people.retention.hold(person, case_id, body.reason)
    return Response(status_code=DONE)


@of_case.delete("/holds", status_code=DONE)
def lift_holds(case_id: str, person: Signed, services: Given) -> Response:
    """Lift every legal hold of a case."""
    services.people.retention.lift(person, case_id)
    return Response(status_code=DONE)


@router.post("/search")
def search_persons(body: Identity, person: Signed, services: Given) -> CandidatesOut:
    """Persons of the own agency like a description; numbers exactly, names however spelled."""
    found = services.people.duplicates.search(person, body)
    return CandidatesOut(items=[CandidateOut.model_validate(one) for one in found])


@router.get("/{person_id}/duplicates")
def list_duplicates(person_id: str, person: Signed, services: Given) -> DuplicatesOut:
    """Who may be the same person, and why."""
    return DuplicatesOut.model_validate(services.people.duplicates.of(person, person_id))


@router.post("/{person_id}/duplicates", status_code=DONE)
def decide_duplicate(
    person_id: str, body: PairDecision, person: Signed, services: Given
) -> Response:
    """Say that two persons are one, or are not."""
    services.people.duplicates.decide(person, person_id, body.other_id, body.decision, body.reason)
    return Response(status_code=DONE)


@router.get("/{person_id}/export")
def export_person(person_id: str, person: Signed, services: Given) -> ExportOut:
    """Everything kept about one person, for themself."""
    return ExportOut.model_validate(services.people.export.of(person, person_id))


@router.post("/{person_id}/erasure")
def erase_person(person_id: str, person: Signed, services: Given) -> ErasureOut:
    """Erase a person for good; only a supervisor may, and a legal hold wins."""
    return ErasureOut.model_validate(services.people.erase(person, person_id))
