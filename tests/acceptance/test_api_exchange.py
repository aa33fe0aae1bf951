"""A case for other systems over HTTP: FHIR, tables, neighbours' files."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook

from tests.acceptance.application import App

V1 = "/api/v1"
SAMPLE = Path(__file__).parents[2] / "samples" / "exchange" / "hotline-1300.csv"


@pytest.fixture(scope="module")
def case_id(app: App) -> str:
    """The first case of a neighbour's sample."""
    sent = app.client("kanda.subdistrict").post(
        f"{V1}/exchange/hotline-1300/imports", files={"file": (SAMPLE.name, SAMPLE.read_bytes())}
    )
    assert sent.status_code == httpx.codes.CREATED, sent.text
    assert sent.json()["refused"] == []
    return str(sent.json()["imported"][0]["case_id"])


def test_an_imported_case_knows_where_it_came_from(app: App, case_id: str) -> None:
    client = app.client("kanda.subdistrict")
    (source,) = client.get(f"{V1}/cases/{case_id}/sources").json()["items"]
    assert (source["profile"], source["external_id"]) == ("hotline-1300", "1300-69-000481")
    again = client.post(
        f"{V1}/exchange/hotline-1300/imports", files={"file": (SAMPLE.name, SAMPLE.read_bytes())}
    ).json()
    assert again["imported"] == []
    assert [r["code"] for r in again["refused"]] == ["exchange.twice"] * 2
    given = client.get(f"{V1}/cases/{case_id}/exchange/hotline-1300", params={"form": "csv"})
    assert "1300-69-000481" in given.content.decode("utf-8-sig")
    names = [p["id"] for p in client.get(f"{V1}/exchange/profiles").json()["items"]]
    assert len(names) == 4


def test_a_bundle_and_a_table_are_given_out(app: App, case_id: str) -> None:
    client = app.client("kanda.subdistrict")
    bundle = client.get(f"{V1}/cases/{case_id}/fhir").json()
    assert bundle["resourceType"] == "Bundle"
    assert {"Patient", "Condition"} <= {e["resource"]["resourceType"] for e in bundle["entry"]}
    table = client.get(f"{V1}/tables/cases", params={"form": "xlsx"})
    sheet = load_workbook(io.BytesIO(table.content)).active
    assert sheet is not None
    assert sheet.max_row >= 3


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/cases/{case}/fhir", 404),
        ("/cases/{case}/sources", 404),
        ("/cases/{case}/exchange/hotline-1300", 404),
        ("/cases/{case}/exchange/no-such", 422),
    ],
)
def test_a_stranger_gets_nothing(app: App, case_id: str, path: str, status: int) -> None:
    answer = app.client("malee.bpd").get(V1 + path.format(case=case_id))
    assert answer.status_code == status


def test_an_import_without_a_file_is_refused(app: App) -> None:
    answer = app.client("malee.bpd").post(f"{V1}/exchange/hotline-1300/imports", data={"a": "b"})
    assert answer.json()["code"] == "input.fields"
