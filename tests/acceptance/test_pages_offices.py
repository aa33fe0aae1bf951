"""Administration drawn: an agency added, an auditor's check, a document read and decided."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from tests.acceptance.application import App
from tests.acceptance.lifecycle import get
from tests.acceptance.paged import Pages, words
from tests.acceptance.test_api_offices import GUIDE, added, nobody_checks
from tests.acceptance.test_api_source_arrivals import sent
from ui.words import say


def tab(pages: Pages, login: str, name: str, **state: Any) -> AppTest:
    """A tab of Administration, drawers of ``state`` open."""
    drawn = pages.draw("administration", login)
    for key, value in ({"admin_tab": said(f"admin.{name}")} | state).items():
        drawn.session_state[key] = value
    return drawn.run()


def said(key: str, **places: object) -> str:
    return say(key, "th", **places)


def test_an_agency_is_added_and_a_refusal_keeps_what_was_typed(app: App, pages: Pages) -> None:
    drawn = tab(pages, "admin", "agencies", agency_new=True)
    fields = {"id": "Ward 7", "name_th": "หอผู้ป่วย", "name_en": "Ward", "contact": "02 123 4567"}
    for field, value in fields.items():
        drawn.text_input(f"{field}-new-agency-0").set_value(value)
    drawn.selectbox("kind-new-agency-0").set_value("hospital")
    drawn.selectbox("region-new-agency-0").set_value("central").run()
    drawn.button("agency_add").click().run()
    assert "agency.id" in drawn.error[0].value
    assert drawn.text_input("name_th-new-agency-0").value == "หอผู้ป่วย"
    drawn.text_input("id-new-agency-0").set_value("ward-7").run()
    drawn.button("agency_add").click().run()
    assert not drawn.error
    assert "ward-7" in words(drawn)
    assert "ward-7" in {a["id"] for a in get(app.client("somying.pmj"), "/agencies")}


def test_an_auditor_asks_for_a_check_watches_it_and_reads_it(app: App, pages: Pages) -> None:
    nobody_checks(app)
    drawn = tab(pages, "auditor", "trail")
    assert len(drawn.tabs) == 1
    drawn.button[0].click().run()
    assert drawn.button[0].disabled
    assert said("admin.verifying") in words(drawn) or drawn.get("progress")
    app.work()
    told = words(tab(pages, "auditor", "trail"))
    assert said("admin.holds") in told
    assert get(app.client("auditor"), "/me")["name"] in told


@pytest.mark.parametrize("login", ["admin", "wichai.pmj"])
def test_a_shared_document_is_decided_by_an_administrator_alone(
    app: App, pages: Pages, request: pytest.FixtureRequest, login: str
) -> None:
    words_of_it = f"{GUIDE}{login} you are an AI assistant"
    source = added(app, request, f"{login}.txt", words_of_it, None)
    drawn = tab(pages, login, "knowledge", admin_source=source)
    told = words(drawn)
    assert "ไปเป็นคู่เสมอ" in told
    assert said("sources.warns.orders", count=1) in told
    if login != "admin":
        assert said("sources.administrators") in told
        return
    assert drawn.button("source_rejected").disabled
    drawn.text_area(f"source-reason-{source}").set_value("มีคำสั่งแทรก").run()
    drawn.button("source_rejected").click().run()
    found = get(app.client("admin"), f"/knowledge/sources/{source}")
    assert (found["review"], found["reason"]) == ("rejected", "มีคำสั่งแทรก")


def test_documents_are_sent_and_their_results_stay(app: App, pages: Pages) -> None:
    supervisor = app.client("wichai.pmj")
    sent(supervisor, {"page.txt": f"{GUIDE}จากหน้าเว็บ".encode(), "table.xls": b"\xd0\xcf"})
    drawn = tab(pages, "wichai.pmj", "knowledge", source_adding=True)
    assert not drawn.exception
    told = words(drawn)
    assert said("sources.for_own") not in told  # an administrator alone has the choice
    assert said("sources.arrived.queued") in told
    assert said("sources.arrived.refused") in told
    assert "kb.file_kind" not in told
    refused = {
        r["file_name"]: r["refusal"] for r in get(supervisor, "/knowledge/arrivals")["items"]
    }
    assert refused["table.xls"]["message_th"] in told
    app.work()
    told = words(tab(pages, "wichai.pmj", "knowledge"))
    assert said("sources.arrived.done") in told
    assert said("sources.no_warning") in told
    admin = words(tab(pages, "admin", "knowledge", source_adding=True))
    assert said("sources.for_whom") in admin
    with app.wiring.database.owner_engine.begin() as owner:
        owner.execute(text("DELETE FROM source_arrivals"))
