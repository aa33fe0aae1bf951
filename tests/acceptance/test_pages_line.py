"""The line and the trail of a case: who of which agency did what, and the way to where it is."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from streamlit.testing.v1 import AppTest

from tests.acceptance.application import App
from tests.acceptance.lifecycle import Office, drafted, get, post, tomorrow
from tests.acceptance.paged import Pages, words
from tests.acceptance.test_api_casework import OWNER, accepted, assessed
from tests.acceptance.test_api_documents import PNG
from ui.words import say

SHELTER, POLICE = "malee.bpd", "somsak.police"
OF_SHELTER = {
    "th": "มาลี สาธิตดี · บ้านพักเด็กและครอบครัว (สาธิต)",
    "en": "มาลี สาธิตดี · Children and family shelter (demo)",
}
OF_POLICE = {
    "th": "ร.ต.อ.สมศักดิ์ สาธิตดี · สถานีตำรวจ (สาธิต)",
    "en": "ร.ต.อ.สมศักดิ์ สาธิตดี · Police station (demo)",
}
LINK = re.compile(r'<a href="([^"]+)"')


@pytest.fixture(scope="module")
def office(app: App) -> Office:
    return Office(app)


@pytest.fixture(scope="module")
def case(office: Office) -> dict[str, Any]:
    """A case in which the shelter took a letter and a document, and the police were refused."""
    owner = office[OWNER]
    made = assessed(office)
    drafted(office, owner, made["id"])
    accepted(office, made)
    people = {p["login"]: p["id"] for p in get(owner, "/directory")}
    meeting = {"meets_at": tomorrow(), "members": [people[SHELTER]], "questions": ["ใครไปเยี่ยม"]}
    met = post(owner, f"/cases/{made['id']}/conferences", meeting)
    kept = owner.post(
        "/api/v1/documents",
        params={"case_id": made["id"], "type_id": "doc:13"},
        files={"file": ("ประจำวัน.png", PNG)},
    ).json()
    version = kept["versions"][0]["id"]
    act = f"/document-versions/{version}/acts"
    post(owner, act, {"act": "sent", "party": "บ้านพัก"})
    assert office[SHELTER].get(f"/api/v1/document-versions/{version}/content").content == PNG
    post(office[SHELTER], act, {"act": "received"})
    post(owner, f"/document-versions/{version}/approval")
    refused = office[POLICE].get(f"/api/v1/cases/{made['id']}")
    assert refused.status_code == httpx.codes.NOT_FOUND
    return made | {"document": kept["id"], "conference": met["id"]}


def on_tab(pages: Pages, login: str, case_id: str, lang: str, **opened: str) -> AppTest:
    """A part of the file opened by its address, with what else stands open."""
    drawn = pages.draw("case_file", login, lang=lang, case=case_id, **opened)
    assert not drawn.exception
    return drawn


def test_custody_and_line_tell_every_act(office: Office, case: dict[str, Any]) -> None:
    (document,) = get(office[OWNER], f"/cases/{case['id']}/documents")["items"]
    acts = {c["act"]: (c["by_name"], c["by_agency"]) for c in document["custody"]}
    assert acts["received"] == acts["read"] == ("มาลี สาธิตดี", "bpd")
    line = get(office[OWNER], f"/cases/{case['id']}/timeline")
    assert [row["at"] for row in line] == sorted((row["at"] for row in line), reverse=True)
    assert {(row["what"], row["act"]) for row in line} >= {
        ("told", None),
        ("entry", None),
        ("plan", "drafted"),
        ("letter", "sent"),
        ("letter", "accepted"),
        ("document", "made"),
        ("document", "sent"),
        ("document", "received"),
        ("conference", "meets"),
        ("approval", "asked"),
    }
    assert get(office[POLICE], f"/cases/{case['id']}/timeline", 404)["code"] == "case.unseen"
    for row in get(office[SHELTER], f"/cases/{case['id']}/timeline"):
        if row["by_name"]:
            assert row["by_agency"] == ("bpd" if row["by_name"].startswith("มาลี") else "pmj"), row


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_trail_names_who_read_and_who_was_refused(
    pages: Pages, case: dict[str, Any], lang: str
) -> None:
    for login in (OWNER, "auditor"):
        drawn = on_tab(pages, login, case["id"], lang, part="timeline")
        drawn.session_state[f"trail-{case['id']}"] = True
        shown = words(drawn.run())
        refused = re.escape(say("trail.act.access_refused", lang))
        assert re.search(rf"{refused}<small>{re.escape(OF_POLICE[lang])}</small>", shown)
        read = re.escape(say("trail.act.document_read", lang))
        assert re.search(rf"{read} · [^<]+<small>{re.escape(OF_SHELTER[lang])}</small>", shown)
        assert f"<small>{say('trail.machine', lang)}</small>" not in shown
        assert say("trail.act.unknown", lang) not in shown


@pytest.mark.parametrize(("lang", "login"), [("th", OWNER), ("en", SHELTER)])
def test_each_line_leads_to_where_it_is(
    pages: Pages, case: dict[str, Any], lang: str, login: str
) -> None:
    shown = words(on_tab(pages, login, case["id"], lang, part="timeline"))
    ways = {unescape(way) for way in LINK.findall(shown)}
    assert f"/case?case={case['id']}&part=documents&document={case['document']}" in ways
    assert f"/conference?conference={case['conference']}" in ways
    for part in {parse_qs(urlsplit(way).query).get("part", [""])[0] for way in ways} - {""}:
        drawn = on_tab(pages, login, case["id"], lang, part=part)
        opened = drawn.session_state[f"parts-{case['id']}-{lang}"]
        assert opened == say(f"case.{part}", lang)


def test_the_documents_of_a_case_stand_in_its_file_with_their_custody(
    pages: Pages, case: dict[str, Any]
) -> None:
    opened = {"part": "documents", "document": case["document"]}
    shown = words(on_tab(pages, OWNER, case["id"], "th", **opened))
    who = re.escape(OF_SHELTER["th"])
    for act in ("read", "received"):
        assert re.search(rf"{say(f'custody.{act}', 'th')}</b>.*?{who}", shown)
    assert say("documents.checklist", "th") in shown
