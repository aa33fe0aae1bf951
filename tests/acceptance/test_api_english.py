"""English titles over HTTP, beside the Thai ones: code book, search, plans, schemes, documents."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.acceptance.application import App
from tests.acceptance.lifecycle import Office, drafted
from tests.acceptance.test_api_casework import OWNER, assessed

API = "/api/v1"
THAI = re.compile("[\u0e00-\u0e7f]")


@pytest.fixture(scope="module")
def owner(app: App) -> TestClient:
    return app.client(OWNER)


def read(client: TestClient, path: str, **query: Any) -> Any:
    answer = client.get(f"{API}{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def english(words: list[str | None]) -> bool:
    """Whether there are words, all of them English."""
    return bool(words) and all(w and not THAI.search(w) for w in words)


def test_the_code_book_names_dangers_in_both_languages(owner: TestClient) -> None:
    flags = read(owner, "/codebook")["red_flags"]
    assert len(flags) == 23
    for lang in ("", "_en"):
        assert all(f[f"sign{lang}"] and f[f"action{lang}"] for f in flags)
    assert english([f[k] for f in flags for k in ("sign_en", "action_en")])


def test_hits_and_entries_have_english_titles(owner: TestClient) -> None:
    hits = read(owner, "/search", q="เด็กถูกทำร้ายต้องแจ้งใคร", k=20)["hits"]
    shared = [h for h in hits if h["confidence"]]
    assert english([h["title_en"] for h in shared])
    entry = read(owner, "/entries/child-protection-2546%2341")
    assert english([entry["title_en"]])
    assert THAI.search(entry["title_th"])


def test_what_changed_and_what_is_due_have_english_titles(app: App, owner: TestClient) -> None:
    lately = read(owner, "/knowledge/changes")
    assert english([e["title_en"] for e in lately["in_force"]])
    due = read(app.client("wichai.pmj"), "/knowledge/due")["due"]
    assert all(row["title_en"] for row in due)


def test_a_plan_tells_in_english_what_it_cites_and_a_time_limit_its_section(app: App) -> None:
    office = Office(app)
    case = assessed(office)
    drafted(office, office[OWNER], case["id"])
    newest = read(office[OWNER], f"/cases/{case['id']}")["versions"][-1]["id"]
    version = read(office[OWNER], f"/plans/{newest}")
    assert {*version["titles_en"]} == {c["id"] for c in version["content"]["citations"]}
    assert english([*version["titles_en"].values()])
    assert version["intact"]

    rows = [r for r in read(office[OWNER], "/deadlines")["items"] if r["case_id"] == case["id"]]
    assert english([r["start_en"] for r in rows if r["start_th"]])
    sections = [s["title_en"] for r in rows for s in r["sections"]]
    assert not sections or english(sections)


def test_schemes_and_facts_are_told_in_english(owner: TestClient) -> None:
    facts = {"child_nationality": "TH", "child_age_months": 90, "existing_benefits": []}
    screened = owner.post(f"{API}/schemes", json={"facts": facts}).json()["schemes"]
    assert english([s["name_en"] for s in screened])
    assert english([s["appeal_en"] for s in screened if s["appeal_th"]])
    for s in screened:
        told = [*s["amounts_en"], *s["to_do_first_en"], *s["failed_en"], *s["with_others_en"]]
        thai = [*s["amounts"], *s["to_do_first"], *s["failed"], *s["with_others_th"]]
        assert len(told) == len(thai)
        assert english([*told, s["name_en"], *([] if told else [s["benefit_en"]])])
    assert english([f["proof_en"] for f in read(owner, "/facts") if f["proof_th"]])
    assert english([s["appeal_en"] for s in read(owner, "/schemes")])


def test_kinds_of_document_have_english_names(owner: TestClient) -> None:
    assert english([k["name_en"] for k in read(owner, "/document-types")["items"]])
