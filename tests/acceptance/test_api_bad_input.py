"""Whatever is sent, the answer is one sentence in each language, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from cases.seeds import seed_demo
from tests.acceptance.application import PASSWORD, App

API = "/api/v1"
BAD = {
    "narrative.empty": "",
    "narrative.not_thai": "This is a story in English, and only in English.",
    "narrative.too_long": "ก" * 200_000,
    "narrative.not_text": "ก\0ข",
}


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return app.client("somying.pmj")


@pytest.mark.parametrize("code", BAD)
def test_bad_narratives(client: TestClient, code: str) -> None:
    before = client.get(f"{API}/cases").json()["total"]
    answer = client.post(f"{API}/cases", json={"narrative": BAD[code]})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, code)
    assert body["message_th"] != body["message_en"]
    assert client.get(f"{API}/cases").json()["total"] == before


def test_unknown_fields_and_wrong_types_are_named(client: TestClient) -> None:
    body = client.post(f"{API}/cases", json={"narrative": 5, "nonsense": 1}).json()
    assert body["code"] == "input.fields"
    assert "nonsense" in body["message_en"]


def test_a_huge_body_is_refused(client: TestClient) -> None:
    answer = client.post(f"{API}/cases", content=b"x" * (3 * 1024 * 1024))
    assert answer.status_code == 413
    assert answer.json()["code"] == "input.too_large"


def test_nobody_gets_in_without_a_session(app: App) -> None:
    anybody = app.client()
    for path in ("/me", "/cases", "/search?q=x", "/codebook", "/facts", "/plans/x", "/drafts/x"):
        assert anybody.get(f"{API}{path}").status_code == 401, path
    assert anybody.get(f"{API}/health").status_code == 200


def test_a_foreign_page_cannot_write_with_the_cookie(app: App) -> None:
    client = app.client()
    page = client.post(
        "/login", data={"login": "somying.pmj", "password": PASSWORD}, follow_redirects=False
    )
    assert page.status_code == 303
    cookie = page.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    foreign = {"Origin": "https://elsewhere.example"}
    answer = client.post(f"{API}/logout", headers=foreign)
    assert (answer.status_code, answer.json()["code"]) == (403, "access.foreign_origin")
    assert client.get(f"{API}/me").status_code == 200
    assert client.post("/logout", follow_redirects=False).status_code == 303
    assert client.get(f"{API}/me").status_code == 401


@pytest.fixture
def rested(app: App) -> Iterator[str]:
    """An account that may be locked; the demo office is renewed for the tests after it."""
    yield "kanda.subdistrict"
    seed_demo(app.wiring.database, PASSWORD)


def test_ten_failures_rest_the_account(app: App, rested: str) -> None:
    client = app.client()
    wrong = {"login": rested, "password": "ผิด"}
    codes = [client.post(f"{API}/login", json=wrong).json()["code"] for _ in range(11)]
    assert codes[:10] == ["login.refused"] * 10
    assert codes[10] == "login.locked"
    unknown = client.post(f"{API}/login", json={"login": "nobody", "password": "x"}).json()
    assert unknown["code"] == "login.refused"


def test_knowledge_over_http(client: TestClient) -> None:
    hits = client.get(f"{API}/search", params={"q": "เด็กถูกทำร้ายต้องแจ้งใคร", "k": 5}).json()["hits"]
    assert len(hits) == 5
    assert {"dense", "words", "trigrams"} <= set(hits[0]["legs"])
    entry = client.get(f"{API}/entries/child-protection-2546%2341").json()
    assert entry["kind"] == "law"
    assert client.get(f"{API}/entries/no-such%231").status_code == 404
    assert client.get(f"{API}/search", params={"q": " "}).json()["code"] == "search.query_empty"
    assert len(client.get(f"{API}/codebook").json()["codes"]) == 87
    assert len(client.get(f"{API}/facts").json()) == 125


def test_knowledge_of_a_day_of_a_source_and_of_a_problem_over_http(client: TestClient) -> None:
    asked = {"q": "ค่าตอบแทนผู้เสียหาย ยื่นภายในกี่ปี", "k": 10, "kind": "law"}
    act = "victim-compensation-2544"

    def found(**more: Any) -> list[str]:
        hits = client.get(f"{API}/search", params=asked | more).json()["hits"]
        return [hit["id"] for hit in hits]

    assert any(i.startswith(act) for i in found(as_of="2026-11-26"))
    assert not any(i.startswith(act) for i in found(as_of="1990-01-01"))
    assert {i.partition("#")[0] for i in found(source=act)} == {act}
    assert len(found(follow=True)) > 10
    entry = client.get(f"{API}/entries/child-protection-2546%2329").json()
    assert {e["id"] for e in entry["see_also"]} == {*entry["see"]}
    sets = client.get(f"{API}/evidence", params={"code": ["VIO-01", "LEG-01"]}).json()["problems"]
    assert [(s["code"], s["missing"]) for s in sets] == [("VIO-01", []), ("LEG-01", [])]
    assert {e["kind"] for e in sets[0]["entries"]} == {"law", "welfare", "practice"}
    unknown = client.get(f"{API}/evidence", params={"code": ["NO-01"]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "search.code_unknown")
    lines = client.get(f"{API}/hotlines").json()
    assert {line["number"] for line in lines} > {"191", "1300"}


def test_schemes_over_http(client: TestClient) -> None:
    facts = {"child_age_months": 10, "child_nationality": "TH", "immediate_danger": True}
    body = client.post(f"{API}/schemes", json={"facts": facts}).json()
    assert "191" in body["call_first"]
    assert body["next_question"]
    assert len(body["schemes"]) == 75
    unknown = client.post(f"{API}/schemes", json={"facts": {"no_such": 1}}).json()
    assert unknown["code"] == "facts.unknown_field"


def test_the_language_is_remembered(client: TestClient) -> None:
    assert client.put(f"{API}/me/language", json={"language": "en"}).status_code == 204
    assert client.get(f"{API}/me").json()["language"] == "en"
    assert client.put(f"{API}/me/language", json={"language": "th"}).status_code == 204


def test_unknown_paths_and_methods_speak_too(client: TestClient) -> None:
    assert client.get(f"{API}/nowhere").json()["code"] == "input.not_found"
    assert client.delete(f"{API}/cases").status_code == 405


def test_the_description_lists_every_refusal(app: App) -> None:
    document = app.api.openapi()
    assert "/api/v1/plans/{version_id}/approve" in document["paths"]
    responses = document["paths"]["/api/v1/cases"]["post"]["responses"]
    assert {"401", "403", "422"} <= set(responses)
