"""A case as one FHIR R4 bundle: what a person decided about it, checked and named after nobody."""

from __future__ import annotations

from typing import Any

import orjson
from fhir.resources.R4B.bundle import Bundle
from pydantic import ValidationError
from sqlalchemy.orm import Session

from cases import audit, fhir_parts, repository
from cases.decided_codes import decided_coding
from cases.fhir_values import strangers
from cases.people import CASE_ROLES, Person
from cases.rows import Row, Rows
from knowledge_base.library import Library
from runtime.clock import now
from runtime.database import Database
from runtime.errors import CmisError, Forbidden

ROWS = Rows("fhir")


class BundleInvalid(CmisError):
    """What would go out does not fit the standard; nothing goes out. Details: ``places``."""

    code = "fhir.invalid"


class FhirBundles:
    """Bundles of the cases of one database."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    def of(self, person: Person, case_id: str) -> dict[str, Any]:
        """The bundle of an own case; the giving out is audited.

        Raises `CaseUnseen`, `Forbidden` or `BundleInvalid`.
        """
        with self._database.session(person.actor) as session:
            case = repository.seen_case(session, case_id)
            if case["agency_id"] != person.agency_id or person.role not in CASE_ROLES:
                raise Forbidden
            parts = self._parts(session, case)
            bundle = self._checked(case, parts)
            detail = {"resources": len(parts)}
            audit.record(session, case_id, person.id, "fhir_given", case_id, detail)
            return bundle

    def _parts(self, session: Session, case: Row) -> list[fhir_parts.Resource]:
        given = {"case_id": case["id"]}
        coded = decided_coding(session, case["id"], self._library)
        decided = {
            d["code"]
            for d in repository.rows(session, "code_decisions", **given)
            if d["decision"] != "removed"
        }
        book = self._library.codebook
        parts = [fhir_parts.patient(case)]
        parts += [
            fhir_parts.condition(c, book, case, confirmed=c.code in decided) for c in coded.codes
        ]
        plan = repository.first(session, "newest_approved", **given)
        if plan:
            parts += fhir_parts.care_plan(case, plan["approved_content"], plan["content_hash"])
        referrals = ROWS.rows(session, "referrals_sent", **given)
        consents = ROWS.rows(session, "consents_given", **given)
        parts += [fhir_parts.service_request(r) for r in referrals]
        return parts + [fhir_parts.consent(c) for c in consents]

    def _checked(self, case: Row, parts: list[fhir_parts.Resource]) -> dict[str, Any]:
        made = {
            "resourceType": "Bundle",
            "type": "collection",
            "identifier": {"system": "urn:cmis:case", "value": case["number"]},
            "timestamp": now().isoformat(timespec="seconds"),
            "entry": [
                {"fullUrl": f"urn:cmis:{case['id']}:{p['resourceType']}:{p['id']}", "resource": p}
                for p in _resolved(parts)
            ],
        }
        try:
            bundle: dict[str, Any] = orjson.loads(Bundle.model_validate(made).model_dump_json())
        except ValidationError as error:
            places = [".".join(map(str, e["loc"])) for e in error.errors(include_input=False)]
            raise BundleInvalid(places=", ".join(places)) from error
        wrong = strangers(bundle, self._library.codebook)
        if wrong:
            raise BundleInvalid(places=", ".join(wrong))
        return bundle


def _resolved(parts: list[fhir_parts.Resource]) -> list[fhir_parts.Resource]:
    """The plan speaks only of conditions that are in the bundle."""
    inside = {f"{p['resourceType']}/{p['id']}" for p in parts}
    for part in parts:
        if "addresses" in part:
            part["addresses"] = [a for a in part["addresses"] if a["reference"] in inside]
            if not part["addresses"]:
                del part["addresses"]
    return parts
