"""The Documents page: drafted with its pages shown, brought, sent, renewed, withdrawn, refused."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.acceptance.conftest import Office
from tests.acceptance.desk_work import a_case, fits, leave_field, seated, signed
from tests.acceptance.test_browser_main_day import PHONE, shot

pytestmark = pytest.mark.browser

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fccff0bf1e0006830281f48f6b5c0000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def case_id(office: Office) -> str:
    with signed(office) as http:
        return a_case(http, "ครอบครัวบ้านไม้")


@pytest.fixture
def documents(page: Page, office: Office, case_id: str) -> Page:
    seated(page, office)
    page.goto(f"{office.url}/documents?case={case_id}")
    expect(page.get_by_role("heading", name="เอกสารที่แต่ละขั้นต้องใช้")).to_be_visible()
    return page


def bring(page: Page, name: str, content: bytes) -> None:
    page.get_by_role("radio", name="นำไฟล์เข้า").click()
    field = page.locator('input[type="file"]').first
    field.set_input_files(
        FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    )
    expect(page.locator('[data-testid="stFileUploader"]')).to_contain_text(name)
    page.get_by_role("button", name="เก็บเข้าแฟ้ม").click()


def test_a_form_is_drafted_and_its_pages_are_shown(documents: Page) -> None:
    documents.get_by_role("button", name="ร่างเอกสาร").click()
    pages = documents.locator(".cmis-pages img")
    expect(pages.first).to_be_visible()
    assert pages.first.evaluate("i => i.complete && i.naturalWidth") > 600
    expect(documents.get_by_text("มีในแฟ้มแล้ว 1 จาก 19 ชนิด")).to_be_visible()
    shot(documents, "documents")
    documents.get_by_role("tab", name="อยู่ในมือใคร").click()
    custody = documents.locator(".cmis-custody li")
    expect(custody.first).to_contain_text("นำเข้าแฟ้ม")
    expect(custody.first).to_contain_text("สมหญิง")


def test_a_word_form_is_told_in_words(documents: Page) -> None:
    documents.get_by_role("radio", name="Word").click()
    documents.get_by_role("button", name="ร่างเอกสาร").click()
    expect(documents.get_by_text("แสดงเฉพาะข้อความของไฟล์ Word")).to_be_visible()
    expect(documents.locator(".cmis-sheet")).to_contain_text("บันทึกรับแจ้งเหตุ")


def test_a_file_of_another_kind_is_refused_kindly_and_a_picture_taken(documents: Page) -> None:
    documents.get_by_role("radio", name="นำไฟล์เข้า").click()
    documents.get_by_role("button", name="เก็บเข้าแฟ้ม").click()
    expect(documents.get_by_role("alert")).to_contain_text("เลือกไฟล์")
    bring(documents, "โปรแกรม.exe", b"MZ" + b"\0" * 400)
    refusal = documents.get_by_role("alert").filter(has_text="file.kind")
    expect(refusal).to_contain_text("PDF")
    bring(documents, "แผนที่บ้าน.png", PNG)
    expect(documents.get_by_text("แผนที่บ้าน.png")).to_be_visible()
    expect(documents.locator(".cmis-pages img")).to_be_visible()


def test_sending_asks_for_the_receiver_and_custody_remembers(documents: Page) -> None:
    documents.get_by_role("button", name="ดู", exact=True).last.click()
    documents.get_by_role("tab", name="ดำเนินการ").click()
    documents.get_by_role("radio", name="ส่ง", exact=True).click()
    expect(documents.get_by_label("ส่งถึงใคร")).to_be_visible()
    documents.get_by_role("button", name="ส่ง", exact=True).click()
    refusal = documents.get_by_role("alert").filter(has_text="document.reason_needed")
    expect(refusal).to_be_visible()
    leave_field(documents, "ส่งถึงใคร", "สถานีตำรวจ (สาธิต)")
    documents.get_by_role("button", name="ส่ง", exact=True).click()
    expect(refusal).to_have_count(0)
    documents.get_by_role("tab", name="อยู่ในมือใคร").click()
    expect(documents.locator(".cmis-custody li").last).to_contain_text("สถานีตำรวจ (สาธิต)")


def test_a_withdrawn_document_can_only_be_read(
    documents: Page, office: Office, case_id: str
) -> None:
    with signed(office) as http:
        made = http.post(f"/cases/{case_id}/documents", json={"type_id": "doc:2"}).json()
        act = {"act": "withdrawn", "note": "พิมพ์ผิดคน"}
        http.post(f"/document-versions/{made['versions'][0]['id']}/acts", json=act)
    documents.reload()
    documents.get_by_role("button", name="ดู", exact=True).first.click()
    documents.get_by_role("tab", name="ดำเนินการ").click()
    expect(documents.get_by_text("เอกสารนี้ถอนแล้ว")).to_be_visible()
    documents.get_by_role("tab", name="อยู่ในมือใคร").click()
    expect(documents.locator(".cmis-custody li").last).to_contain_text("พิมพ์ผิดคน")


def test_another_agency_is_refused_and_nothing_is_told(
    page: Page, office: Office, case_id: str
) -> None:
    seated(page, office, "malee.bpd")
    page.goto(f"{office.url}/documents?case={case_id}")
    expect(page.get_by_role("alert")).to_contain_text("case.unseen")
    expect(page.get_by_text("ครอบครัวบ้านไม้")).to_have_count(0)


def test_it_fits_a_phone(documents: Page) -> None:
    documents.set_viewport_size(PHONE)
    documents.wait_for_timeout(800)
    assert fits(documents)
    shot(documents, "documents-phone")
