"""Schemes over HTTP: the list, the screening, and what each answer carries."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.acceptance.application import App

API = "/api/v1"
BABY = {
    "child_nationality": "TH",
    "parent_any_thai": True,
    "child_age_months": 14,
    "caregiver_lives_with_child": True,
    "child_in_residential_care": False,
}


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return app.client("somying.pmj")


def screened(client: TestClient, facts: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = client.post(f"{API}/schemes", json={"facts": facts, **more})
    assert answer.status_code == 200, answer.text
    return {row["id"]: row for row in answer.json()["schemes"]}


def test_the_list_says_what_a_household_needs(client: TestClient) -> None:
    schemes = {s["id"]: s for s in client.get(f"{API}/schemes").json()}

    assert len(schemes) == 75
    grant = schemes["child-support-grant"]
    assert grant["apply_th"]
    assert grant["documents_th"]
    assert grant["hotlines"] == ["1300"]
    assert grant["appeal_th"]
    assert {c["kind"] for c in grant["criteria"]} == {"HARD", "PROC", "EXCL", "NOTE"}
    assert any("600" in amount for amount in grant["amounts_th"])
    assert "test" not in grant["criteria"][0]


def test_the_list_is_of_a_day(client: TestClient) -> None:
    def amount(day: str) -> list[str]:
        rows = client.get(f"{API}/schemes", params={"as_of": day}).json()
        (row,) = [row for row in rows if row["id"] == "sso-child-allowance"]
        return list(row["amounts_th"])

    assert amount("2024-06-01")[0].startswith("800")
    assert amount("2026-06-01")[0].startswith("1,000")


def test_a_likely_scheme_says_what_to_do_first(client: TestClient) -> None:
    facts = BABY | {"household_income_pp_year": 60000, "bank_promptpay_ready": False}
    found = screened(client, facts)["child-support-grant"]

    assert found["verdict"] == "likely"
    assert found["to_do_ids"] == ["E6"]
    assert found["failed"] == []
    assert found["appeal_th"] is None


def test_a_scheme_to_ask_about_has_one_question_and_its_proof(client: TestClient) -> None:
    found = screened(client, BABY)["child-support-grant"]

    assert found["verdict"] == "ask"
    assert found["missing"] == ["household_income_pp_year"]
    assert found["question_th"]
    assert found["document_th"]


def test_a_refusal_says_why_and_how_to_appeal(client: TestClient) -> None:
    found = screened(client, BABY | {"household_income_pp_year": 900000})["child-support-grant"]

    assert found["verdict"] == "unlikely"
    assert "100,000" in found["failed"][0]
    assert "15 วัน" in found["appeal_th"]


def test_the_day_of_the_screening_counts(client: TestClient) -> None:
    born = {k: v for k, v in BABY.items() if k != "child_age_months"}
    facts = born | {"child_birth_date": "2020-11-24", "household_income_pp_year": 1}

    today = screened(client, facts, as_of="2026-11-23")["child-support-grant"]
    tomorrow = screened(client, facts, as_of="2026-11-24")["child-support-grant"]
    assert (today["verdict"], tomorrow["verdict"]) == ("likely", "unlikely")
    assert tomorrow["judged_on"] == "2026-11-24"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"facts": {"no_such": 1}}, "facts.unknown_field"),
        ({"facts": {"pregnant": "yes"}}, "facts.ill_typed"),
        ({"facts": {}, "as_of": "yesterday"}, "input.fields"),
        ({"facts": {}, "colour": "blue"}, "input.fields"),
    ],
)
def test_bad_facts_are_refused_with_a_sentence(
    client: TestClient, body: dict[str, Any], code: str
) -> None:
    answer = client.post(f"{API}/schemes", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["message_th"] != answer.json()["message_en"]


def test_nobody_reads_schemes_without_a_session(app: App) -> None:
    assert app.client().get(f"{API}/schemes").status_code == 401
    assert app.client().post(f"{API}/schemes", json={"facts": {}}).status_code == 401


def test_both_ways_are_described_with_their_types(app: App) -> None:
    paths = app.api.openapi()["paths"][f"{API}/schemes"]

    listed = paths["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert listed["items"]["$ref"].endswith("/SchemeOut")
    screening = paths["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert screening["$ref"].endswith("/Screenings")


def test_the_next_fact_is_the_one_that_most_schemes_wait_for(client: TestClient) -> None:
    facts = {f["field"]: f for f in client.get(f"{API}/facts").json()}
    first = client.post(f"{API}/schemes", json={"facts": {}}).json()
    waiting = [s for s in first["schemes"] if first["next_fact"] in s["missing"]]
    skipped = {"facts": {}, "not_known": [first["next_fact"]]}
    second = client.post(f"{API}/schemes", json=skipped).json()

    assert len(facts) == 125
    assert facts[first["next_fact"]]["ask_th"] == first["next_question"]
    assert first["decides"] == sum(s["verdict"] == "ask" for s in waiting) > 0
    assert second["next_fact"] not in (None, first["next_fact"])
    assert second["schemes"] == first["schemes"]
    assert {c["value"] for c in facts["sex"]["choices"]} == {"M", "F", "X"}
