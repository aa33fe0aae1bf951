"""A case for other systems: a FHIR bundle whose codes are checked, tables safe from formulas."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook

from cases import fhir_values
from cases.case_tables import CaseTables, xlsx_of
from cases.errors import CaseUnseen
from cases.fhir import BundleInvalid, FhirBundles
from cases.people import Person
from runtime.table_cells import csv_of, inert
from tests.integration.record import Record, approved_case


@pytest.fixture(scope="module")
def case_id(record: Record, owner: Person) -> str:
    """An approved case with a code a person accepted."""
    made = approved_case(record, owner)
    record.services.files.decide_code(owner, made, "VIO-01", "accepted")
    return made


@pytest.fixture(scope="module")
def bundle(record: Record, owner: Person, case_id: str) -> dict[str, Any]:
    return record.services.fhir.of(owner, case_id)


def of_kind(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    entries = [e["resource"] for e in bundle["entry"]]
    return [r for r in entries if r["resourceType"] == kind]


def test_conditions_carry_icd10_and_gravity(bundle: dict[str, Any]) -> None:
    (violence,) = [c for c in of_kind(bundle, "Condition") if c["id"] == "condition-vio-01"]
    codes = {c["code"] for c in violence["code"]["coding"]}
    assert {"VIO-01", "T74.1"} <= codes
    categories = {c["code"] for part in violence["category"] for c in part["coding"]}
    assert "intimate-partner-violence" in categories
    assert violence["verificationStatus"]["coding"][0]["code"] == "confirmed"
    unsaid = [c for c in of_kind(bundle, "Condition") if c is not violence]
    assert {c["verificationStatus"]["coding"][0]["code"] for c in unsaid} == {"provisional"}


def test_only_approved_words_leave_and_nobody_is_named(
    record: Record, owner: Person, bundle: dict[str, Any], case_id: str
) -> None:
    (plan,) = of_kind(bundle, "CarePlan")
    assert plan["status"] == "active"
    goals = of_kind(bundle, "Goal")
    assert [g["description"]["text"] for g in goals] == ["ข้อความที่แก้แล้ว"]
    assert "activity" not in plan  # every action was struck
    said = str(bundle)
    assert "นวลจันทร์" not in said
    assert "080-000-0126" not in said
    trail = record.services.integrity.trail(owner, case_id)
    assert "fhir_given" in [e["action"] for e in trail["events"]]
    assert trail["damage"] == []


def test_a_case_without_an_approved_plan_gives_its_codes_alone(
    record: Record, owner: Person
) -> None:
    made = record.services.fhir.of(owner, record.opened(owner))
    assert of_kind(made, "CarePlan") == []
    assert of_kind(made, "Condition") != []


def test_every_code_of_the_code_book_fits_the_value_sets(record: Record) -> None:
    book = record.wiring.library.codebook
    for code in book.codes.values():
        codings = [fhir_values.coding("icd10", i.code) for i in code.icd10_who]
        if code.gravity_domain:
            codings.append(fhir_values.coding("gravity", code.gravity_domain))
        assert fhir_values.strangers({"resourceType": "x", "coding": codings}, book) == []


def test_a_code_of_no_value_set_never_leaves(record: Record, owner: Person, case_id: str) -> None:
    library = record.wiring.library
    strange = library.codebook.codes["VIO-01"].model_copy(update={"gravity_domain": "made-up"})
    codes = library.codebook.codes | {"VIO-01": strange}
    book = library.codebook.model_copy(update={"codes": codes})
    bundles = FhirBundles(record.database, replace(library, codebook=book))
    with pytest.raises(BundleInvalid) as refused:
        bundles.of(owner, case_id)
    assert "made-up" in str(refused.value.details["places"])
    wrong = {"resourceType": "Bundle", "type": "made-up", "entry": []}
    assert fhir_values.strangers(wrong, book) == ["Bundle.type: made-up"]


def test_referrals_and_consents_are_in_it(record: Record, owner: Person, case_id: str) -> None:
    record.owner(
        "INSERT INTO consents (id, case_id, subject, purpose, recipients, given_by, method,"
        " given_at, expires_at, details, recorded_by) VALUES ('c1', :c, 'x', 'service',"
        " '{bpd}', 'self', 'written', now(), now() + interval '90 days', '{}', :u)",
        c=case_id,
        u=owner.id,
    )
    record.owner(
        "INSERT INTO referrals (id, case_id, kind, from_agency, to_agency, purpose, basis,"
        " consent_id, requested, services, parts, shared, answer_by, sent_by) VALUES ('r1', :c,"
        " 'referral', 'pmj', 'bpd', 'service', 'consent', 'c1', 'ที่พักชั่วคราว', '[]', '{case}',"
        " '{}', now() + interval '3 days', :u)",
        c=case_id,
        u=owner.id,
    )
    made = record.services.fhir.of(owner, case_id)
    (request,) = of_kind(made, "ServiceRequest")
    assert (request["status"], request["performer"][0]["identifier"]["value"]) == ("active", "bpd")
    (consent,) = of_kind(made, "Consent")
    assert consent["status"] == "active"


def test_a_hidden_case_gives_nothing(record: Record, case_id: str) -> None:
    with pytest.raises(CaseUnseen):
        record.services.fhir.of(record.person("malee.bpd"), case_id)


FORMULAS = ("=1+1", "+66", "-1", "@SUM(A1)", "\t=1", "\r=1", "|cmd", "＝1")


@pytest.mark.parametrize("words", FORMULAS)
def test_no_cell_is_a_formula(words: str) -> None:
    assert inert(words) == f"'{words}"
    assert inert(-1) == "-1"
    assert f"'{words[0]}" in csv_of(("a",), [[words]]).decode()
    sheet = load_workbook(io.BytesIO(xlsx_of(("a",), [[words]]))).active
    assert sheet is not None
    assert sheet["A2"].data_type == "s"
    assert str(sheet["A2"].value).startswith("'")


def test_a_table_holds_the_cases_and_their_giving_out_is_audited(
    record: Record, owner: Person
) -> None:
    case_id = record.services.files.open(
        owner, "แม่ขอความช่วยเหลือเรื่องค่าเช่าบ้าน", title="=HYPERLINK(1)"
    )
    table = record.services.tables.table(owner, "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert "'=HYPERLINK(1)" in {row["title"] for row in rows}
    sheet = load_workbook(io.BytesIO(record.services.tables.table(owner, "xlsx"))).active
    assert sheet is not None
    assert sheet.max_row == len(rows) + 1
    events = record.services.integrity.trail(owner, case_id)["events"]
    assert [e["detail"]["form"] for e in events if e["action"] == "case_exported"] == [
        "csv",
        "xlsx",
    ]


def test_a_table_says_how_many_cases_it_leaves_out(
    record: Record, owner: Person, case_id: str
) -> None:
    record.opened(owner)
    tables = CaseTables(record.database, most=1)
    rows = list(csv.reader(io.StringIO(tables.table(owner, "csv").decode("utf-8-sig"))))
    total = record.services.caseload.listed(owner, 1, 0)["total"]
    assert len(rows) == 3
    assert str(total - 1) in rows[2][0]
