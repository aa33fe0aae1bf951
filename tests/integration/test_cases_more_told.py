"""More is told in an open case: what people decided stands, what is new stands beside it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from cases.errors import CaseUnseen, StoryChanged
from cases.integrity import verify_case
from cases.kept_coding import rises
from cases.people import Person
from cases.person_identity import Identity
from intake.narrative import NarrativeEmpty, NarrativeNotThai, NarrativeTooLong
from planner.schemas import Draft
from runtime.clock import now
from runtime.errors import CmisError, Forbidden
from tests.integration.record import Record, approved_case

STORY = (
    "นางสาววารุณี ใจงามดี อายุ 25 ปี มาที่สำนักงาน เล่าว่าตกงานมาสองเดือน ค้างค่าเช่าห้อง "
    "ไม่มีเงินซื้อนมให้ลูกสาวอายุ 2 ขวบ อยู่กับแม่ชื่อนางสมร ใจงามดี"
)
CALL = (
    "นางสมรโทรมาแจ้งว่าเมื่อคืนนายเดชา แข็งกล้า สามีของวารุณี กลับมาที่ห้อง "
    "ใช้มีดขู่จะฆ่าและบีบคอวารุณีจนหายใจไม่ออก ตอนนี้ยังอยู่หน้าห้อง"
)
QUIET = "วารุณีโทรมาบอกว่าเปลี่ยนเบอร์โทรศัพท์แล้ว"


@pytest.fixture
def case(record: Record, owner: Person) -> str:
    """A case that begins without danger."""
    return record.opened(owner, STORY)


def read(record: Record, who: Person, case_id: str) -> dict[str, Any]:
    return record.services.files.read(who, case_id)


def tell(record: Record, who: Person, case_id: str, words: str, **more: Any) -> dict[str, Any]:
    """The case after somebody who has just read it added to its story."""
    base = more.pop("base", None) or read(record, who, case_id)["narrative"]["id"]
    record.services.more_told.add(who, case_id, words, base=base, **more)
    return read(record, who, case_id)


def names(record: Record, who: Person, case_id: str) -> list[str]:
    found = record.services.people.persons.listed(who, case_id)["persons"]
    return sorted(p["identity"]["given_name"] for p in found if p["identity"]["given_name"])


def test_the_story_goes_on_and_keeps_every_place(record: Record, owner: Person, case: str) -> None:
    before = read(record, owner, case)
    after = tell(record, owner, case, CALL, source="โทรศัพท์ จากแม่")
    story = after["narrative"]
    assert story["text"].startswith(STORY)
    [added] = story["additions"]
    assert story["text"][added["start"] : added["end"]] == CALL
    assert (added["source"], added["by_name"]) == ("โทรศัพท์ จากแม่", owner.name)
    assert story["id"] != before["narrative"]["id"]
    for found in ("codes", "red_flags", "facts"):
        for one in after["coding"][found]:
            for span in one["spans"]:
                assert story["text"][span["start"] : span["end"]] == span["text"]
    assert read(record, owner, case)["narrative"]["source"] == before["narrative"]["source"]


def test_what_was_decided_stands_and_a_new_danger_is_told_at_once(
    record: Record, owner: Person, case: str
) -> None:
    before = read(record, owner, case)
    first = before["coding"]["codes"][0]["code"]
    files = record.services.files
    files.decide_code(owner, case, first, "removed")
    files.decide_code(owner, case, "EDU-01", "added")
    boss = record.person("wichai.pmj")
    after = tell(record, boss, case, CALL)
    decided = {d["code"]: d["decision"] for d in after["code_decisions"]}
    assert decided == {first: "removed", "EDU-01": "added"}
    flags = {f["id"] for f in after["coding"]["red_flags"]}
    new = flags - {f["id"] for f in before["coding"]["red_flags"]}
    assert new
    old = {c["code"] for c in before["coding"]["codes"]}
    assert old < {c["code"] for c in after["coding"]["codes"]}
    assert rises(before["urgency"], after["urgency"])
    limits = record.services.casework.deadlines.of_case(owner, case)
    [danger] = [d for d in limits if d["danger"]]
    assert danger["may_end"]
    told = record.services.casework.notices.listed(owner)["items"]
    assert [n["subject_id"] for n in told if n["kind"] == "danger_reported"][:1] == [danger["id"]]
    last = record.services.integrity.trail(owner, case)["events"]
    [event] = [e for e in last if e["action"] == "story_added"]
    assert (event["by_name"], event["detail"]["flags"]) == (boss.name, sorted(new))


def test_without_danger_nobody_is_alarmed(record: Record, owner: Person, case: str) -> None:
    after = tell(record, owner, case, QUIET)
    assert after["coding"]["red_flags"] == []
    assert record.services.casework.deadlines.of_case(owner, case) == []


def test_nobody_of_the_story_is_doubled(record: Record, owner: Person, case: str) -> None:
    assert names(record, owner, case) == ["วารุณี", "สมร"]
    persons = record.services.people.persons
    found = persons.listed(owner, case)["persons"]
    mother = next(p for p in found if p["identity"]["given_name"] == "สมร")
    persons.change(owner, case, mother["id"], {"nicknames": ["หมอน"]}, mother["revision"])
    role = mother["roles"][0]["role"]
    persons.decide_part(owner, case, mother["id"], role, "removed")
    persons.add(owner, case, "other", identity=Identity(given_name="เดชา", family_name="แข็งกล้า"))
    tell(record, owner, case, CALL)
    after = persons.listed(owner, case)["persons"]
    assert sorted({p["identity"]["given_name"] for p in after} - {""}) == ["วารุณี", "สมร", "เดชา"]
    assert len(names(record, owner, case)) == 3
    again = next(p for p in after if p["identity"]["given_name"] == "สมร")
    assert (again["id"], again["identity"]["nicknames"]) == (mother["id"], ("หมอน",))
    assert role not in {r["role"] for r in again["roles"]}
    blamed = next(p for p in after if p["identity"]["given_name"] == "เดชา")
    assert {r["role"]: r["standing"] for r in blamed["roles"]}["other"] == "confirmed"
    tell(record, owner, case, QUIET)
    assert len(persons.listed(owner, case)["persons"]) == len(after)


def test_confirmed_facts_stand(record: Record, owner: Person, case: str) -> None:
    household = record.services.people.household
    facts = household.listed(owner, case)
    assert facts
    for fact in facts:
        household.decide(owner, case, fact["field"], "confirmed")
    tell(record, owner, case, CALL)
    after = {f["field"]: f for f in household.listed(owner, case)}
    assert {f["field"] for f in facts} <= after.keys()
    for fact in facts:
        now = after[fact["field"]]
        assert (now["value"], now["standing"]) == (fact["value"], "confirmed")


def test_of_two_who_add_at_once_one_is_told(record: Record, owner: Person, case: str) -> None:
    base = read(record, owner, case)["narrative"]["id"]
    boss = record.person("wichai.pmj")

    def add(who: Person, words: str) -> str:
        try:
            tell(record, who, case, words, base=base)
        except StoryChanged:
            return "changed"
        return words

    with ThreadPoolExecutor(2) as hands:
        done = list(hands.map(add, (owner, boss), (CALL, QUIET)))
    assert sorted(d == "changed" for d in done) == [False, True]
    story = read(record, owner, case)["narrative"]
    assert [story["text"][a["start"] : a["end"]] for a in story["additions"]] == [
        d for d in done if d != "changed"
    ]
    left = CALL if done[0] == "changed" else QUIET
    assert len(tell(record, boss, case, left)["narrative"]["additions"]) == 2


def test_sent_twice_under_one_key_it_is_added_once(
    record: Record, owner: Person, case: str
) -> None:
    base = read(record, owner, case)["narrative"]["id"]
    for _ in range(2):
        after = tell(record, owner, case, CALL, base=base, key="the-same-form")
    assert len(after["narrative"]["additions"]) == 1


@pytest.mark.parametrize(
    ("words", "refusal"),
    [(" \n", NarrativeEmpty), ("x" * 40, NarrativeNotThai), ("ก" * 99_990, NarrativeTooLong)],
)
def test_what_is_no_story_is_refused(
    record: Record, owner: Person, case: str, words: str, refusal: type[CmisError]
) -> None:
    with pytest.raises(refusal):
        tell(record, owner, case, words)
    assert read(record, owner, case)["narrative"]["additions"] == []


def test_drafts_before_say_so_and_an_approval_stands(record: Record, owner: Person) -> None:
    case = approved_case(record, owner)
    [version] = read(record, owner, case)["versions"]
    assert (version["approved"], version["told_since"]) == (True, False)
    after = tell(record, owner, case, CALL)
    assert [(v["approved"], v["told_since"]) for v in after["versions"]] == [(True, True)]
    record.services.drafting.request(owner, case, carry_from=version["id"])
    record.work()
    told = {v["number"]: v["told_since"] for v in read(record, owner, case)["versions"]}
    assert told == {1: True, 2: False}
    assert record.services.review.read(owner, version["id"])["intact"]


def test_the_clocks_of_a_danger_told_later_start_when_it_was_told(
    record: Record, owner: Person
) -> None:
    begun = now() - timedelta(days=40)
    case = record.services.files.open(owner, STORY, received_at=begun)
    told_at = now() - timedelta(minutes=10)
    after = tell(record, owner, case, CALL, told_at=told_at)
    run = record.services.drafting.request(owner, case)
    record.work()
    done = record.services.drafting.read(owner, run["id"])
    draft = Draft.model_validate(record.services.review.read(owner, done["version_id"])["content"])
    since = after["narrative"]["additions"][0]["start"]
    new = {f.id for f in draft.red_flags if min(s.start for s in f.spans) >= since}
    assert {r.due for r in draft.assessment.risks if r.id in new} == {told_at + timedelta(hours=1)}
    old = {c.code for c in draft.codes if c.spans and min(s.start for s in c.spans) < since}
    actions = [a for p in draft.plan.problems if p.code in old for g in p.goals for a in g.actions]
    assert min(a.due for a in actions if a.due) < told_at
    assert draft.flagged() == ()


def test_the_case_is_found_by_what_was_added_and_its_record_holds(
    record: Record, owner: Person, case: str
) -> None:
    tell(record, owner, case, CALL)
    found = record.services.caseload.listed(owner, 20, 0, words="บีบคอ")
    assert case in {row["id"] for row in found["items"]}
    line = record.services.casework.happenings.of_case(owner, case)
    assert [h["act"] for h in line if h["what"] == "told"] == ["more", None]
    with record.database.session(owner.actor) as session:
        assert verify_case(session, case) == []
    [vector] = record.owner(
        "SELECT vector_dims(embedding) FROM narratives WHERE case_id = :c"
        " ORDER BY created_at DESC LIMIT 1",
        c=case,
    )
    assert vector[0] > 0


@pytest.mark.parametrize("login", ["malee.bpd", "auditor", "admin"])
def test_only_the_cases_own_workers_add(
    record: Record, owner: Person, case: str, login: str
) -> None:
    base = read(record, owner, case)["narrative"]["id"]
    with pytest.raises((CaseUnseen, Forbidden)):
        record.services.more_told.add(record.person(login), case, CALL, base=base)


def test_who_is_erased_is_gone_from_what_was_added(
    record: Record, owner: Person, case: str
) -> None:
    tell(record, owner, case, CALL)
    before = read(record, owner, case)["narrative"]
    found = record.services.people.persons.listed(owner, case)["persons"]
    mother = next(p for p in found if p["identity"]["given_name"] == "สมร")
    boss = record.person("wichai.pmj")
    record.services.people.erase(boss, mother["id"])
    story = read(record, owner, case)["narrative"]
    assert "สมร" not in story["text"]
    assert [(a["start"], a["end"]) for a in story["additions"]] == [
        (a["start"], a["end"]) for a in before["additions"]
    ]
